"""Pairs of neighbouring characters, by looking at every place: the twin of native.pairs."""

from __future__ import annotations

from collections.abc import Sequence


def find(pairs: Sequence[tuple[str, str]], text: str) -> list[int]:
    """Return where a first character stands before a second one; no second ones: before any."""
    return [
        place
        for place, char in enumerate(text)
        if any(
            char in first and (not second or text[place + 1 : place + 2] in tuple(second))
            for first, second in pairs
        )
    ]
