"""BM25 over the bigrams of folded texts, straight from its formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log


def scores(
    texts: Mapping[int, str],
    terms: Sequence[str],
    count: Callable[[str, str], int],
    k1: float = 1.2,
    b: float = 0.75,
) -> list[tuple[int, float]]:
    """Return (id, score) of the documents that have a term, best first, then by id.

    ``count(text, term)`` says how often a term occurs in a text.
    """
    n = len(texts)
    average = max(sum(map(len, texts.values())) / n, 1.0)
    found: dict[int, float] = {}
    for term in terms:
        frequency = {key: count(text, term) for key, text in texts.items()}
        df = sum(tf > 0 for tf in frequency.values())
        idf = log(1 + (n - df + 0.5) / (df + 0.5))
        for key, tf in frequency.items():
            if tf:
                norm = k1 * (1 - b + b * len(texts[key]) / average)
                found[key] = found.get(key, 0.0) + idf * tf * (k1 + 1) / (tf + norm)
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))
