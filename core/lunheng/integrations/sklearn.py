"""Count Chinese n-grams for scikit-learn: ``pip install 'lunheng[sklearn]'``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import DTypeLike, NDArray
from sklearn.feature_extraction.text import CountVectorizer

from lunheng.native.ngram_counts import NgramCounter
from lunheng.text import fold, fold_table
from lunheng.tokenize import Tokenizer

PACKED = 3
"""Characters of an n-gram that one number of 64 bits holds."""

PART = 0
"""The symbol that n-grams do not cross."""

NUL = 1
"""The symbol of U+0000, which NumPy drops from the end of strings."""


class ChineseCountVectorizer(CountVectorizer):  # type: ignore[misc]
    """scikit-learn's ``CountVectorizer`` for Chinese, counted natively.

    Words are those of a Lunheng tokenizer, or characters; n-grams of words do not cross
    punctuation, and are joined by spaces as scikit-learn does. Texts fold to simplified characters
    and half width, so that 騰訊 and 腾讯 are one feature. Everything else, ``min_df``,
    ``max_features``, ``vocabulary``, pipelines and search over parameters, is scikit-learn's.

    Args:
        analyzer: count ``"word"`` or ``"char"`` n-grams.
        ngram_range: the least and the most words or characters.
        fold: fold traditional and full-width characters.
        lowercase: lower the case of letters.
        tokenizer: a function that cuts a text into words; ``None`` for ``Tokenizer().cut``.
        stop_words: words that are not counted and part n-grams.
        max_df, min_df, max_features, vocabulary, binary, dtype: as in ``CountVectorizer``.

    >>> vectorizer = ChineseCountVectorizer()
    >>> counts = vectorizer.fit_transform(["騰訊做應用", "腾讯和应用，应用！"])
    >>> vectorizer.get_feature_names_out().tolist()
    ['做', '和', '应用', '腾讯']
    >>> counts.toarray().tolist()
    [[1, 0, 1, 1], [0, 1, 2, 1]]
    """

    def __init__(
        self,
        *,
        analyzer: Literal["word", "char"] = "word",
        ngram_range: tuple[int, int] = (1, 1),
        fold: bool = True,
        lowercase: bool = True,
        tokenizer: Callable[[str], Iterable[str]] | None = None,
        stop_words: Collection[str] | None = None,
        max_df: float = 1.0,
        min_df: float = 1,
        max_features: int | None = None,
        vocabulary: Mapping[str, int] | Iterable[str] | None = None,
        binary: bool = False,
        dtype: DTypeLike = np.int64,
    ) -> None:
        super().__init__(
            analyzer=analyzer,
            ngram_range=ngram_range,
            lowercase=lowercase,
            tokenizer=tokenizer,
            token_pattern=None,
            stop_words=None if stop_words is None else list(stop_words),
            max_df=max_df,
            min_df=min_df,
            max_features=max_features,
            vocabulary=vocabulary,
            binary=binary,
            dtype=dtype,
        )
        self.fold = fold

    def build_analyzer(self) -> Callable[[str], list[str]]:
        """Return what makes the n-grams of one text, in the order in which they begin."""
        shortest, longest = self.ngram_range
        symbols = _symbols_of(self)

        def analyze(text: str) -> list[str]:
            counted, _ = symbols.of([text])
            runs = np.split(counted, np.flatnonzero(counted == PART))
            return [
                name
                for run in (run[run != PART] for run in runs)
                for start in range(len(run))
                for n in range(shortest, min(longest, len(run) - start) + 1)
                for name in symbols.names(run[np.newaxis, start : start + n].copy())
            ]

        return analyze

    def _count_vocab(
        self, raw_documents: Iterable[str], fixed_vocab: bool
    ) -> tuple[dict[str, int], Any]:
        """Count as the method of scikit-learn that this one stands for."""
        shortest, longest = self.ngram_range
        symbols, counter = _symbols_of(self), NgramCounter()
        known = list(self.vocabulary_) if fixed_vocab else []
        if fixed_vocab:
            counter.count(*symbols.of_ngrams(known), 1, longest)
        texts = list(raw_documents)
        if set(map(type, texts)) != {str}:
            texts = [self.decode(text) for text in texts]
        counted, bounds = symbols.of(texts)
        begins, columns, counts = counter.count(counted, bounds, shortest, longest, not fixed_vocab)
        if fixed_vocab:
            vocabulary = self.vocabulary_
            every = np.arange(1, len(counter) + 1, dtype=np.uint32)
            names = symbols.names(counter.spelt(every, longest))
            place = np.array([-1, *(vocabulary.get(name, -1) for name in names)])
            kept = place[columns] >= 0
            begins = np.append(0, np.cumsum(kept))[begins]
            columns, counts = columns[kept], counts[kept]
        else:
            used = np.bincount(columns, minlength=len(counter) + 1) > 0
            numbers, names = symbols.ordered(counter, np.flatnonzero(used), longest)
            vocabulary = dict(zip(names, range(len(names)), strict=True))
            place = np.zeros(len(counter) + 1, np.int32)
            place[numbers] = np.arange(len(names), dtype=np.int32)
            if not vocabulary:
                raise ValueError("empty vocabulary; perhaps the texts have no word that counts")
        matrix = sp.csr_matrix(
            (counts.astype(self.dtype), place[columns], begins),
            shape=(len(begins) - 1, len(vocabulary)),
        )
        return vocabulary, matrix

    def _sort_features(self, counts: Any, vocabulary: dict[str, int]) -> Any:
        """Return the counts as they are: the vocabulary is in order from the start."""
        return counts

    def _limit_features(
        self,
        counts: Any,
        vocabulary: dict[str, int],
        high: float | None = None,
        low: float | None = None,
        limit: int | None = None,
    ) -> Any:
        """Leave out rare and frequent features, unless the limits leave out none."""
        if limit is None and (low or 0) <= 1 and (high is None or high >= counts.shape[0]):
            return counts
        return super()._limit_features(counts, vocabulary, high, low, limit)


class _Characters:
    """Characters as symbols: code points from 1."""

    def __init__(self, vectorizer: ChineseCountVectorizer) -> None:
        self._fold = fold_table() if vectorizer.fold else None
        self._lower = vectorizer.lowercase

    def of(self, texts: list[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return the symbols of all texts, and where each begins and the last one ends."""
        joined = "".join(texts)
        if self._lower:
            lowered = joined.lower()
            if len(lowered) != len(joined):
                texts = [text.lower() for text in texts]
                lowered = "".join(texts)
            joined = lowered
        points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        folded = points if self._fold is None else self._fold[points]
        return folded + np.uint32(1), _bounds(map(len, texts))

    def of_ngrams(self, ngrams: list[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return the symbols of n-grams, one a text."""
        return self.of(ngrams)

    def names(self, rows: NDArray[np.uint32]) -> list[str]:
        """Return n-grams as text, given their symbols, 0 behind them."""
        if (rows == NUL).any():
            return ["".join(chr(symbol - 1) for symbol in row if symbol) for row in rows.tolist()]
        points = np.maximum(rows, 1) - 1
        found: list[str] = points.view(f"<U{rows.shape[1]}").ravel().tolist()
        return found

    def ordered(
        self, counter: NgramCounter, numbers: NDArray[np.intp], longest: int
    ) -> tuple[NDArray[np.intp], list[str]]:
        """Return numbers and n-grams in the order of code points."""
        rows = counter.spelt(numbers.astype(np.uint32), longest)
        order = np.argsort(_packed(rows)) if longest <= PACKED else np.lexsort(rows.T[::-1])
        return numbers[order], self.names(rows[order])


class _Words:
    """Words as symbols, numbered from 1 as they come; what is no word is :data:`PART`."""

    def __init__(self, vectorizer: ChineseCountVectorizer) -> None:
        self._fold = vectorizer.fold
        self._lower = vectorizer.lowercase
        self._cut = vectorizer.tokenizer or Tokenizer().cut
        self._stopped = {self._written(word) for word in vectorizer.stop_words or ()}
        self._numbers: dict[str, int] = {}
        self._of_token: dict[str, int] = {}
        self._words = [""]

    def _written(self, word: str) -> str:
        word = word.lower() if self._lower else word
        return fold(word) if self._fold else word

    def _number(self, word: str) -> int:
        number = self._numbers.setdefault(word, len(self._words))
        if number == len(self._words):
            self._words.append(word)
        return number

    def _symbol(self, token: str) -> int:
        word = self._written(token)
        counts = any(map(str.isalnum, word)) and word not in self._stopped
        self._of_token[token] = symbol = self._number(word) if counts else PART
        return symbol

    def of(self, texts: list[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return the symbols of all texts, and where each begins and the last one ends."""
        known = self._of_token
        symbols: list[int] = []
        lengths: list[int] = []
        for text in texts:
            before = len(symbols)
            for token in self._cut(text):
                number = known.get(token)
                symbols.append(self._symbol(token) if number is None else number)
            lengths.append(len(symbols) - before)
        return np.array(symbols, np.uint32), _bounds(lengths)

    def of_ngrams(self, ngrams: list[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return the symbols of n-grams that spaces part, one a text."""
        words = [ngram.split(" ") for ngram in ngrams]
        symbols = [self._number(word) for ngram in words for word in ngram]
        return np.array(symbols, np.uint32), _bounds(map(len, words))

    def names(self, rows: NDArray[np.uint32]) -> list[str]:
        """Return n-grams as text, given their symbols, 0 behind them."""
        words = self._words
        return [" ".join([words[symbol] for symbol in row if symbol]) for row in rows.tolist()]

    def ordered(
        self, counter: NgramCounter, numbers: NDArray[np.intp], longest: int
    ) -> tuple[NDArray[np.intp], list[str]]:
        """Return numbers and n-grams in the order of code points."""
        names = self.names(counter.spelt(numbers.astype(np.uint32), longest))
        order = np.array(sorted(range(len(names)), key=names.__getitem__), np.intp)
        return numbers[order], sorted(names)


def _symbols_of(vectorizer: ChineseCountVectorizer) -> _Characters | _Words:
    if vectorizer.analyzer == "char":
        return _Characters(vectorizer)
    if vectorizer.analyzer == "word":
        return _Words(vectorizer)
    raise ValueError(f"analyzer: expected 'word' or 'char', got {vectorizer.analyzer!r}")


def _bounds(lengths: Iterable[int]) -> NDArray[np.int64]:
    return np.append(0, np.cumsum(np.fromiter(lengths, np.int64)))


def _packed(rows: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return one number a row that orders as the row does; code points have 21 bits."""
    keys = np.zeros(len(rows), np.uint64)
    for column in rows.T:
        keys = keys << np.uint64(21) | column
    return keys
