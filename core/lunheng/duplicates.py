"""Near-duplicate texts: MinHash over character shingles, verified by their true overlap.

Broder (1997) gives the estimate, locality-sensitive bands (Leskovec et al., *Mining of Massive
Datasets*, ch. 3) the candidates; a pair counts only if its shingle sets overlap enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from lunheng.text import fold

SHINGLE = 7
BANDS, ROWS = 32, 3
OVERLAP = 0.6
SHORTEST = 30

Hashes = NDArray[np.uint64]


def shingles(text: str) -> Hashes:
    """Return the sorted distinct hashes of a text's character 7-grams.

    Script, width, case and everything but letters, digits and Han characters are disregarded.
    """
    kept = "".join(character for character in fold(text).casefold() if character.isalnum())
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
    """Return the MinHash signature of a non-empty set of shingles, ``BANDS * ROWS`` values."""
    seeds = _mixed(np.arange(1, BANDS * ROWS + 1, dtype=np.uint64))
    return np.array([_mixed(grams ^ seed).min() for seed in seeds], dtype=np.uint64)


def overlap(one: Hashes, other: Hashes) -> float:
    """Return the Jaccard similarity of two sets of shingles."""
    common = np.intersect1d(one, other, assume_unique=True).size
    return common / (one.size + other.size - common)


def near_duplicates(texts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return, for every text that has near-duplicates, the id of the one that stands for all.

    ``texts`` are (id, text). The longest text of a cluster stands for it; of equals the first.
    Texts shorter than 36 letters have no near-duplicates.
    """
    grams: dict[str, Hashes] = {}
    buckets: dict[tuple[int, bytes], list[str]] = defaultdict(list)
    for identity, text in texts:
        found = shingles(text)
        if found.size >= SHORTEST:
            grams[identity] = found
            bands = signature(found).reshape(BANDS, ROWS)
            for number, band in enumerate(bands):
                buckets[number, band.tobytes()].append(identity)
    parent = {identity: identity for identity in grams}
    compared: set[tuple[str, str]] = set()
    for members in buckets.values():
        first = members[0]
        for member in members[1:]:
            one, other = _root(parent, first), _root(parent, member)
            if one == other or (first, member) in compared:
                continue
            compared.add((first, member))
            if overlap(grams[first], grams[member]) >= OVERLAP:
                parent[other] = one
    return _representatives(parent, grams)


def _root(parent: dict[str, str], identity: str) -> str:
    while parent[identity] != identity:
        identity = parent[identity]
    return identity


def _representatives(parent: dict[str, str], grams: dict[str, Hashes]) -> dict[str, str]:
    clusters: dict[str, list[str]] = defaultdict(list)
    for identity in grams:
        clusters[_root(parent, identity)].append(identity)
    return {
        member: max(members, key=lambda identity: grams[identity].size)
        for members in clusters.values()
        if len(members) > 1
        for member in members
    }
