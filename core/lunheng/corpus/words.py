"""The words of an index's documents as numbers, for statistics of words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lunheng.corpus.matching import WIDTH
from lunheng.index.tokens import spans
from lunheng.text import fold

if TYPE_CHECKING:
    from lunheng.index import NgramIndex

Tokenize: TypeAlias = Callable[[str], Iterable[str]]

NO_WORD = 0
RUN = 1 << 20


class _Numbering(dict[str, int]):
    """Numbers tokens as they come, those that fold alike by one number, marks by 0."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, int] = {}

    def __missing__(self, token: str) -> int:
        number = NO_WORD
        if any(map(str.isalnum, token)):
            number = self.words.setdefault(fold(token), len(self.words) + 1)
        self[token] = number
        return number


@dataclass(frozen=True, slots=True)
class WordTable:
    """Every word of some documents, 20 bytes a word; tokens without a letter are left out.

    Attributes:
        words: the different words, folded; word ``i`` has number ``i``.
        numbers: int32 of shape (n,), the number of each word of the texts.
        starts, ends: int64 of shape (n,), where it stands: the document's id times 2**32 and
            half-open code points.
        ids: int64, the documents.
        begins: int64 of shape (len(ids) + 1,), where in ``numbers`` each document begins.
    """

    words: tuple[str, ...]
    numbers: NDArray[np.int32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    ids: NDArray[np.int64]
    begins: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        index: NgramIndex,
        tokenizer: Tokenize,
        ids: NDArray[np.int64] | None = None,
        progress: Callable[[int], object] = lambda characters: None,
    ) -> WordTable:
        """Cut the documents of an index.

        Args:
            index: where the texts are.
            tokenizer: a function that cuts a text into tokens, such as ``Tokenizer().cut``.
            ids: which documents; ``None`` for all.
            progress: called with how many characters were cut since the last call.

        Raises:
            lunheng.errors.UsageError: a token is not in its text, or there is no such document.
        """
        ids = index.ids() if ids is None else ids
        numbering = _Numbering()
        parts = []
        for run in _runs(index, ids):
            parts.append(_cut(run, tokenizer, numbering))
            progress(sum(len(text) for _, text in run))
        numbers, starts, ends, counts = map(np.concatenate, zip(*parts, strict=True))
        begins = np.cumsum(np.append(0, counts))
        return cls(tuple(numbering.words), numbers, starts, ends, ids, begins)

    def counts(self, chosen: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """Return how often each word occurs, or how often among the chosen occurrences."""
        numbers = self.numbers if chosen is None else self.numbers[chosen]
        return np.bincount(numbers, minlength=len(self.words)).astype(np.int64)

    def in_documents(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return for each occurrence whether it is in one of some documents."""
        return np.repeat(np.isin(self.ids, ids), np.diff(self.begins))

    def document_counts(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return in how many documents each word is among the chosen occurrences."""
        document = np.repeat(np.arange(len(self.ids)), np.diff(self.begins))
        pairs = document[chosen] * len(self.words) + self.numbers[chosen]
        return np.bincount(np.unique(pairs) % max(len(self.words), 1), minlength=len(self.words))

    def ngrams(self, n_min: int, n_max: int, least: int = 1) -> list[tuple[tuple[str, ...], int]]:
        """Return the n-grams of adjoining words that occur ``least`` times, most frequent first.

        Ties are in the order of the words.
        """
        found: list[tuple[tuple[str, ...], int]] = []
        keys = self.numbers.astype(np.int64)
        adjoins = np.append(self.starts[1:] == self.ends[:-1], False)[: len(keys)]
        place = np.arange(len(keys))
        for n in range(1, n_max + 1):
            if n > 1:
                whole = adjoins[place + n - 2]
                place, keys = place[whole], keys[whole]
                keys = keys * len(self.words) + self.numbers[place + n - 1]
            _, first, keys, counts = np.unique(
                keys, return_index=True, return_inverse=True, return_counts=True
            )
            often = counts >= least
            if n >= n_min:
                found += [
                    (tuple(self.words[i] for i in self.numbers[at : at + n]), count)
                    for at, count in zip(
                        place[first[often]].tolist(), counts[often].tolist(), strict=True
                    )
                ]
            kept = often[keys]
            place, keys = place[kept], keys[kept]
            if not len(place):
                break
        return sorted(found, key=lambda item: (-item[1], item[0]))


def _runs(index: NgramIndex, ids: NDArray[np.int64]) -> Iterator[list[tuple[int, str]]]:
    """Yield documents with their texts, about a million characters at a time."""
    run: list[tuple[int, str]] = []
    size = 0
    for identifier in ids.tolist():
        text = index.text(identifier)
        run.append((identifier, text))
        size += len(text)
        if size >= RUN:
            yield run
            run, size = [], 0
    yield run


def _cut(
    documents: list[tuple[int, str]], tokenizer: Tokenize, numbering: _Numbering
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return numbers, starts and ends of the words of some documents, and how many each has."""
    tokens: list[str] = []
    lengths: list[int] = []
    counts, bases, base = [], [], 0
    for identifier, text in documents:
        before = len(tokens)
        found = list(tokenizer(text))
        if "".join(found) == text:
            tokens += found
            lengths += map(len, found)
        else:
            for token, length in _with_gaps(text, found):
                tokens.append(token)
                lengths.append(length)
        counts.append(len(tokens) - before)
        bases.append(identifier * WIDTH - base)
        base += len(text)
    numbers = np.fromiter(map(numbering.__getitem__, tokens), np.int32, len(tokens))
    sizes = np.array(lengths, np.int64)
    ends = np.cumsum(sizes) + np.repeat(np.array(bases, np.int64), counts)
    worded = numbers != NO_WORD
    words = np.append(0, np.cumsum(worded))
    kept = np.diff(words[np.append(0, np.cumsum(np.array(counts, np.int64)))])
    return numbers[worded] - 1, (ends - sizes)[worded], ends[worded], kept


def _with_gaps(text: str, tokens: list[str]) -> Iterator[tuple[str, int]]:
    """Yield tokens and lengths that make up the text; what was left out is an empty token."""
    at = 0
    for start, end in spans(text, lambda _: tokens):
        yield "", start - at
        yield text[start:end], end - start
        at = end
    yield "", len(text) - at
