"""All user words of a tokenizer, so laid out that adding a few to many costs little."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from lunheng.native.user_words import MOST_TABLES
from lunheng.native.word_table import WordTable
from lunheng.text import fold_table
from lunheng.tokenize.lazy import LazySequence
from lunheng.tokenize.word_layers import WordLayer, merged, word_layer
from lunheng.tokenize.words import UserWord, UserWords

_GROWTH = 4


class UserDictionary(LazySequence[UserWord]):
    """All user words of a tokenizer, in the order they were added; immutable.

    Words lie in layers, each at least four times as large as the next, so that adding a few to
    many costs little and no text has to be looked up in more than a handful of tables.
    """

    __slots__ = ("_tables", "codes", "fold", "layers")

    def __init__(self, codes: NDArray[np.uint16], layers: Iterable[WordLayer] = ()) -> None:
        self.codes = codes
        self.layers = tuple(layers)
        self.fold = fold_table() if self.layers else None
        self._tables = tuple(layer.table(codes) for layer in self.layers)

    def added(self, given: UserWords) -> UserDictionary:
        """Return a dictionary that also has ``given``; what a word is was settled first."""
        layer = word_layer(given)
        if not len(layer):
            return self
        if self.layers:
            layer = layer.numbered(self._additions())
        kept = len(self.layers)
        size = len(layer)
        while kept and (len(self.layers[kept - 1]) < _GROWTH * size or kept == MOST_TABLES):
            kept -= 1
            size += len(self.layers[kept])
        layer = merged([*self.layers[kept:], layer])
        result = UserDictionary(self.codes)
        result.layers = (*self.layers[:kept], layer)
        result.fold = fold_table() if self.fold is None else self.fold
        result._tables = (*self._tables[:kept], layer.table(self.codes))
        return result

    def _additions(self) -> int:
        last = self.layers[-1].additions
        return 1 + (0 if last is None else int(last[-1]))

    @property
    def tables(self) -> tuple[WordTable, ...]:
        """Return the tables to look words up in, the words that were added first in the first."""
        return self._tables

    def __len__(self) -> int:
        """Return how many words there are."""
        return sum(map(len, self.layers))

    def item(self, number: int) -> UserWord:
        """Return one word."""
        firsts = [0, *accumulate(map(len, self.layers))]
        layer = bisect_right(firsts, number) - 1
        return self.layers[layer].item(number - firsts[layer])

    def __reduce__(
        self,
    ) -> tuple[type[UserDictionary], tuple[NDArray[np.uint16], tuple[WordLayer, ...]]]:
        return type(self), (self.codes, self.layers)
