"""Sequences whose items are made when they are asked for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar, overload

Item = TypeVar("Item", covariant=True)


class LazySequence(Sequence[Item]):
    """A sequence that makes its items from arrays; a slice is a list of them."""

    __slots__ = ()

    @abstractmethod
    def item(self, number: int) -> Item:
        """Return the item of a number from 0 to below the length."""

    @overload
    def __getitem__(self, number: int) -> Item: ...
    @overload
    def __getitem__(self, number: slice) -> list[Item]: ...
    def __getitem__(self, number: int | slice) -> Item | list[Item]:
        """Return one item, or a list of a range; numbers below 0 count from the end.

        Raises:
            IndexError: there is no such item.
        """
        places = range(len(self))[number]
        return [*map(self.item, places)] if isinstance(places, range) else self.item(places)
