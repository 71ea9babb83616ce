"""What a segmenter knows before it is trained: frequent words, and a trained model's weights."""

from __future__ import annotations

import lzma
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from lunheng.native.grams import gram_rows
from lunheng.tokenize.codes import FIRST_CHARACTER, ID_BITS
from lunheng.tokenize.model import SegmenterModel

FREQUENT_WORDS = "words/frequent_words.txt.xz"

_UNKNOWN = np.uint16(0xFFFF)


def word_list(lines: Iterable[str]) -> dict[str, int]:
    """Read lines of a word and perhaps its frequency, else 1.

    >>> word_list(["大模型 12", "论衡", ""])
    {'大模型': 12, '论衡': 1}
    """
    words = {}
    for line in lines:
        word, *rest = line.split()[:2] or [""]
        if word:
            words[word] = int(rest[0]) if rest and rest[0].isdecimal() else 1
    return words


def frequent_words() -> dict[str, int]:
    """Return the words that come with Lunheng and how often raw text had them.

    >>> frequent_words()["我们"] > frequent_words()["论衡"] > 1
    True
    """
    packed = files("lunheng_seeds").joinpath(FREQUENT_WORDS).read_bytes()
    return word_list(lzma.decompress(packed).decode("utf-8").splitlines())


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """The weights of a trained model, as another with other codes starts from them.

    Attributes:
        model: the trained model.
        share: what its log odds are multiplied by.
    """

    model: SegmenterModel
    share: float

    def characters(self, codes: NDArray[np.uint16]) -> NDArray[np.float32]:
        """Return a row for each code: zeros where the model does not know the character."""
        theirs = self._theirs(codes)
        known = theirs != _UNKNOWN
        rows = np.zeros((len(theirs), 8), np.float32)
        rows[known] = self.model.characters[theirs[known]]
        return rows * np.float32(self.model.scale * self.share)

    def grams(
        self, keys: NDArray[np.uint64], order: int, codes: NDArray[np.uint16]
    ) -> NDArray[np.float32]:
        """Return a row for each gram: zeros where the model has none for it."""
        theirs = self._theirs(codes)
        found = np.full(len(keys), order << (60 - ID_BITS * order), np.uint64)
        known = np.ones(len(keys), bool)
        for place in reversed(range(order)):
            shift = np.uint64(ID_BITS * place)
            ids = theirs[(keys >> shift) & np.uint64((1 << ID_BITS) - 1)]
            known &= ids != _UNKNOWN
            found = found << np.uint64(ID_BITS) | ids
        rows = gram_rows(self.model.table, found) * known[:, None]
        return rows * np.float32(self.model.scale * self.share)

    def _theirs(self, codes: NDArray[np.uint16]) -> NDArray[np.uint16]:
        """Return the model's code for each of ``codes``."""
        theirs = np.full(int(codes.max()) + 1, _UNKNOWN, np.uint16)
        theirs[:FIRST_CHARACTER] = np.arange(FIRST_CHARACTER)
        places = np.flatnonzero(codes >= FIRST_CHARACTER)
        found = self.model.codes[places]
        theirs[codes[places]] = np.where(found >= FIRST_CHARACTER, found, _UNKNOWN)
        return theirs
