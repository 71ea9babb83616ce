"""Near-duplicate texts: MinHash over character shingles, verified by their true overlap.

Broder (1997) gives the estimate, one permutation with rotation (Shrivastava & Li, 2014) its
signature at the price of a sort, locality-sensitive bands (Leskovec et al., *Mining of Massive
Datasets*, ch. 3) the candidates; a pair counts only if its shingle sets overlap enough.

A text's bands are found when it is analysed and stored with it, so that a study of any size is
compared by 256 bytes a document; only candidates are read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from lunheng.text import fold

SHINGLE = 7
BANDS, ROWS = 32, 3
OVERLAP = 0.6
SHORTEST = 30

Hashes = NDArray[np.uint64]

_NOT_LETTERS = re.compile(r"[\W_]+")
_BINS = np.arange(BANDS * ROWS + 1, dtype=np.float64) * (2.0**64 / (BANDS * ROWS))
_EDGES = _BINS[:-1].astype(np.uint64)


def shingles(text: str) -> Hashes:
    """Return the sorted distinct hashes of a text's character 7-grams.

    Script, width, case and everything but letters, digits and Han characters are disregarded.
    """
    kept = _NOT_LETTERS.sub("", fold(text).casefold())
    codes = np.frombuffer(kept.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    if codes.size < SHINGLE:
        return np.empty(0, np.uint64)
    grams = np.zeros(codes.size - SHINGLE + 1, np.uint64)
    for place in range(SHINGLE):
        grams = grams * np.uint64(1_000_003) + codes[place : place + grams.size]
    return np.unique(_mixed(grams))


def _mixed(values: Hashes) -> Hashes:
    """Spread the bits of hashes (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def signature(grams: Hashes) -> Hashes:
    """Return the MinHash signature of a non-empty set of shingles, ``BANDS * ROWS`` values.

    The range of hashes is cut into as many bins, and the smallest hash of each is taken; an empty
    bin borrows from the next one that is not, marked by how far that is.
    """
    first = np.searchsorted(grams, _EDGES)
    last = np.append(first[1:], grams.size)
    filled = np.flatnonzero(first < last)
    lender = filled[np.searchsorted(filled, np.arange(first.size)) % filled.size]
    steps = (lender - np.arange(first.size)) % first.size
    return _mixed(grams[first[lender]] + steps.astype(np.uint64))


def bands(text: str) -> bytes:
    """Return the bands of a text, one hash of 8 bytes each; none for a text under 36 letters.

    Two texts that share a band may be near-duplicates.
    """
    grams = shingles(text)
    if grams.size < SHORTEST:
        return b""
    rows = signature(grams).reshape(BANDS, ROWS)
    keys = np.arange(BANDS, dtype=np.uint64)
    for row in rows.T:
        keys = _mixed(keys * np.uint64(1_000_003) + row)
    return keys.astype("<u8").tobytes()


def overlap(one: Hashes, other: Hashes) -> float:
    """Return the Jaccard similarity of two sets of shingles."""
    common = np.intersect1d(one, other, assume_unique=True).size
    return common / (one.size + other.size - common)


def near_duplicates(
    documents: Iterable[tuple[str, bytes]], text: Callable[[str], str]
) -> dict[str, str]:
    """Return, for every document that has near-duplicates, the id of the one that stands for all.

    ``documents`` are (id, bands), ``text`` gives the text of an id. The longest text of a cluster
    stands for it; of equals the first.
    """
    known = [(identity, keys) for identity, keys in documents if keys]
    clusters = _Clusters([identity for identity, _ in known], text)
    keys = np.frombuffer(b"".join(found for _, found in known), "<u8").reshape(-1, BANDS)
    for band in keys.T:
        for first, others in _alike(band):
            for other in others:
                clusters.compare(first, other)
    return clusters.representatives()


def _alike(band: NDArray[np.uint64]) -> Iterator[tuple[int, list[int]]]:
    """Yield the first of the documents that have the same key, and the others, in their order."""
    order = np.argsort(band, kind="stable")
    ends = np.flatnonzero(np.diff(band[order])) + 1
    for group in np.split(order, ends):
        if group.size > 1:
            yield int(group[0]), group[1:].tolist()


class _Clusters:
    """Documents, by number, that are joined where they overlap enough."""

    def __init__(self, identities: list[str], text: Callable[[str], str]) -> None:
        self.identities = identities
        self.text = text
        self.parent = list(range(len(identities)))
        self.compared: set[tuple[int, int]] = set()
        self.joined: set[int] = set()
        self.held: tuple[int, Hashes] = (-1, np.empty(0, np.uint64))

    def compare(self, first: int, other: int) -> None:
        """Join two documents, of which the first is asked for again and again, if they overlap."""
        one, two = self._root(first), self._root(other)
        if one == two or (first, other) in self.compared:
            return
        self.compared.add((first, other))
        if self.held[0] != first:
            self.held = (first, self._shingles(first))
        if overlap(self.held[1], self._shingles(other)) >= OVERLAP:
            self.parent[max(one, two)] = min(one, two)
            self.joined.update((first, other))

    def representatives(self) -> dict[str, str]:
        """Return the id that stands for its cluster for every document that was joined."""
        members: dict[int, list[int]] = {}
        for number in sorted(self.joined):
            members.setdefault(self._root(number), []).append(number)
        stands = {
            root: max(numbers, key=lambda number: self._shingles(number).size)
            for root, numbers in members.items()
        }
        return {
            self.identities[number]: self.identities[stands[root]]
            for root, numbers in members.items()
            for number in numbers
        }

    def _shingles(self, number: int) -> Hashes:
        return shingles(self.text(self.identities[number]))

    def _root(self, number: int) -> int:
        while self.parent[number] != number:
            self.parent[number] = self.parent[self.parent[number]]
            number = self.parent[number]
        return number
