"""Decide which neighbouring segments to merge, so that few remain and each text moves rarely."""

from __future__ import annotations

from collections.abc import Sequence

FANOUT = 8
SMALLEST = 1 << 12


def tier(characters: int) -> int:
    """Return the size class of a segment: each is ``FANOUT`` times as large as the one before."""
    level, limit = 0, SMALLEST
    while characters >= limit:
        level, limit = level + 1, limit * FANOUT
    return level


def run_to_merge(sizes: Sequence[int], largest: int) -> tuple[int, int] | None:
    """Return the half-open range of neighbours to merge next, ``None`` if all is in order.

    ``FANOUT`` segments of one tier are merged, small tiers first, with the smaller ones between
    them. Neighbours only, so that documents keep the order of their ids.

    Args:
        sizes: characters of each segment, in order.
        largest: what a merged segment may have at most.

    >>> run_to_merge([90_000, *[100] * 8], 1_000_000)
    (1, 9)
    >>> run_to_merge([90_000, *[100] * 7], 1_000_000) is None
    True
    """
    tiers = [tier(size) for size in sizes]
    for level in sorted(set(tiers)):
        start = 0
        while start < len(sizes):
            end, total, peers = start, 0, 0
            while end < len(sizes) and tiers[end] <= level and total + sizes[end] <= largest:
                total += sizes[end]
                peers += tiers[end] == level
                end += 1
            if peers >= FANOUT:
                return start, end
            start = max(end, start + 1)
    return None


def must_rewrite(documents: int, deleted: int) -> bool:
    """Say whether so many documents of a segment are deleted that it is written anew."""
    return deleted * 4 > documents
