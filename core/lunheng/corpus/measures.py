"""Measures of association and of difference, over arrays of counts.

Contingency counts are named as Evert (2008), "Corpora and collocations", names them: ``together``
is how often two things occur together, ``first`` and ``second`` how often each does, ``total`` the
size of the sample.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Counts = NDArray[np.float64]

SIGNIFICANT = 6.63
"""The critical value of chi-squared with one degree of freedom at p < 0.01."""


def expected(first: ArrayLike, second: ArrayLike, total: ArrayLike) -> Counts:
    """Return how often two independent things would occur together.

    >>> float(expected(20, 50, 1000))
    1.0
    """
    return _floats(first) * _floats(second) / _floats(total)


def pmi(together: ArrayLike, first: ArrayLike, second: ArrayLike, total: ArrayLike) -> Counts:
    """Return pointwise mutual information in bits (Church and Hanks 1990).

    >>> float(pmi(8, 20, 50, 1000))
    3.0
    """
    return np.log2(_floats(together) / expected(first, second, total))


def t_score(together: ArrayLike, first: ArrayLike, second: ArrayLike, total: ArrayLike) -> Counts:
    """Return the t-score (Church, Gale, Hanks and Hindle 1991).

    >>> float(t_score(4, 20, 50, 1000))
    1.5
    """
    seen = _floats(together)
    return (seen - expected(first, second, total)) / np.sqrt(seen)


def log_dice(together: ArrayLike, first: ArrayLike, second: ArrayLike) -> Counts:
    """Return logDice, 14 at most and independent of the corpus's size (Rychlý 2008).

    >>> float(log_dice(8, 16, 16))
    13.0
    """
    return 14 + np.log2(2 * _floats(together) / (_floats(first) + _floats(second)))


def log_likelihood(
    together: ArrayLike, first: ArrayLike, second: ArrayLike, total: ArrayLike
) -> Counts:
    """Return G² of the two-by-two table (Dunning 1993).

    >>> round(float(log_likelihood(10, 20, 20, 40)), 9)
    0.0
    >>> round(float(log_likelihood(20, 20, 20, 40)), 4)  # 2 · 40 · ln 2
    55.4518
    """
    seen, one, other, size = map(_floats, (together, first, second, total))
    cells = (
        (seen, one * other / size),
        (one - seen, one * (size - other) / size),
        (other - seen, (size - one) * other / size),
        (size - one - other + seen, (size - one) * (size - other) / size),
    )
    return 2 * _floats(np.sum([_weighed(observed, wanted) for observed, wanted in cells], axis=0))


def frequency_log_likelihood(
    counts: ArrayLike, others: ArrayLike, size: float, other_size: float
) -> Counts:
    """Return G² of counts in two corpora of given sizes (Rayson and Garside 2000).

    >>> round(float(frequency_log_likelihood(20, 0, 100, 100)), 4)  # 2 · 20 · ln 2
    27.7259
    """
    here, there = _floats(counts), _floats(others)
    rate = (here + there) / max(size + other_size, 1)
    return 2 * (_weighed(here, size * rate) + _weighed(there, other_size * rate))


def log_ratio(counts: ArrayLike, others: ArrayLike, size: float, other_size: float) -> Counts:
    """Return the binary logarithm of the ratio of relative frequencies (Hardie 2014).

    Half an occurrence and one word of corpus are added to both sides, so that absence is finite.

    >>> float(log_ratio(15.5, 1.5, 99, 99))
    3.0
    """
    here = (_floats(counts) + 0.5) / (size + 1)
    return np.log2(here / ((_floats(others) + 0.5) / (other_size + 1)))


def entropy(counts: ArrayLike) -> float:
    """Return Shannon's entropy of counts in bits.

    >>> entropy([1, 1, 2])
    1.5
    """
    shares = _floats(counts) / np.sum(counts)
    return float(-np.sum(_weighed(shares, 1.0)) / np.log(2)) + 0.0


def _floats(values: ArrayLike) -> Counts:
    return np.asarray(values, np.float64)


def _weighed(observed: Counts, wanted: ArrayLike) -> Counts:
    """Return ``observed · ln(observed / wanted)``, 0 where nothing was observed."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(observed > 0, observed * np.log(observed / _floats(wanted)), 0.0)
