"""What the finders propose, and the choice of the best proposals that do not overlap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Candidate(NamedTuple):
    """A proposed mention: half-open code points, type, value or name, and how sure it is.

    ``rank`` orders kinds of evidence: 0 the user's word, 1 marks around a title, 2 a known name,
    3 a grammar of amounts and dates, 4 a pattern of names, 5 a guess from context.
    """

    start: int
    end: int
    type: str
    value: Mapping[str, object] | None = None
    name: str = ""
    rank: int = 4
    score: float = 0.0


def choose(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return candidates that do not overlap, in ascending order.

    The user's names and titles in marks come first, guesses last; then the longer wins, of
    equals the better rank and score, then the earlier.
    """
    taken: list[Candidate] = []
    ranked = sorted(candidates, key=_worth)
    occupied = bytearray(max((candidate.end for candidate in ranked), default=0))
    for candidate in ranked:
        start, end = candidate.start, candidate.end
        if occupied.find(1, start, end) < 0:
            occupied[start:end] = b"\1" * (end - start)
            taken.append(candidate)
    taken.sort(key=lambda candidate: candidate.start)
    return taken


def _worth(candidate: Candidate) -> tuple[int, int, float, int]:
    length = candidate.end - candidate.start
    return (
        (candidate.rank > 1) + (candidate.rank > 4),
        -length,
        candidate.rank - candidate.score,
        candidate.start,
    )
