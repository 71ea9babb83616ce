"""What the finders propose, and the choice of the best proposals that do not overlap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
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
    found, taken = [*candidates], []
    ranked = [
        ((rank > 1) + (rank > 4), start - end, rank - score, start, number)
        for number, (start, end, _, _, _, rank, score) in enumerate(found)
    ]
    ranked.sort()
    occupied = bytearray(max((candidate.end for candidate in found), default=0))
    for _, length, _, start, number in ranked:
        end = start - length
        if occupied.find(1, start, end) < 0:
            occupied[start:end] = b"\1" * (end - start)
            taken.append(found[number])
    taken.sort(key=itemgetter(0))
    return taken
