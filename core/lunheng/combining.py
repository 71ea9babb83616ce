"""Add what a stage found to what stages of its kind found before it; the first word stands."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import accumulate
from typing import Protocol, TypeVar

from lunheng.documents import Quote, Stance


class Placed(Protocol):
    """A record with a place in the text."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


Record = TypeVar("Record", bound=Placed)


def beside(there: tuple[Record, ...], found: tuple[Record, ...]) -> tuple[Record, ...]:
    """Return both in order, without what was found where something is there already."""
    if not there:
        return found
    starts = [record.start for record in there]
    reach = list(accumulate((record.end for record in there), max))
    free = []
    for record in found:
        after = bisect_right(starts, record.start)
        taken = after > 0 and reach[after - 1] > record.start
        if not taken and not (after < len(starts) and starts[after] < record.end):
            free.append(record)
    return _in_order(there, tuple(free))


def new_quotes(there: tuple[Quote, ...], found: tuple[Quote, ...]) -> tuple[Quote, ...]:
    """Return both in order, without found quotes of the very words of one that is there."""
    known = {(quote.start, quote.end) for quote in there}
    return _in_order(there, tuple(q for q in found if (q.start, q.end) not in known))


def new_stances(there: tuple[Stance, ...], found: tuple[Stance, ...]) -> tuple[Stance, ...]:
    """Return both in order, without found stances that one with overlapping evidence has said.

    That one has the same holder and target; their polarities may differ.
    """
    known: dict[tuple[str, str], list[Stance]] = defaultdict(list)
    for stance in there:
        known[stance.holder, stance.target].append(stance)
    free = [
        stance
        for stance in found
        if not any(
            each.start < stance.end and stance.start < each.end
            for each in known[stance.holder, stance.target]
        )
    ]
    return _in_order(there, tuple(free))


def _in_order(there: tuple[Record, ...], free: tuple[Record, ...]) -> tuple[Record, ...]:
    """Return both by their starts; of equal starts what is there comes first."""
    return tuple(sorted((*there, *free), key=lambda record: record.start)) if there else free
