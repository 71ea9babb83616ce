"""Say why there is a word boundary, or none, before every unit of a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lunheng.native.boundaries import BoundaryScorer
from lunheng.tokenize.dictionary import UserDictionary
from lunheng.tokenize.words import UserWord

Reason = Literal["score", "space", "user word"]

_SPACE = 3


@dataclass(frozen=True, slots=True)
class Boundary:
    """One place between two units, and why it is a word boundary or not.

    Attributes:
        place: code points before it.
        cut: whether it is one.
        reason: a user's word, a space beside it, or the score of the likeliest words together.
        score: log odds of a boundary here by the features alone.
        features: the grams around it with what each adds to the score, the strongest first.
        word: the user's word that decided; of two that meet here, the one that begins.
    """

    place: int
    cut: bool
    reason: Reason
    score: float
    features: tuple[tuple[str, float], ...]
    word: UserWord | None = None


def explain_line(
    scorer: BoundaryScorer, scale: float, words: UserDictionary, line: str
) -> list[Boundary]:
    """Return every place between two units of a line of at most 4,096 characters."""
    columns, matches = scorer.scores(line)
    starts, ids, scores, _, forced, cut = columns.tolist()
    decisive: dict[int, UserWord] = {}
    for first, last, layer, number in matches.tolist():
        word = words.layers[layer][number]
        decisive |= dict.fromkeys(range(first, last), word)
        decisive.setdefault(last, word)
    edges = [*starts, len(line)]
    found = []
    for unit in range(1, len(starts)):
        features = _features(scorer, line, edges, ids, unit)
        reason: Reason = "score"
        if forced[unit]:
            reason = "user word"
        elif _SPACE in (ids[unit], ids[unit - 1]):
            reason = "space"
        found.append(
            Boundary(
                starts[unit],
                bool(cut[unit]),
                reason,
                scores[unit] * scale,
                tuple((gram, weight * scale) for gram, weight in features),
                decisive.get(unit),
            )
        )
    return found


def _features(
    scorer: BoundaryScorer, line: str, edges: list[int], ids: list[int], unit: int
) -> list[tuple[str, int]]:
    """Return the grams that speak for or against a boundary before ``unit``."""
    padded = [0, *ids, 0, 0, 0, 0]
    place = unit + 1
    features = []
    for first in range(max(0, place - 4), min(len(ids), place + 2) + 1):
        for order in (1, 2, 3, 4):
            row, longer = scorer.row(tuple(padded[first : first + order]))
            lane = place - first + (2 if order == 1 else 1)
            if any(padded[first : first + 2]) and 0 <= lane < 6 and row[lane]:
                start, end = max(first - 1, 0), min(first - 1 + order, len(ids))
                features.append((line[edges[start] : edges[end]], row[lane]))
            if order == 3 and not longer:
                break
    return sorted(features, key=lambda feature: -abs(feature[1]))
