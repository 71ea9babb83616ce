"""Every n-gram of every text, counted one by one: the twin of native.ngram_counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def counts(
    texts: Sequence[Sequence[int]], n_min: int, n_max: int
) -> list[Counter[tuple[int, ...]]]:
    """Return for each text how often each n-gram occurs that has no symbol 0."""
    return [
        Counter(
            tuple(text[start : start + n])
            for n in range(n_min, n_max + 1)
            for start in range(len(text) - n + 1)
            if 0 not in text[start : start + n]
        )
        for text in texts
    ]
