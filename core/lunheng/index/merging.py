"""Decide which segments to merge, so that few remain and each text moves rarely."""

from __future__ import annotations

from collections.abc import Sequence

FANOUT = 4
SMALLEST = 1 << 13


def first_to_merge(sizes: Sequence[int], largest: int) -> int:
    """Return from which segment on all are to be merged; the last alone needs no merging.

    Each segment stays at least ``FANOUT`` times as large as all behind it together, or those
    behind are merged into it: n segments hold ``FANOUT ** n`` times the smallest, and a text is
    written anew a few times for each. What is smaller than ``SMALLEST`` counts as that.

    Args:
        sizes: characters of each segment, in order.
        largest: what a merged segment may have at most.

    >>> first_to_merge([900_000, 90_000, 30_000], 1_000_000)
    1
    >>> first_to_merge([900_000, 90_000, 9_000], 1_000_000)
    2
    """
    first, behind = len(sizes) - 1, sizes[-1] if sizes else 0
    for place in range(len(sizes) - 2, -1, -1):
        size = sizes[place]
        if behind + size > largest:
            break
        if size < FANOUT * max(behind, SMALLEST):
            first = place
        behind += size
    return max(first, 0)


def must_rewrite(documents: int, deleted: int) -> bool:
    """Say whether so many documents of a segment are deleted that it is written anew."""
    return deleted * 4 > documents
