"""Finds the n-grams that tell one side's words from the rest.

Dunning (1993), "Accurate Methods for the Statistics of Surprise and Coincidence", for the order
of the terms; the binary log ratio of relative frequencies (Hardie 2014) for how strong they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lunheng.text import fold
from lunheng_plugins.reports.model import Term

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST = 3
SIGNIFICANT = 6.63  # chi-squared, one degree of freedom, p < 0.01


@dataclass(frozen=True)
class WordGrams:
    """All word n-grams (n = 1 to 3) of some texts, one row an occurrence.

    ``codes`` numbers the ``kinds`` different n-grams of folded words; ``text_of`` (ascending),
    ``starts`` and ``ends`` say where each occurrence stands. N-grams
    neither cross punctuation nor begin or end in a function word.
    """

    texts: tuple[str, ...]
    codes: NDArray[np.int32]
    kinds: int
    text_of: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        words: Callable[[str], NDArray[np.int32]],
        function_words: Iterable[str],
    ) -> WordGrams:
        """Cut the texts with ``words``, which returns half-open code points of shape (n, 2)."""
        idle = frozenset(fold(word, case=True) for word in function_words)
        vocabulary: dict[str, int] = {}
        columns: list[tuple[NDArray[np.int64], ...]] = []
        for place, text in enumerate(texts):
            spans = words(text)
            folded = fold(text, case=True)
            ids = np.array(
                [_word_id(folded[s:e], idle, vocabulary) for s, e in spans.tolist()],
                dtype=np.int64,
            )
            columns.append((ids, np.full(len(ids), place), *spans.T.astype(np.int64)))
        if not columns:
            columns.append((np.empty(0, np.int64),) * 4)
        return cls._combine(texts, *(np.concatenate(c) for c in zip(*columns, strict=True)))

    @classmethod
    def _combine(
        cls,
        texts: Sequence[str],
        ids: NDArray[np.int64],
        text_of: NDArray[np.int64],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> WordGrams:
        """Make n-grams of neighbouring words; an id is 0 for marks, negative for idle words."""
        base = int(np.abs(ids).max(initial=0)) + 1
        codes, first, last = [], [], []
        for n in range(1, LONGEST + 1):
            if len(ids) < n:
                break
            heads = np.arange(len(ids) - n + 1)
            tails = heads + n - 1
            fits = (ids[heads] > 0) & (ids[tails] > 0) & (text_of[heads] == text_of[tails])
            code = np.zeros(len(heads), dtype=np.int64)
            for step in range(n):
                here = ids[heads + step]
                fits &= here != 0
                if step:
                    fits &= starts[heads + step] == ends[heads + step - 1]
                code = code * base + np.abs(here)
            fits &= ends[tails] - starts[heads] > 1
            codes.append(code[fits])
            first.append(heads[fits])
            last.append(tails[fits])
        head = np.concatenate(first) if first else np.empty(0, np.int64)
        tail = np.concatenate(last) if last else np.empty(0, np.int64)
        order = np.argsort(text_of[head], kind="stable")
        head, tail = head[order], tail[order]
        code = np.concatenate(codes)[order] if codes else np.empty(0, np.int64)
        kinds, ranks = np.unique(code, return_inverse=True)
        return cls(
            tuple(texts),
            ranks.astype(np.int32),
            len(kinds),
            text_of[head].astype(np.int32),
            starts[head].astype(np.int32),
            ends[tail].astype(np.int32),
        )

    def inside(self, text: int, spans: Iterable[tuple[int, int]]) -> NDArray[np.intp]:
        """Return the rows of the n-grams that lie within any of the spans of one text."""
        first, last = np.searchsorted(self.text_of, (text, text + 1))
        starts, ends = self.starts[first:last], self.ends[first:last]
        mask = np.zeros(last - first, dtype=bool)
        for start, end in spans:
            mask |= (starts >= start) & (ends <= end)
        rows: NDArray[np.intp] = np.flatnonzero(mask) + first
        return rows

    def key_terms(
        self, side: NDArray[np.bool_], rest: NDArray[np.bool_], limit: int, at_least: int = 3
    ) -> tuple[Term, ...]:
        """Return the n-grams over-represented in ``side`` against ``rest``, the surest first.

        Only those with G² above 6.63 (p < 0.01) and ``at_least`` occurrences; one that mostly
        occurs inside a longer or surer one is left out.
        """
        own = np.flatnonzero(side)
        count = np.bincount(self.codes[own], minlength=self.kinds)
        other = np.bincount(self.codes[rest], minlength=self.kinds)
        kinds = np.flatnonzero(count >= at_least)
        counts, others = count[kinds], other[kinds]
        g2, ratio = log_likelihood(counts, others, len(own), int(rest.sum()))
        first = np.full(self.kinds, -1, dtype=np.int64)
        first[self.codes[own[::-1]]] = own[::-1]
        rows = first[kinds]
        keep = np.flatnonzero((g2 > SIGNIFICANT) & (ratio > 0))
        order = keep[np.lexsort((rows[keep], -g2[keep]))]
        terms: list[Term] = []
        for k in order.tolist():
            row = rows[k]
            text = self.texts[self.text_of[row]][self.starts[row] : self.ends[row]]
            term = Term(text, int(counts[k]), int(others[k]), float(g2[k]), float(ratio[k]))
            if not any(_repeats(term, other) for other in terms):
                terms.append(term)
            if len(terms) == limit:
                break
        return tuple(terms)


def log_likelihood(
    counts: NDArray[np.int64], others: NDArray[np.int64], size: int, other_size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return G² and the binary log ratio of counts in two corpora of the given sizes."""
    a, b = counts.astype(np.float64), others.astype(np.float64)
    total = max(size + other_size, 1)
    expected_a, expected_b = size * (a + b) / total, other_size * (a + b) / total
    with np.errstate(divide="ignore", invalid="ignore"):
        g2 = 2 * (
            np.where(a > 0, a * np.log(a / expected_a), 0)
            + np.where(b > 0, b * np.log(b / expected_b), 0)
        )
    ratio = np.log2(((a + 0.5) / (size + 1)) / ((b + 0.5) / (other_size + 1)))
    return g2, ratio


def _word_id(word: str, idle: frozenset[str], vocabulary: dict[str, int]) -> int:
    """Return 0 for what is no word, a negative number for an idle one, else a positive one."""
    if not any(c.isalpha() for c in word):
        return 0
    number = vocabulary.setdefault(word, len(vocabulary) + 1)
    return -number if word in idle or (len(word) == 1 and not word.isascii()) else number


def _repeats(term: Term, other: Term) -> bool:
    """Tell whether ``term`` says little beyond the surer ``other``."""
    if term.text in other.text:
        return term.count <= other.count * 1.5
    return other.text in term.text
