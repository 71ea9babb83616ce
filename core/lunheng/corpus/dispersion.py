"""Measure how evenly a phrase is spread over documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lunheng.corpus.matching import Matches
from lunheng.errors import UsageError

if TYPE_CHECKING:
    from lunheng.index import NgramIndex


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How a phrase is spread over documents, which are parts of sizes in characters.

    Attributes:
        occurrences: how often it occurs.
        range: how many documents have it.
        documents: how many there are.
        dp: deviation of proportions, 0 if as even as can be, near 1 if in one document
            (Gries 2008).
        dp_norm: the same, 1 at most (Lijffijt and Gries 2012).
        juilland_d: 1 if as even as can be, 0 at least (Juilland and Chang-Rodríguez 1964, over
            frequencies relative to sizes).
    """

    occurrences: int
    range: int
    documents: int
    dp: float
    dp_norm: float
    juilland_d: float


def dispersion(
    index: NgramIndex, found: Matches, ids: NDArray[np.int64] | None = None
) -> Dispersion:
    """Return how evenly the places of a query are spread.

    Args:
        index: where the documents are; empty ones are left out.
        found: what a query found there.
        ids: which documents count; ``None`` for all.

    Raises:
        lunheng.errors.UsageError: fewer than two documents have text.
    """
    every, sizes = index.ids(), index.lengths()
    counted = (sizes > 0) if ids is None else (sizes > 0) & np.isin(every, ids)
    every, sizes = every[counted], sizes[counted]
    if len(every) < 2:
        raise UsageError(f"dispersion needs two documents with text at least, found {len(every)}")
    inside = found.ids[np.isin(found.ids, every)]
    counts = np.bincount(np.searchsorted(every, inside), minlength=len(every))
    return of_counts(counts, sizes)


def of_counts(counts: NDArray[np.int64], sizes: NDArray[np.int64]) -> Dispersion:
    """Return the dispersion of counts over parts of positive sizes.

    >>> of_counts(np.array([3, 1]), np.array([50, 50]))
    Dispersion(occurrences=4, range=2, documents=2, dp=0.25, dp_norm=0.5, juilland_d=0.5)
    """
    total = int(counts.sum())
    if not total:
        return Dispersion(0, 0, len(counts), np.nan, np.nan, np.nan)
    expected = sizes / sizes.sum()
    dp = float(np.abs(counts / total - expected).sum() / 2)
    rates = counts / sizes
    variation = rates.std() / rates.mean()
    return Dispersion(
        total,
        int(np.count_nonzero(counts)),
        len(counts),
        dp,
        float(dp / (1 - expected.min())),
        float(max(1 - variation / np.sqrt(len(counts) - 1), 0)),
    )
