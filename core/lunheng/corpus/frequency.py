"""List the most frequent n-grams of characters or words, parts of longer ones left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from lunheng.corpus.words import WordTable
from lunheng.errors import UsageError

if TYPE_CHECKING:
    from lunheng.index import NgramIndex

Ngram: TypeAlias = tuple[str, ...]
Listed: TypeAlias = Sequence[tuple[Ngram, int]]

SHARE = 0.9
"""An n-gram is part of a longer one if the longer has this share of its occurrences."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """An n-gram, its characters or words one by one, and how often it occurs."""

    ngram: Ngram
    count: int


def frequency_list(
    source: NgramIndex | WordTable,
    n_min: int = 2,
    n_max: int = 5,
    k: int = 100,
    *,
    maximal: bool = True,
) -> list[Frequency]:
    """Return the ``k`` most frequent n-grams, most frequent first.

    Args:
        source: an index, for n-grams of characters of all its documents; or a table, for n-grams
            of its adjoining words.
        n_min: characters or words at least, from 1.
        n_max: characters or words at most.
        k: how many n-grams.
        maximal: leave out an n-gram if nine tenths of its occurrences or more lie in one n-gram
            that is one character or word longer. Maximal repeats are those of Gusfield (1997),
            *Algorithms on Strings, Trees, and Sequences*, 7.12, where the share is all of them.

    Raises:
        lunheng.errors.UsageError: a length or ``k`` is out of range.
    """
    if not 1 <= n_min <= n_max or k < 1:
        raise UsageError(f"expected 1 <= n_min <= n_max and k >= 1, got {n_min}, {n_max}, {k}")
    if isinstance(source, WordTable):
        every = source.ngrams(n_min, n_max + maximal)
        return _best(every, n_max, k, 0, maximal)[0]
    return _asking(
        lambda size: _characters(source, n_min, n_max + maximal, size), n_max, k, maximal
    )


def _characters(index: NgramIndex, n_min: int, n_max: int, k: int) -> Listed:
    return [(tuple(ngram), count) for ngram, count in index.top(n_min, n_max, k)]


def _asking(ask: Callable[[int], Listed], n_max: int, k: int, maximal: bool) -> list[Frequency]:
    """Ask for more n-grams until ``k`` are left of which all longer ones are known."""
    size = 2 * k if maximal else k
    while True:
        found = ask(size)
        least = found[-1][1] if len(found) == size else 0
        kept, decided = _best(found, n_max, k, least, maximal)
        if decided or len(found) < size:
            return kept
        size *= 4


def _best(
    found: Listed, n_max: int, k: int, least: int, maximal: bool
) -> tuple[list[Frequency], bool]:
    """Return the first ``k`` that are no parts, and whether what was not listed can change them.

    ``least`` is what the last of a list that was cut off has; 0 if it is whole.
    """
    parts = _parts(found) if maximal else frozenset[Ngram]()
    kept: list[Frequency] = []
    for ngram, count in found:
        if least and maximal and count * SHARE <= least:
            return kept, False
        if len(ngram) <= n_max and ngram not in parts:
            kept.append(Frequency(ngram, count))
        if len(kept) == k:
            return kept, True
    return kept, not least


def _parts(found: Listed) -> frozenset[Ngram]:
    counts = dict(found)
    return frozenset(
        part
        for longer, count in found
        for part in (longer[:-1], longer[1:])
        if count >= SHARE * counts.get(part, count + count)
    )
