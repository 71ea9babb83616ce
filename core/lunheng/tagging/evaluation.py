"""Score a tagger: labels of given words, labelled words of raw text, names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class SpanScores:
    """How many spans were found, are right, and are there; all exact in place and type."""

    right: int
    found: int
    gold: int

    @property
    def precision(self) -> float:
        """Return the share of the found that is right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Return the share of the gold that was found."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both.

        >>> SpanScores(1, 2, 2).f1
        0.5
        """
        return 2 * self.right / (self.found + self.gold) if self.found + self.gold else 0.0


def score_spans(gold: Iterable[Sequence[Span]], found: Iterable[Sequence[Span]]) -> SpanScores:
    """Count exact matches, text by text.

    >>> score_spans([[(0, 2, "PER")]], [[(0, 2, "PER"), (3, 4, "ORG")]])
    SpanScores(right=1, found=2, gold=1)
    """
    total: Counter[str] = Counter()
    for wanted, given in zip(gold, found, strict=True):
        total["right"] += len(set(wanted) & set(given))
        total["found"] += len(given)
        total["gold"] += len(wanted)
    return SpanScores(total["right"], total["found"], total["gold"])


def by_type(
    gold: Sequence[Sequence[Span]], found: Sequence[Sequence[Span]]
) -> dict[str, SpanScores]:
    """Return the scores of every type, in order of their names."""
    types = sorted({span[2] for spans in (*gold, *found) for span in spans})

    def only(texts: Sequence[Sequence[Span]], type_: str) -> list[list[Span]]:
        return [[span for span in spans if span[2] == type_] for spans in texts]

    return {type_: score_spans(only(gold, type_), only(found, type_)) for type_ in types}


def paired_bootstrap(
    gold: Sequence[Sequence[Span]],
    one: Sequence[Sequence[Span]],
    other: Sequence[Sequence[Span]],
    samples: int = 1000,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Return the differences of F1, ``one`` less ``other``, over resampled texts (Koehn, 2004)."""
    counts = np.array(
        [
            [*_counts(wanted, first), *_counts(wanted, second)]
            for wanted, first, second in zip(gold, one, other, strict=True)
        ],
        np.float64,
    )
    random = np.random.default_rng(seed)
    totals = np.stack(
        [counts[random.integers(len(counts), size=len(counts))].sum(axis=0) for _ in range(samples)]
    )
    f1 = 2 * totals[:, [0, 2]] / np.maximum(totals[:, [1, 3]], 1)
    difference: NDArray[np.float64] = f1[:, 0] - f1[:, 1]
    return difference


def _counts(wanted: Sequence[Span], given: Sequence[Span]) -> tuple[int, int]:
    return len(set(wanted) & set(given)), len(wanted) + len(given)
