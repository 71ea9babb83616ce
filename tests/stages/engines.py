"""An engine that misbehaves as its setting says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lunheng import hookimpl


@dataclass(frozen=True, slots=True)
class EnginesSettings:
    deed: str = ""


class Engines:
    """Does what is set to the second item."""

    def __init__(self, deed: str) -> None:
        self.deed = deed

    def map(self, function: Callable[[Any], Iterable[Any]], items: Iterable[Any]) -> Iterator[Any]:
        if self.deed == "at-once":
            raise OSError("no cluster")
        return self._outputs(function, items)

    def _outputs(
        self, function: Callable[[Any], Iterable[Any]], items: Iterable[Any]
    ) -> Iterator[Any]:
        for number, item in enumerate(items):
            if number == 1 and self.deed == "raise":
                raise OSError("the cluster is gone")
            if number == 1 and self.deed == "keep":
                continue
            if number == 1 and self.deed == "rubbish":
                yield 3
            for output in function(item):
                yield item, output


@hookimpl
def lunheng_settings() -> type[EnginesSettings]:
    return EnginesSettings


@hookimpl
def lunheng_engines(settings: EnginesSettings) -> Engines:
    return Engines(settings.deed)
