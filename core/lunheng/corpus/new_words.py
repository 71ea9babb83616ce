"""Discover words that a tokenizer does not know, by cohesion and by freedom of their contexts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from math import inf, log2
from typing import TYPE_CHECKING

import numpy as np

from lunheng.corpus.function_words import function_words
from lunheng.corpus.measures import entropy
from lunheng.text import fold

if TYPE_CHECKING:
    from lunheng.corpus.words import Tokenize
    from lunheng.index import NgramIndex

CANDIDATES = 20_000
SAMPLE = 400


@dataclass(frozen=True, slots=True)
class NewWord:
    """An n-gram that behaves as a word.

    Attributes:
        word: its characters, folded.
        count: how often it occurs.
        cohesion: bits of pointwise mutual information of its loosest split.
        freedom: bits of branching entropy of its poorer side.
    """

    word: str
    count: int
    cohesion: float
    freedom: float


def new_words(
    index: NgramIndex,
    tokenizer: Tokenize,
    *,
    n_max: int = 6,
    least: int = 5,
    cohesion: float = 6.0,
    freedom: float = 1.5,
    k: int = 100,
    progress: Callable[[float], object] = lambda share: None,
) -> list[NewWord]:
    """Return the ``k`` most frequent n-grams that behave as words and are cut by the tokenizer.

    A word's parts occur together far more often than apart (Sproat and Shih 1990) at every split,
    and what stands before and after it varies (branching entropy, Jin and Tanaka-Ishii 2006). The
    20,000 most frequent n-grams are looked at; contexts of each are taken from 400 occurrences at
    most, evenly spread. Left out is what has a digit, and what begins or ends with a function
    word.

    Args:
        index: where the texts are.
        tokenizer: a function that cuts a text into tokens; what it leaves whole is no news.
        n_max: characters at most.
        least: occurrences at least.
        cohesion: bits at least.
        freedom: bits at least.
        k: how many words.
        progress: called with the share of the work that is done.
    """
    candidates = [
        (ngram, count)
        for ngram, count in index.top(2, n_max, CANDIDATES)
        if count >= least and not any(map(str.isdecimal, ngram)) and not ngram.isascii()
    ]
    idle = function_words()
    counts = _Counts(index, dict(candidates))
    found: list[NewWord] = []
    for number, (ngram, count) in enumerate(candidates):
        progress(number / len(candidates))
        bits = _cohesion(ngram, counts, index.characters)
        if bits < cohesion or not _is_news(list(tokenizer(ngram)), idle):
            continue
        free = min(map(entropy, _contexts(index, ngram)))
        if free >= freedom:
            found.append(NewWord(ngram, count, bits, free))
        if len(found) == k:
            break
    return found


class _Counts(dict[str, int]):
    """Counts of n-grams, asked of the index once each."""

    def __init__(self, index: NgramIndex, known: dict[str, int]) -> None:
        super().__init__(known)
        self._index = index

    def __missing__(self, ngram: str) -> int:
        self[ngram] = self._index.count(ngram, variants="all")
        return self[ngram]


def _is_news(tokens: list[str], idle: Collection[str]) -> bool:
    """Say whether a tokenizer cuts a word, and not at an idle word that stands at its edge."""
    return len(tokens) > 1 and tokens[0] not in idle and tokens[-1] not in idle


def _cohesion(ngram: str, counts: _Counts, characters: int) -> float:
    return min(
        (
            log2(counts[ngram] * characters / (counts[ngram[:cut]] * counts[ngram[cut:]]))
            for cut in range(1, len(ngram))
        ),
        default=inf,
    )


def _contexts(index: NgramIndex, ngram: str) -> Iterator[list[int]]:
    """Yield how often each character stands before, then after an n-gram; an end is one too."""
    ids, starts = index.positions(ngram, variants="all")
    chosen = np.unique(np.linspace(0, len(ids) - 1, min(len(ids), SAMPLE)).astype(np.intp))
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for identifier, start in zip(ids[chosen].tolist(), starts[chosen].tolist(), strict=True):
        first = max(start - 1, 0)
        text = fold(index.text(identifier, first, start + len(ngram) + 1))
        before[text[: start - first]] += 1
        after[text[start - first + len(ngram) :]] += 1
    yield list(before.values())
    yield list(after.values())
