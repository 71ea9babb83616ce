"""Words of many texts as two offset arrays; strings are sliced only when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import UsageError
from lunheng.native.arrow import word_lists
from lunheng.native.points import code_point_ends, stray_byte
from lunheng.tokenize.lazy import LazySequence
from lunheng.tokenize.utf8 import Utf8Texts, byte_places, to_text


@dataclass(frozen=True, slots=True, eq=False)
class TokenBatch(LazySequence[list[str]]):
    """The words of a batch of texts.

    Attributes:
        texts: the texts: of ``str``, or `Utf8Texts` in one buffer.
        ends: where each word ends. Of texts that are ``str``: int32, code points of the text; in a
            buffer: int64, bytes of the buffer. Each word begins where the one before ends, the
            first of a text where the text does.
        offsets: int64 of shape (len(texts) + 1,); ``ends[offsets[i]:offsets[i + 1]]`` belong to
            text ``i``.
        starts: where each word begins, as ``ends``, or None where words adjoin.
        bounds: of words that adjoin in a buffer: int64, where the first one begins, then ``ends``.

    Arrow libraries read a batch as ``large_list<large_string>``, one list a text (of binary arrays
    ``large_binary``). Words that adjoin in a buffer are handed over where they lie, without a copy;
    for others the texts are encoded first.
    """

    texts: Sequence[str] | Utf8Texts
    ends: NDArray[np.int32] | NDArray[np.int64]
    offsets: NDArray[np.int64]
    starts: NDArray[np.int32] | NDArray[np.int64] | None = None
    bounds: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.texts)

    def spans(self, number: int) -> NDArray[np.int32]:
        """Return the words of one text as int32 of shape (n, 2), half-open.

        They count code points of a ``str``, and bytes of a text that lies in a buffer.
        """
        number = range(len(self))[number]
        place = slice(self.offsets[number], self.offsets[number + 1])
        base = self.texts.starts[number] if isinstance(self.texts, Utf8Texts) else 0
        ends = (self.ends[place] - base).astype(np.int32)
        if self.starts is None:
            return spans_of(ends)
        return np.stack([(self.starts[place] - base).astype(np.int32), ends], axis=1)

    def code_points(self, number: int) -> NDArray[np.int32]:
        """Return the words of one text as int32 of shape (n, 2), half-open code points."""
        spans = self.spans(number)
        if not isinstance(self.texts, Utf8Texts):
            return spans
        places = byte_places(self.texts[number])
        return np.searchsorted(places, spans).astype(np.int32)

    def code_point_ends(self) -> NDArray[np.int32]:
        """Return where each word ends in its text, in code points, whatever the texts are."""
        if not isinstance(self.texts, Utf8Texts):
            return self.ends.astype(np.int32, copy=False)
        if self.starts is not None:
            parts = [self.code_points(number)[:, 1] for number in range(len(self))]
            return np.concatenate([np.empty(0, np.int32), *parts])
        ends = self.ends.astype(np.int64, copy=False)
        return code_point_ends(self.texts.data, ends, self.texts.starts, self.offsets)

    def words(self, number: int) -> list[str]:
        """Return the words of one text as strings; a byte that is no UTF-8 is a lone surrogate."""
        number = range(len(self))[number]
        text = self.texts[number]
        if isinstance(self.texts, Utf8Texts) and not self.texts.is_there(number):
            return []
        spans = self.spans(number).tolist()
        if isinstance(text, bytes):
            return [to_text(text[start:end]) for start, end in spans]
        return [text[start:end] for start, end in spans]

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        """Hand the words to an Arrow library, as its PyCapsule interface wants it.

        Raises:
            UsageError: a text is no UTF-8, or has a lone surrogate.
        """
        texts = self.texts
        if isinstance(texts, Utf8Texts) and self.bounds is not None:
            stray = -1 if texts.binary else stray_byte(texts.data)
            if stray >= 0:
                raise UsageError(
                    f"expected UTF-8 to hand out as strings, found byte {stray} is not"
                )
            valid = None if texts.valid is None else np.packbits(texts.valid, bitorder="little")
            return word_lists(self.offsets, self.bounds, texts.data, valid, texts.binary)
        words = [word for text in self for word in text]
        bounds = np.zeros(len(words) + 1, np.int64)
        try:
            encoded = [word.encode() for word in words]
        except UnicodeEncodeError as error:
            raise UsageError(f"expected text that UTF-8 can write, found {error}") from error
        np.cumsum(np.fromiter(map(len, encoded), np.int64, len(words)), out=bounds[1:])
        return word_lists(self.offsets, bounds, b"".join(encoded))

    def item(self, number: int) -> list[str]:
        """Return the words of one text."""
        return self.words(number)

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


def batch_of(texts: Sequence[str] | Utf8Texts, spans: list[NDArray[np.int32]]) -> TokenBatch:
    """Return a batch of words that need not adjoin, given by their spans in each text."""
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(part) for part in spans], out=offsets[1:])
    every = np.concatenate([np.empty((0, 2), np.int32), *spans])
    if isinstance(texts, Utf8Texts):
        bases = np.repeat(texts.starts[:-1], np.diff(offsets))
        wide = every + bases[:, np.newaxis]
        return TokenBatch(texts, wide[:, 1].copy(), offsets, wide[:, 0].copy())
    return TokenBatch(texts, every[:, 1].copy(), offsets, every[:, 0].copy())
