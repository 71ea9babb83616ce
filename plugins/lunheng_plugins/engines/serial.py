"""An engine without workers: everything runs in this process, for debugging and embedding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from lunheng import hookimpl

In = TypeVar("In")
Out = TypeVar("Out")


class SerialEngine:
    """Runs item after item; a plugin that hangs or crashes takes the run with it."""

    def map(
        self, function: Callable[[In], Iterable[Out]], items: Iterable[In]
    ) -> Iterator[tuple[In, Out]]:
        """Yield each item with each thing that the function yields for it."""
        for item in items:
            for out in function(item):
                yield item, out


@hookimpl
def lunheng_engines(settings: None) -> SerialEngine:
    """Make the engine."""
    return SerialEngine()
