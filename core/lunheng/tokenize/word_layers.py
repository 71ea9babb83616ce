"""Many of a user's words as a few arrays, and the lists and files that they come from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import UsageError
from lunheng.native.word_table import LONGEST_WORD, WordTable, word_starts
from lunheng.text import fold
from lunheng.tokenize.lazy import LazySequence
from lunheng.tokenize.words import UserWord, UserWords

_MOST_COLUMNS = 4
_OTHER_BREAK = re.compile("[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True, eq=False)
class WordLayer(LazySequence[UserWord]):
    """Some of a user's words, packed: a million of them are a few arrays, not a million objects.

    Attributes:
        written: the words as they were given, one a line.
        starts: uint32, where each word begins in ``written``, and one past the end.
        weights: float64, or None if all are 1.
        tags: the tags of the words that have one, by the words' numbers.
        parts: the parts of the words that have some.
        additions: uint32, the number of the addition that each word came with.
    """

    written: str
    starts: NDArray[np.uint32]
    weights: NDArray[np.float64] | None = None
    tags: Mapping[int, str] = field(default_factory=dict)
    parts: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    additions: NDArray[np.uint32] | None = None

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self.starts) - 1

    def item(self, number: int) -> UserWord:
        """Return one word."""
        start, after = int(self.starts[number]), int(self.starts[number + 1])
        weight = 1.0 if self.weights is None else float(self.weights[number])
        return UserWord(
            self.written[start : after - 1],
            weight,
            self.tags.get(number, ""),
            self.parts.get(number, ()),
        )

    def table(self, codes: NDArray[np.uint16]) -> WordTable:
        """Make the table that a segmenter with these codes looks the words up in."""
        splits = None
        if self.parts:
            splits = np.zeros(len(self), np.uint64)
            for number in self.parts:
                splits[number] = self[number].splits
        return WordTable(
            fold(self.written), self.starts, codes, self.weights, splits, self.additions
        )

    def numbered(self, addition: int) -> WordLayer:
        """Return the same words as those of another addition."""
        return replace(self, additions=np.full(len(self), addition, np.uint32))


def merged(layers: Sequence[WordLayer]) -> WordLayer:
    """Return one layer with the words of all, the first ones first."""
    if len(layers) == 1:
        return layers[0]
    firsts = accumulate(map(len, layers), initial=0)
    written = "\n".join(layer.written for layer in layers)
    weights = [np.ones(len(layer)) if layer.weights is None else layer.weights for layer in layers]
    additions = [
        np.zeros(len(layer), np.uint32) if layer.additions is None else layer.additions
        for layer in layers
    ]
    tags: dict[int, str] = {}
    parts: dict[int, tuple[str, ...]] = {}
    for first, layer in zip(firsts, layers, strict=False):
        tags |= {first + number: tag for number, tag in layer.tags.items()}
        parts |= {first + number: pieces for number, pieces in layer.parts.items()}
    return WordLayer(
        written,
        word_starts(written),
        None if all(layer.weights is None for layer in layers) else np.concatenate(weights),
        tags,
        parts,
        np.concatenate(additions),
    )


def word_layer(given: UserWords) -> WordLayer:
    """Pack the words that are given as a list or as a file.

    Raises:
        UsageError: a word is empty, too long or has a line break; or a lone string is given.
    """
    if isinstance(given, PathLike):
        return read_user_words(given)
    if isinstance(given, str):
        raise UsageError(
            f"expected a list of words or a pathlib.Path of a file, found the string {given!r}"
        )
    words = list(given)
    written = [word if isinstance(word, str) else word.word for word in words]
    own = {k: word for k, word in enumerate(words) if isinstance(word, UserWord)}
    layer = _packed(
        written,
        {k: word.weight for k, word in own.items() if word.weight != 1},
        {k: word.tag for k, word in own.items() if word.tag},
        {k: word.parts for k, word in own.items() if word.parts},
    )
    if layer is None:
        for word in written:
            UserWord(word)
        raise UsageError("expected user words, found one that is none")
    return layer


def _packed(
    words: list[str],
    weights: Mapping[int, float],
    tags: Mapping[int, str],
    parts: Mapping[int, tuple[str, ...]],
) -> WordLayer | None:
    """Return a layer, or None when a word is none."""
    if not words:
        return WordLayer("", np.zeros(1, np.uint32))
    written = "\n".join(words)
    starts = word_starts(written)
    lengths = np.diff(starts) - 1
    if len(lengths) != len(words) or not 0 < lengths.min() <= lengths.max() <= LONGEST_WORD:
        return None
    if _OTHER_BREAK.search(written):
        return None
    values = None
    if weights:
        values = np.ones(len(words), np.float64)
        values[list(weights)] = list(weights.values())
        if np.isnan(values).any():
            return None
    return WordLayer(written, starts, values, tags, parts)


def read_user_words(path: PathLike[str]) -> WordLayer:
    """Read a file of words: a line a word, then, after tabs, its weight, tag and parts.

    Empty lines and those that begin with ``#`` and a space are passed over; parts are separated
    by ``|``.

    Raises:
        UsageError: the file cannot be read, is not UTF-8, or a line is not of this form.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    lines = [line for line in text.split("\n") if line and not line.startswith("# ")]
    try:
        layer = _columns(lines)
    except (UsageError, ValueError):
        layer = None
    if layer is None:
        _complain(path, text)
        raise UsageError(f"{path}: expected a word a line")
    return layer


def _columns(lines: list[str]) -> WordLayer | None:
    weights: dict[int, float] = {}
    tags: dict[int, str] = {}
    parts: dict[int, tuple[str, ...]] = {}
    for number, line in enumerate(lines):
        if "\t" in line:
            columns = line.split("\t")
            lines[number] = columns[0]
            if len(columns) > _MOST_COLUMNS:
                return None
            weight, tag, pieces = [*columns[1:], "", ""][:3]
            if weight and (value := float(weight)) != 1:
                weights[number] = value
            if tag:
                tags[number] = tag
            if pieces:
                parts[number] = UserWord(columns[0], parts=tuple(pieces.split("|"))).parts
    return _packed(lines, weights, tags, parts)


def _complain(path: PathLike[str], text: str) -> None:
    """Name the first line that is no word."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("# "):
            continue
        try:
            word, weight, tag, pieces, *more = [*line.split("\t"), "", "", ""]
            if any(more):
                raise UsageError("expected word, weight, tag and parts, found more columns")
            UserWord(word, float(weight or 1), tag, tuple(pieces.split("|")) if pieces else ())
        except (UsageError, ValueError) as error:
            raise UsageError(f"{path}, line {number}: {error}") from error
