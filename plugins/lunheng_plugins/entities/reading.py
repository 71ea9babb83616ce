"""One text as the finders see it: written, folded, as code points, with the edges of its words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lunheng.documents import Document
from lunheng.text import fold
from lunheng_plugins.entities.words import Edges

NUMERALS = "0123456789〇零一二三四五六七八九十百千万亿兆几数两半"


@dataclass(frozen=True, slots=True)
class Reading:
    """A text in the forms that finders share; offsets are the same in all of them."""

    text: str
    folded: str
    codes: NDArray[np.uint32]
    edges: Edges

    @classmethod
    def of(cls, document: Document) -> Reading:
        """Prepare the text of a document."""
        folded = fold(document.text, case=True)
        codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), np.uint32)
        return cls(document.text, folded, codes, Edges.of(len(folded), document.tokens))

    def runs_of(self, members: NDArray[np.bool_]) -> list[tuple[int, int]]:
        """Return where runs of members begin and end; ``members``: a flag a basic code point."""
        inside = np.zeros(len(self.codes) + 2, np.bool_)
        np.take(members, np.minimum(self.codes, 0xFFFF), out=inside[1:-1])
        edges = np.flatnonzero(inside[1:] != inside[:-1]).tolist()
        return [*zip(edges[::2], edges[1::2], strict=True)]


def character_flags(characters: str) -> NDArray[np.bool_]:
    """Return one flag a code point of the basic plane, true for the given characters."""
    flags = np.zeros(0x10000, np.bool_)
    flags[[ord(character) for character in characters]] = True
    flags[0xFFFF] = False
    return flags
