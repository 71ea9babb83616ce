"""Which words of a lexicon count as cues, in plain Python: the twin of native.cue_words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

DECIDES, LEADS, BLOCKS, STANDS_ALONE = 1, 2, 4, 8

Row = tuple[int, int, int]
Spans = Sequence[tuple[int, int]]


def counting(
    rows: Sequence[Row], kinds: Sequence[int], words: Spans | None, taken: Spans, names: Spans
) -> list[Row]:
    """Return the rows that count, by start."""
    return [
        row
        for row in chosen(fitting(rows, kinds, words), kinds)
        if not kinds[row[2]] & BLOCKS
        and not any(start < row[1] and row[0] < end for start, end in taken)
        and not begins_in_name(row[0], names)
    ]


def fitting(rows: Sequence[Row], kinds: Sequence[int], words: Spans | None) -> list[Row]:
    if words is None:
        return [row for row in rows if row[1] - row[0] > 1 or kinds[row[2]] & STANDS_ALONE]
    edges = {edge for span in words for edge in span}
    return [
        row
        for row in rows
        if (row[0] in edges) + (row[1] in edges) > (1 if row[1] - row[0] == 1 else 0)
    ]


def chosen(rows: Sequence[Row], kinds: Sequence[int]) -> list[Row]:
    found: list[Row] = []
    for row in sorted(rows, key=lambda row: (row[0], -row[1])):
        if found and row[0] < found[-1][1]:
            last = found[-1]
            decides = kinds[row[2]] & DECIDES and kinds[last[2]] & LEADS
            if row[1] <= last[1] or row[0] == last[0] or not decides:
                continue
            found.pop()
        found.append(row)
    return found


def begins_in_name(place: int, names: Spans) -> bool:
    before = bisect_right([start for start, _ in names], place) - 1
    return before >= 0 and place < names[before][1]
