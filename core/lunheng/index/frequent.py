"""Find the most frequent n-grams of an index, exactly, in memory that the answer bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lunheng.index.segment import Segment
from lunheng.native.frequent import Extension

STRETCH = 1 << 20

NO_KEYS, NO_COUNTS = np.empty(0, np.uint64), np.empty(0, np.int64)

Keys = NDArray[np.uint64]
Numbers = NDArray[np.uint32]


class Level(NamedTuple):
    """Frequent n-grams of one length: keys as :class:`Extension` has them, and their counts."""

    keys: Keys
    counts: NDArray[np.int64]


class Folded(NamedTuple):
    """One segment, and the number of the folded character of each of its codes (0: none)."""

    segment: Segment
    numbers: Numbers


def top(
    segments: Sequence[Segment],
    folding: NDArray[np.uint32],
    n_min: int,
    n_max: int,
    k: int,
    letters: bool,
) -> list[tuple[str, int]]:
    """Return the ``k`` most frequent n-grams of folded text, ties in code-point order.

    An n-gram that occurs t times has prefixes that occur as often, so only those that reach a
    threshold t are extended; t is lowered until there are k n-grams.
    """
    characters, folded = _number(segments, folding, letters)
    pairs = _pairs(folded, characters, folding)
    singles = _singles(folded, len(characters)) if n_min == 1 else Level(NO_KEYS, NO_COUNTS)
    least = _first_threshold(pairs, n_min, k)
    while True:
        levels = _levels(folded, singles, pairs, n_max, least)
        found = [
            (text, count)
            for n in range(n_min, n_max + 1)
            for text, count in _spell(levels, n, characters)
        ]
        if len(found) >= k or least == 1:
            return sorted(found, key=lambda item: (-item[1], item[0]))[:k]
        least = max(least // 4, 1)


def _number(
    segments: Sequence[Segment], folding: NDArray[np.uint32], letters: bool
) -> tuple[NDArray[np.uint32], list[Folded]]:
    """Give the folded characters of all segments numbers from 1."""
    alphabets = [folding[segment.alphabet()] for segment in segments]
    every = np.unique(np.concatenate([np.empty(0, np.uint32), *(a[1:] for a in alphabets)]))
    if letters:
        every = every[[chr(point).isalnum() for point in every.tolist()]]
    folded = []
    for segment, alphabet in zip(segments, alphabets, strict=True):
        place = np.searchsorted(every, alphabet)
        known = place < len(every)
        known[known] = every[place[known]] == alphabet[known]
        known[0] = False
        folded.append(Folded(segment, np.where(known, place + 1, 0).astype(np.uint32)))
    return every, folded


def _singles(folded: Sequence[Folded], n: int) -> Level:
    counts = np.zeros(n + 1, np.int64)
    for segment, numbers in folded:
        for _, codes in segment.codes(STRETCH, 0):
            counts += np.bincount(numbers[codes], minlength=n + 1)
    return Level(np.arange(1, n + 1, dtype=np.uint64), counts[1:])


def _pairs(
    folded: Sequence[Folded], characters: NDArray[np.uint32], folding: NDArray[np.uint32]
) -> Level:
    levels = [
        _scanned_pairs(one)
        if one.segment.entry.deleted
        else _listed_pairs(one, characters, folding)
        for one in folded
    ]
    keys = np.concatenate([np.empty(0, np.uint64), *(level.keys for level in levels)])
    counts = np.concatenate([np.empty(0, np.int64), *(level.counts for level in levels)])
    distinct, place = np.unique(keys, return_inverse=True)
    return Level(distinct, np.bincount(place, counts, len(distinct)).astype(np.int64))


def _listed_pairs(
    one: Folded, characters: NDArray[np.uint32], folding: NDArray[np.uint32]
) -> Level:
    """Take the pairs of a segment from its dictionary."""
    points, first, second, counts = one.segment.pairs()
    place = np.searchsorted(characters, folding[points])
    known = place < len(characters)
    known[known] = characters[place[known]] == folding[points][known]
    known[0] = False
    both = known[first] & known[second]
    numbers = (place + 1).astype(np.uint64)
    keys = (numbers[first[both]] << np.uint64(32)) | numbers[second[both]]
    return Level(keys, counts[both].astype(np.int64))


def _scanned_pairs(one: Folded) -> Level:
    """Count the pairs of a segment in its text, where the dictionary counts the deleted too."""
    extension = Extension([])
    for starts, codes in one.segment.codes(STRETCH, 1):
        extension.scan(codes, one.numbers, starts)
    keys, counts = extension.frequent(1)
    return Level(keys, counts.astype(np.int64))


def _first_threshold(pairs: Level, n_min: int, k: int) -> int:
    """Return what the k-th pair has: a lower bound if pairs are asked for, else a guess."""
    if len(pairs.counts) < k:
        return 1
    kth = int(np.partition(pairs.counts, -k)[-k])
    return max(kth >> max(n_min - 2, 0), 1)


def _levels(
    folded: Sequence[Folded], singles: Level, pairs: Level, n_max: int, least: int
) -> list[Level]:
    levels = []
    for level in (singles, pairs)[:n_max]:
        frequent = level.counts >= least
        levels.append(Level(level.keys[frequent], level.counts[frequent]))
    for n in range(3, n_max + 1):
        extension = Extension([level.keys for level in levels[1:]])
        for segment, numbers in folded:
            for starts, codes in segment.codes(STRETCH, n - 1):
                extension.scan(codes, numbers, starts)
        keys, counts = extension.frequent(least)
        levels.append(Level(keys, counts.astype(np.int64)))
    return levels


def _spell(
    levels: Sequence[Level], n: int, characters: NDArray[np.uint32]
) -> list[tuple[str, int]]:
    """Return the n-grams of one length as text, with their counts."""
    keys, counts = levels[n - 1]
    if n == 1:
        spelt = characters[keys.astype(np.int64) - 1][:, None]
    else:
        columns = []
        for level in range(n - 1, 0, -1):
            columns.append(characters[(keys & np.uint64(0xFFFFFFFF)).astype(np.int64) - 1])
            prefix = (keys >> np.uint64(32)).astype(np.int64) - 1
            keys = levels[level - 1].keys[prefix] if level > 1 else prefix.astype(np.uint64)
        columns.append(characters[keys.astype(np.int64)])
        spelt = np.stack(columns[::-1], axis=1)
    return [
        ("".join(map(chr, row)), count)
        for row, count in zip(spelt.tolist(), counts.tolist(), strict=True)
    ]
