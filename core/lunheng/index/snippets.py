"""Choose the stretch of a document that shows best why it was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch ``[start, end)`` of a document's text; ``marks`` are ranges in ``text``."""

    text: str
    start: int
    end: int
    marks: tuple[tuple[int, int], ...]


def snippet(text: str, folded: str, terms: Iterable[str], width: int) -> Snippet:
    """Return the ``width`` characters that hold the most different terms, then the most.

    Args:
        text: the document.
        folded: the same, folded; as long.
        terms: folded terms.
        width: characters at most.

    >>> snippet("开头很长，后面才说大模型", "开头很长，后面才说大模型", ["大模", "模型"], 5)
    Snippet(text='才说大模型', start=7, end=12, marks=((2, 5),))
    """
    places = sorted(
        (start, start + len(term), term) for term in set(terms) for start in _starts(folded, term)
    )
    best, first = (0, 0), 0
    for i, (start, _, _) in enumerate(places):
        within = [place for place in places[i : i + width] if place[1] <= start + width]
        score = (len({term for _, _, term in within}), len(within))
        if score > best:
            last = max(end for _, end, _ in within)
            best, first = score, start - (width - (last - start)) // 2
    begin = max(min(first, len(text) - width), 0)
    end = min(begin + width, len(text))
    inside = [(a - begin, b - begin) for a, b, _ in places if begin <= a and b <= end]
    return Snippet(text[begin:end], begin, end, _joined(inside))


def _starts(text: str, term: str) -> Iterable[int]:
    at = text.find(term)
    while at >= 0:
        yield at
        at = text.find(term, at + 1)


def _joined(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Join ranges that overlap or touch."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
