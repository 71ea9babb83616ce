"""Word hashes and the columns of characters, one value after the other: native.columns' twin."""

from __future__ import annotations

from collections.abc import Sequence

MULTIPLIER, ODD, MASK = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, (1 << 64) - 1
EDGE, ALONE, FIRST, INSIDE, LAST = range(1, 6)


def word_hash(points: Sequence[int]) -> int:
    """Return the hash of a word, never 0 or 1."""
    total = 0
    for place, point in enumerate(points):
        total = (total + (point + 1) * pow(MULTIPLIER, place, 1 << 64)) & MASK
    total ^= total >> 32
    return max((total * ODD & MASK) >> 32, 2)


def character_columns(
    points: Sequence[int], types: Sequence[int], words: Sequence[tuple[int, int]]
) -> list[list[int]]:
    """Return character, type, place, word, word before, word after and class of each character."""
    hashes = [EDGE, *(word_hash(points[start:end]) for start, end in words), EDGE]
    rows = []
    for number, (start, end) in enumerate(words, 1):
        for at in range(start, end):
            place = FIRST if at == start else LAST if at == end - 1 else INSIDE
            place = ALONE if end - start == 1 else place
            around = [hashes[number], hashes[number - 1], hashes[number + 1]]
            rows.append([points[at] + 2, types[at], place, *around, 0])
    return [list(column) for column in zip(*rows, strict=True)]
