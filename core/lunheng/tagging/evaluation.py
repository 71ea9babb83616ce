"""Score a tagger: labels of given words, labelled words of raw text, names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were right, missed and spurious.

    >>> Tally(3, 1, 0).precision, Tally(3, 1, 0).recall
    (1.0, 0.75)
    """

    right: int = 0
    missed: int = 0
    spurious: int = 0

    @property
    def gold(self) -> int:
        """Return how many there are in gold."""
        return self.right + self.missed

    @property
    def found(self) -> int:
        """Return how many were found."""
        return self.right + self.spurious

    @property
    def precision(self) -> float:
        """Return the share of the found that is right; 0 when nothing was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Return the share of gold that was found; 0 when there is no gold."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        total = self.found + self.gold
        return 2 * self.right / total if total else 0.0


def score_spans(gold: Iterable[Sequence[Span]], found: Iterable[Sequence[Span]]) -> Tally:
    """Count exact matches, text by text.

    >>> score_spans([[(0, 2, "PER")]], [[(0, 2, "PER"), (3, 4, "ORG")]])
    Tally(right=1, missed=0, spurious=1)
    """
    right = missed = spurious = 0
    for wanted, given in zip(gold, found, strict=True):
        both = len(set(wanted) & set(given))
        right += both
        missed += len(wanted) - both
        spurious += len(given) - both
    return Tally(right, missed, spurious)


def by_type(gold: Sequence[Sequence[Span]], found: Sequence[Sequence[Span]]) -> dict[str, Tally]:
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
