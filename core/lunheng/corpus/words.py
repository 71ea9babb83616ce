"""The words of an index's documents as numbers, for statistics of words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
            progress: called with each document's number of characters.

        Raises:
            lunheng.errors.UsageError: a token is not in its text, or there is no such document.
        """
        ids = index.ids() if ids is None else ids
        numbering = _Numbering()
        numbers, starts, ends = [], [], []
        for identifier in ids.tolist():
            text = index.text(identifier)
            tokens, bounds = _cut(text, tokenizer)
            found = np.fromiter(map(numbering.__getitem__, tokens), np.int32, len(tokens))
            worded = found != NO_WORD
            numbers.append(found[worded] - 1)
            starts.append(bounds[worded, 0] + identifier * WIDTH)
            ends.append(bounds[worded, 1] + identifier * WIDTH)
            progress(len(text))
        begins = np.zeros(len(ids) + 1, np.int64)
        np.cumsum([len(part) for part in numbers], out=begins[1:])
        return cls(
            tuple(numbering.words),
            np.concatenate([np.empty(0, np.int32), *numbers]),
            np.concatenate([np.empty(0, np.int64), *starts]),
            np.concatenate([np.empty(0, np.int64), *ends]),
            ids,
            begins,
        )

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


def _cut(text: str, tokenizer: Tokenize) -> tuple[list[str], NDArray[np.int64]]:
    """Return the tokens of a text and where they stand, int64 of shape (n, 2)."""
    tokens = list(tokenizer(text))
    ends = np.cumsum(np.fromiter(map(len, tokens), np.int64, len(tokens)))
    if "".join(tokens) == text:
        return tokens, np.stack([np.concatenate([[0], ends])[: len(ends)], ends], axis=1)
    bounds = list(spans(text, lambda _: tokens))
    kept = [token for token in tokens if token]
    return kept, np.array(bounds, np.int64).reshape(-1, 2)
