"""Every occurrence of every phrase, by looking at every place: the twin of native.matching."""

from __future__ import annotations

from collections.abc import Sequence


def find(phrases: Sequence[str], text: str) -> list[tuple[int, int, int]]:
    """Return (start, end, phrase) by start, then by end; of equal phrases the first counts."""
    number: dict[str, int] = {}
    for position, phrase in enumerate(phrases):
        number.setdefault(phrase, position)
    lengths = sorted({len(phrase) for phrase in number})
    return [
        (start, start + length, number[text[start : start + length]])
        for start in range(len(text))
        for length in lengths
        if start + length <= len(text) and text[start : start + length] in number
    ]


def longest(phrases: Sequence[str], text: str) -> list[tuple[int, int, int]]:
    """Return those that count when none may overlap: the first place, there the longest."""
    found: list[tuple[int, int, int]] = []
    for row in sorted(find(phrases, text), key=lambda row: (row[0], -row[1])):
        if not found or row[0] >= found[-1][1]:
            found.append(row)
    return found
