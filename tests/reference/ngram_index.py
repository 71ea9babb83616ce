"""What an n-gram index must answer, said as plainly as possible: try every place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence


def accepts(
    asked: str, written: str, table: Mapping[str, str], apart: frozenset[str], variants: bool
) -> bool:
    """Say whether a character of a phrase matches a character of a text."""
    if table.get(asked, asked) != table.get(written, written):
        return False
    return variants or asked == written or not (asked in apart and written in apart)


def occurrences(
    texts: Sequence[str],
    phrase: str,
    table: Mapping[str, str],
    apart: frozenset[str],
    variants: bool = False,
) -> Iterator[tuple[int, int]]:
    """Yield (number of text, offset) of every occurrence, in order."""
    for number, text in enumerate(texts):
        for start in range(len(text) - len(phrase) + 1):
            if all(
                accepts(asked, text[start + i], table, apart, variants)
                for i, asked in enumerate(phrase)
            ):
                yield number, start


def top(texts: Sequence[str], n_min: int, n_max: int, k: int) -> list[tuple[str, int]]:
    """Return the k most frequent n-grams of folded texts, ties in code-point order."""
    counts = Counter(
        text[start : start + n]
        for text in texts
        for n in range(n_min, n_max + 1)
        for start in range(len(text) - n + 1)
    )
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:k]
