"""The values a tagger's features are made of, for every word or for every character of a text.

A value of 0 stands for nothing. Everything is computed over folded, lower-cased code points.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lunheng.native.columns import character_columns, read_points, word_hashes
from lunheng.text import PhraseMatcher, fold
from lunheng.text.folding import folding

Values = NDArray[np.uint32]

SPACE, HAN, UPPER, LOWER, DIGIT, NUMERAL, MARK, KANA, OTHER = range(2, 11)
_MULTIPLIER = 0x9E3779B97F4A7C15
_NUMERALS = "〇零一二三四五六七八九十百千万亿两几"


def _type_table() -> NDArray[np.uint8]:
    """Return the type of every code point of the basic plane."""
    types = np.full(0x10000, OTHER, np.uint8)
    types[0x3400:0xA000] = HAN
    types[0x3040:0x3100] = KANA
    types[ord("a") : ord("z") + 1] = types[0xC0:0x250] = LOWER
    types[ord("A") : ord("Z") + 1] = UPPER
    types[ord("0") : ord("9") + 1] = DIGIT
    types[:0x21] = types[0xA0] = types[0x3000] = SPACE
    for first, last in ((0x21, 0x30), (0x3A, 0x41), (0x5B, 0x61), (0x7B, 0x80)):
        types[first:last] = MARK
    types[0x2000:0x2070] = types[0x3001:0x3040] = types[0xFF00:0xFFF0] = MARK
    types[[ord(numeral) for numeral in _NUMERALS]] = NUMERAL
    return types


class Alphabet:
    """Reads texts as code points and their types; immutable."""

    __slots__ = ("_folding", "_powers", "_types")

    def __init__(self) -> None:
        self._folding = folding()
        self._types = _type_table()
        powers = np.full(0x10000, _MULTIPLIER, np.uint64)
        powers[0] = 1
        with np.errstate(over="ignore"):
            self._powers = np.multiply.accumulate(powers)

    def read(self, text: str) -> tuple[Values, NDArray[np.uint8]]:
        """Return the folded, lower-cased code points of a text, and types before lower-casing."""
        return read_points(text, self._folding, self._types)

    def words(self, points: Values, spans: NDArray[np.int32]) -> Values:
        """Return a hash of every word, never 0 or 1."""
        return word_hashes(points, np.ascontiguousarray(spans), self._powers)


def code_points(text: str) -> Values:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


class WordColumns:
    """Makes the columns of the view ``words``; immutable.

    Args:
        classes: class of words that are known to have one.
    """

    __slots__ = ("_alphabet", "_hashes", "_numbers")

    def __init__(self, classes: Mapping[str, str]) -> None:
        self._alphabet = Alphabet()
        names = {name: number for number, name in enumerate(sorted(set(classes.values())), 2)}
        lengths = np.fromiter(map(len, classes), np.int64, len(classes))
        ends = np.cumsum(lengths)
        points, _ = self._alphabet.read("".join(classes))
        spans = np.stack([ends - lengths, ends], axis=1).astype(np.int32)
        hashes = self._alphabet.words(points, spans.reshape(-1, 2))
        order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[order]
        self._numbers = np.array([names[name] for name in classes.values()], np.uint32)[order]

    def of(self, text: str, spans: NDArray[np.int32]) -> Values:
        """Return the columns of the words of a text, of shape (columns, words)."""
        points, types = self._alphabet.read(text)
        words = self._alphabet.words(points, spans)
        starts, lasts = spans[:, 0], spans[:, 1] - 1
        lengths = spans[:, 1] - starts
        first, last = points[starts] + 2, points[lasts] + 2
        longer = lengths > 1
        head = np.where(longer, first << 11 ^ points[np.minimum(starts + 1, lasts)], 0)
        tail = np.where(longer, points[np.maximum(lasts - 1, starts)] << 11 ^ last, 0)
        kinds = types.astype(np.uint32)
        shape = kinds[starts] * 256 + kinds[lasts] * 16 + np.minimum(lengths, 5)
        columns = (words, first, last, head, tail, shape, self._classes(words))
        return np.ascontiguousarray(np.stack(columns).astype(np.uint32))

    def _classes(self, words: Values) -> Values:
        if not len(self._hashes):
            return np.zeros(len(words), np.uint32)
        places = np.minimum(np.searchsorted(self._hashes, words), len(self._hashes) - 1)
        found: Values = np.where(self._hashes[places] == words, self._numbers[places], 0)
        return found


class CharacterColumns:
    """Makes the columns of the view ``characters``; immutable.

    Args:
        classes: class of phrases that are known to have one: a gazetteer.
    """

    __slots__ = ("_alphabet", "_matcher", "_numbers")

    def __init__(self, classes: Mapping[str, str]) -> None:
        self._alphabet = Alphabet()
        names = {name: number for number, name in enumerate(sorted(set(classes.values())), 1)}
        self._matcher = PhraseMatcher([fold(phrase, case=True) for phrase in classes])
        self._numbers = np.array([names[name] for name in classes.values()], np.uint32)

    def of(self, text: str, spans: NDArray[np.int32]) -> Values:
        """Return the columns of the characters of a text, of shape (columns, characters).

        ``spans`` are the text's words; they adjoin.
        """
        points, types = self._alphabet.read(text)
        spans = np.ascontiguousarray(spans)
        columns = character_columns(points, types, spans, self._alphabet.words(points, spans))
        if len(self._numbers):
            columns[-1] = self._classes(text, spans)
        return columns

    def _classes(self, text: str, spans: NDArray[np.int32]) -> Values:
        """Return where known phrases begin, go on and end; the longest of those that overlap.

        A phrase of two characters or fewer counts only where words begin and end.
        """
        classes = np.zeros(len(text), np.uint32)
        edges = np.zeros(len(text) + 1, np.bool_)
        edges[spans.ravel()] = True
        matches = self._matcher.find(fold(text, case=True))
        starts, ends = matches[:, 0], matches[:, 1]
        kept = (edges[starts] & edges[ends]) | ((ends - starts > 2) & (edges[starts] | edges[ends]))
        reached = 0
        matches = matches[kept]
        order = np.lexsort((-matches[:, 1], matches[:, 0]))
        for start, end, number in matches[order].tolist():
            if start >= reached:
                code = 4 * int(self._numbers[number])
                classes[start:end] = code + 1
                classes[end - 1] = code + 2
                classes[start] = code if end - start > 1 else code + 3
                reached = end
        return classes
