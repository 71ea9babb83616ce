"""A user's own word: its characters, weight, tag and parts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from typing import TypeAlias

from lunheng.errors import UsageError
from lunheng.native.word_table import LONGEST_WORD

LINE_BREAK = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class UserWord:
    """A word that the segmenter must obey.

    Attributes:
        word: the characters; spaces, hyphens, ``·`` and marks may be among them, line breaks not.
        weight: of two words that overlap in a text the heavier wins, then the longer, then the
            one that was added earlier, then the earlier in the text.
        tag: whatever the user wants to know the word by.
        parts: what the characters are cut into; empty: they are one word.
    """

    word: str
    weight: float = 1.0
    tag: str = ""
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < len(self.word) <= LONGEST_WORD or LINE_BREAK.search(self.word):
            raise UsageError(
                f"expected a user word of 1 to {LONGEST_WORD} characters on one line, "
                f"found {self.word!r}"
            )
        if math.isnan(self.weight):
            raise UsageError(f"expected a weight of the user word {self.word!r}, found none: nan")
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
