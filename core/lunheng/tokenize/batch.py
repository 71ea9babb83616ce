"""Words of many texts as two offset arrays; strings are sliced only when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class TokenBatch(Sequence[list[str]]):
    """The words of a batch of texts.

    Attributes:
        texts: the texts.
        ends: int32, where each word ends in its text, in half-open code points; each word begins
            where the one before ends, a text's first word at 0.
        offsets: int64 of shape (len(texts) + 1,); ``ends[offsets[i]:offsets[i + 1]]`` belong to
            text ``i``.
        starts: int32, where each word begins, or None where words adjoin.
    """

    texts: Sequence[str]
    ends: NDArray[np.int32]
    offsets: NDArray[np.int64]
    starts: NDArray[np.int32] | None = None

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.texts)

    def spans(self, number: int) -> NDArray[np.int32]:
        """Return the words of one text as int32 of shape (n, 2)."""
        place = slice(self.offsets[number], self.offsets[number + 1])
        if self.starts is None:
            return spans_of(self.ends[place])
        return np.stack([self.starts[place], self.ends[place]], axis=1)

    def words(self, number: int) -> list[str]:
        """Return the words of one text as strings."""
        text = self.texts[number]
        return [text[start:end] for start, end in self.spans(number).tolist()]

    @overload
    def __getitem__(self, number: int) -> list[str]: ...
    @overload
    def __getitem__(self, number: slice) -> list[list[str]]: ...
    def __getitem__(self, number: int | slice) -> list[str] | list[list[str]]:
        """Return the words of one text, or of a range of texts."""
        if isinstance(number, slice):
            return [self.words(place) for place in range(*number.indices(len(self)))]
        place = range(len(self))[number]
        return self.words(place)

    def __iter__(self) -> Iterator[list[str]]:
        """Yield the words of each text."""
        return (self.words(number) for number in range(len(self)))


def spans_of(ends: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return adjoining words, given by their ends, as int32 of shape (n, 2)."""
    spans = np.empty((len(ends), 2), np.int32)
    spans[:, 1] = ends
    spans[:1, 0] = 0
    spans[1:, 0] = ends[:-1]
    return spans


def batch_of(texts: list[str], spans: list[NDArray[np.int32]]) -> TokenBatch:
    """Return a batch of words that need not adjoin."""
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(part) for part in spans], out=offsets[1:])
    every = np.concatenate([np.empty((0, 2), np.int32), *spans])
    return TokenBatch(
        texts, np.ascontiguousarray(every[:, 1]), offsets, np.ascontiguousarray(every[:, 0])
    )
