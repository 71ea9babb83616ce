"""An extractor of names that misbehaves as the text tells it to: TROUBLE-raise, TROUBLE-crash."""

from __future__ import annotations

import ctypes
import os
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

from lunheng import hookimpl
from lunheng.documents import Document, Mention


def crash() -> None:
    """Read the memory at address 0."""
    ctypes.string_at(0)


def spin() -> None:
    """Never come back."""
    while True:
        time.sleep(0.01)


def hoard() -> list[bytearray]:
    """Take memory without end."""
    held = []
    while True:
        held.append(bytearray(1 << 24))


def mention(start: Any, end: Any, name: Any = "x") -> Callable[[], Sequence[Mention]]:
    """Return a function that returns one mention."""
    return lambda: [Mention(start, end, "x", "ORG", name)]


DEEDS: dict[str, Callable[[], Any]] = {
    "raise": lambda: 1 / 0,
    "leave": lambda: os._exit(7),
    "exit": lambda: exit(3),
    "crash": crash,
    "spin": spin,
    "hoard": hoard,
    "recurse": lambda: DEEDS["recurse"](),
    "none": lambda: None,
    "many": lambda: [Mention(0, 0, "", "ORG", "")] * 10_000_000,
    "endless": lambda: iter(int, 1),
    "beyond": mention(0, 10**6),
    "backwards": mention(3, 1),
    "float": mention(0.0, 1),
    "flood": mention(0, 1, "x" * 10**7),
    "surrogate": mention(0, 1, "\ud800"),
}


class Trouble:
    """Does what the text says."""

    def mentions(self, document: Document) -> Any:
        deed = re.search("TROUBLE-([a-z]+)", document.text)
        return DEEDS[deed[1]]() if deed else []


@hookimpl
def lunheng_entities(settings: None) -> Trouble:
    return Trouble()
