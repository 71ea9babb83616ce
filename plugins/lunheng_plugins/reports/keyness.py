"""Finds the n-grams that tell one side's words from the rest.

Dunning (1993), "Accurate Methods for the Statistics of Surprise and Coincidence", for the order
of the terms; the binary log ratio of relative frequencies (Hardie 2014) for how strong they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lunheng.corpus.measures import SIGNIFICANT, frequency_log_likelihood, log_ratio
from lunheng.text import fold
from lunheng_plugins.reports.characters import code_points, which
from lunheng_plugins.reports.model import Term

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST = 3
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, so that multiplying mixes and loses nothing


@dataclass(frozen=True)
class WordGrams:
    """All word n-grams (n = 1 to 3) of some texts, one row an occurrence.

    ``codes`` numbers the different n-grams of folded words, ``totals`` counts each; ``starts`` and
    ``ends`` say where each occurrence stands in its text, and the rows of text ``i`` are
    ``begins[i]`` to ``begins[i + 1]``. N-grams neither cross punctuation nor begin or end in a
    function word.
    """

    texts: tuple[str, ...]
    codes: NDArray[np.int32]
    totals: NDArray[np.int64]
    begins: NDArray[np.int64]
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
        spans = [words(text).astype(np.int64) for text in texts]
        every = np.concatenate([np.empty((0, 2), np.int64), *spans])
        text_of = np.repeat(np.arange(len(texts)), [len(part) for part in spans])
        begins = np.concatenate([[0], np.cumsum([len(text) for text in texts])]).astype(np.int64)
        ids = _word_ids("".join(texts), every + begins[text_of, None], function_words)
        return cls._combine(texts, ids, text_of, every[:, 0], every[:, 1])

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
            heads = np.arange(max(len(ids) - n + 1, 0))
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
        head, tail = np.concatenate(first), np.concatenate(last)
        order = np.argsort(text_of[head], kind="stable")
        head, tail = head[order], tail[order]
        _, ranks, totals = np.unique(
            np.concatenate(codes)[order], return_inverse=True, return_counts=True
        )
        return cls(
            tuple(texts),
            ranks.astype(np.int32),
            totals.astype(np.int64),
            np.searchsorted(text_of[head], np.arange(len(texts) + 1)),
            starts[head].astype(np.int32),
            ends[tail].astype(np.int32),
        )

    def of_text(self, text: int) -> NDArray[np.intp]:
        """Return the rows of one text."""
        return np.arange(self.begins[text], self.begins[text + 1])

    def inside(self, text: int, spans: Iterable[tuple[int, int]]) -> NDArray[np.intp]:
        """Return the rows of the n-grams that lie within any of the spans of one text."""
        own = slice(self.begins[text], self.begins[text + 1])
        starts, ends = self.starts[own], self.ends[own]
        mask = np.zeros(len(starts), dtype=bool)
        for start, end in spans:
            mask |= (starts >= start) & (ends <= end)
        return self.of_text(text)[mask]

    def key_terms(
        self,
        side: NDArray[np.intp],
        rest: NDArray[np.intp] | None,
        limit: int,
        at_least: int = 3,
    ) -> tuple[Term, ...]:
        """Return the n-grams over-represented in rows ``side`` against rows ``rest``, surest first.

        Without ``rest`` the side is held against all other rows. Only n-grams with G² above 6.63
        (p < 0.01) and ``at_least`` occurrences; one that mostly occurs inside a longer or surer
        one is left out.
        """
        kinds, first, counts = np.unique(self.codes[side], return_index=True, return_counts=True)
        often = counts >= at_least
        kinds, rows, counts = kinds[often], side[first[often]], counts[often]
        if rest is None:
            others, size = self.totals[kinds] - counts, len(self.codes) - len(side)
        else:
            others, size = _count(self.codes[rest], kinds), len(rest)
        g2 = frequency_log_likelihood(counts, others, len(side), size)
        ratio = log_ratio(counts, others, len(side), size)
        keep = np.flatnonzero((g2 > SIGNIFICANT) & (ratio > 0))
        terms: list[Term] = []
        for k in keep[np.lexsort((rows[keep], -g2[keep]))].tolist():
            row = rows[k]
            place = int(np.searchsorted(self.begins, row, "right")) - 1
            text = self.texts[place][self.starts[row] : self.ends[row]]
            term = Term(text, int(counts[k]), int(others[k]), float(g2[k]), float(ratio[k]))
            if not any(_repeats(term, other) for other in terms):
                terms.append(term)
            if len(terms) == limit:
                break
        return tuple(terms)


def _word_ids(
    text: str, spans: NDArray[np.int64], function_words: Iterable[str]
) -> NDArray[np.int64]:
    """Return 0 for what is no word, a negative number for an idle one, else a positive one."""
    points = code_points(fold(text, case=True))
    lengths = spans[:, 1] - spans[:, 0]
    hashes = _hash(points, spans[:, 0], lengths)
    kinds, ids = np.unique(hashes, return_inverse=True)
    letters = np.concatenate([[0], np.cumsum(which(points, str.isalpha))])
    worded = letters[spans[:, 1]] > letters[spans[:, 0]]
    function = [code_points(fold(word, case=True)) for word in function_words]
    sizes = np.array([len(word) for word in function], dtype=np.int64)
    known = _hash(
        np.concatenate([np.empty(0, np.uint32), *function]), np.cumsum(sizes) - sizes, sizes
    )
    alone = np.zeros(len(spans), dtype=bool)
    single = np.flatnonzero(lengths == 1)
    alone[single] = points[spans[single, 0]] > 127
    idle = np.isin(kinds, known)[ids] | alone
    return np.where(worded, np.where(idle, -1, 1) * (ids + 1), 0)


def _hash(
    points: NDArray[np.uint32], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Return a 64-bit polynomial hash of each run of code points."""
    hashes = np.zeros(len(starts), dtype=np.uint64)
    rows = np.flatnonzero(lengths)
    for step in range(int(lengths.max(initial=0))):
        hashes[rows] = hashes[rows] * MULTIPLIER + points[starts[rows] + step] + np.uint64(1)
        rows = rows[lengths[rows] > step + 1]
    return hashes


def _count(codes: NDArray[np.int32], kinds: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return how often each of ``kinds`` (ascending) is among the codes."""
    ordered = np.sort(codes)
    return np.searchsorted(ordered, kinds, "right") - np.searchsorted(ordered, kinds, "left")


def _repeats(term: Term, other: Term) -> bool:
    """Tell whether ``term`` says little beyond the surer ``other``."""
    if term.text in other.text:
        return term.count <= other.count * 1.5
    return other.text in term.text
