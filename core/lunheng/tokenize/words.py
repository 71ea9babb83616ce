"""A user's own words: lists and files, forced splits, weights and tags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TypeAlias

import numpy as np

from lunheng.errors import UsageError
from lunheng.native.user_words import LONGEST_WORD, WordTable
from lunheng.text import fold, fold_table


@dataclass(frozen=True, slots=True)
class UserWord:
    """A word that the segmenter must obey.

    Attributes:
        word: the characters; spaces, hyphens, ``·`` and marks may be among them, line breaks not.
        weight: of two words that overlap in a text the heavier wins, then the longer, then the
            earlier.
        tag: whatever the user wants to know the word by.
        parts: what the characters are cut into; empty: they are one word.
    """

    word: str
    weight: float = 1.0
    tag: str = ""
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < len(self.word) <= LONGEST_WORD or "\n" in self.word or "\r" in self.word:
            raise UsageError(
                f"expected a user word of 1 to {LONGEST_WORD} characters on one line, "
                f"found {self.word!r}"
            )
        if self.parts and ("".join(self.parts) != self.word or "" in self.parts):
            raise UsageError(
                f"expected parts that make up the user word {self.word!r}, found {self.parts!r}"
            )

    @property
    def splits(self) -> int:
        """Return a number whose bit k is set for a boundary after k characters."""
        bits = at = 0
        for part in self.parts[:-1]:
            at += len(part)
            bits |= 1 << at
        return bits


UserWords: TypeAlias = Iterable[str | UserWord] | PathLike[str]
"""Words, or the path of a file of words (a lone ``str`` is refused: word or path?)."""


def read_user_words(path: PathLike[str]) -> list[UserWord]:
    """Read a file of words: a line a word, then, after tabs, its weight, tag and parts.

    Empty lines and those that begin with ``#`` and a space are passed over; parts are separated
    by ``|``.

    Raises:
        UsageError: the file cannot be read, is not UTF-8, or a line is not of this form.
    """
    try:
        lines = Path(path).read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    words = []
    for number, line in enumerate(lines, 1):
        line = line.rstrip("\r")
        if not line or line.startswith("# "):
            continue
        try:
            words.append(_parsed(line))
        except (UsageError, ValueError) as error:
            raise UsageError(f"{path}, line {number}: {error}") from error
    return words


def _parsed(line: str) -> UserWord:
    if "\t" not in line:
        return UserWord(line)
    word, weight, tag, parts, *more = [*line.split("\t"), "", "", ""]
    if any(more):
        raise UsageError("expected word, weight, tag and parts, found more columns")
    return UserWord(
        word, float(weight) if weight else 1.0, tag, tuple(parts.split("|")) if parts else ()
    )


def user_words(given: UserWords) -> tuple[UserWord, ...]:
    """Return the words given as a list or file.

    Raises:
        UsageError: a word is empty, too long or has a line break; or a lone string is given.
    """
    if isinstance(given, PathLike):
        return tuple(read_user_words(given))
    if isinstance(given, str):
        raise UsageError(
            f"expected a list of words or a pathlib.Path of a file, found the string {given!r}"
        )
    return tuple(word if isinstance(word, UserWord) else UserWord(word) for word in given)


def word_table(words: tuple[UserWord, ...]) -> WordTable:
    """Make the table that the segmenter looks words up in."""
    folded = fold("\n".join(word.word for word in words)).split("\n") if words else []
    return WordTable(
        folded,
        np.fromiter((word.weight for word in words), np.float64, len(words)),
        np.fromiter((word.splits for word in words), np.uint32, len(words)),
        fold_table(),
    )
