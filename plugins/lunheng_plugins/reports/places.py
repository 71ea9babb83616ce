"""Where cleaned characters stand in their source: lines, columns, and what cleaning changed."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lunheng_plugins.reports.characters import code_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lunheng.text import OffsetMap

LONGEST_CHANGE = 200


@dataclass(frozen=True, slots=True)
class LineTable:
    r"""Finds the line and column of an offset.

    >>> LineTable.of("甲\n乙丙").at(3)
    (2, 2)
    """

    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> LineTable:
        """Note where the lines of ``text`` begin; lines end at a line feed."""
        starts = [0]
        at = text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = text.find("\n", at + 1)
        return cls(tuple(starts))

    def at(self, offset: int) -> tuple[int, int]:
        """Return line and column of a code point, both counted from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


@dataclass(frozen=True, slots=True)
class Change:
    """``text[start:end]`` of the cleaned text stands for ``before`` in the source."""

    start: int
    end: int
    before: str


def changes(text: str, source: str, source_map: OffsetMap) -> tuple[Change, ...]:
    """Return every place where the cleaned text differs from its source, ascending.

    A deletion is an empty range. What a reader left out before the first and after the last
    character is no change; neither is a stretch of more than 200 characters that it skipped.
    """
    n = len(text)
    if n == 0 or text == source:
        return ()
    index = np.arange(n, dtype=np.int64)
    begins, ends = (
        np.asarray(a, dtype=np.int64) for a in source_map.to_source_many(index, index + 1)
    )
    reach = np.concatenate((begins[:1], np.maximum.accumulate(ends)[:-1]))
    same = (ends - begins == 1) & (
        code_points(source)[np.minimum(begins, len(source) - 1)] == code_points(text)
    )
    gap = begins > reach
    return _group(np.flatnonzero(~same | gap), same, gap, begins, ends, reach, source)


def _group(
    places: NDArray[np.int64],
    same: NDArray[np.bool_],
    gap: NDArray[np.bool_],
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    reach: NDArray[np.int64],
    source: str,
) -> tuple[Change, ...]:
    """Join neighbouring characters that changed together."""
    found: list[Change] = []
    covered = -1
    for place in places.tolist():
        if place < covered:
            continue
        end = place
        while end < len(same) and not same[end] and (end == place or not gap[end]):
            end += 1
        first = reach[place] if gap[place] else begins[place]
        last = ends[end - 1] if end > place else begins[place]
        if last - first <= LONGEST_CHANGE:
            found.append(Change(place, end, source[first:last]))
        covered = max(end, place + 1)
    return tuple(found)
