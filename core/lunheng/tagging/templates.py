"""What a tagger looks at: the columns of a view, and templates that combine their values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

View: TypeAlias = Literal["words", "characters"]

COLUMNS: dict[View, tuple[str, ...]] = {
    "words": ("word", "first", "last", "head", "tail", "shape", "class"),
    "characters": ("character", "type", "place", "word", "before", "after", "class"),
}
"""The columns of each view, as `lunheng.tagging.columns` makes them."""

WORDS = (
    "word",
    "word-1",
    "word+1",
    "word-2",
    "word+2",
    "word-1 word",
    "word word+1",
    "word-1 word+1",
    "first",
    "last",
    "head",
    "tail",
    "shape",
    "first shape",
    "last shape",
    "last-1",
    "first+1",
    "last-1 first",
    "last first+1",
    "last-1 last",
    "last last+1",
    "shape-1 shape shape+1",
    "class",
    "class-1",
    "class+1",
    "class-1 class",
    "class class+1",
    "class-1 class class+1",
    "class-2 class-1 class",
    "word-1 class",
    "class word+1",
)
CHARACTERS = (
    "character-2",
    "character-1",
    "character",
    "character+1",
    "character+2",
    "character-2 character-1",
    "character-1 character",
    "character character+1",
    "character+1 character+2",
    "character-1 character+1",
    "character-2 character-1 character",
    "character-1 character character+1",
    "character character+1 character+2",
    "type-1 type type+1",
    "type-2 type-1 type type+1 type+2",
    "place-1 place place+1",
    "character place",
    "word place",
    "before place",
    "after place",
    "before word place",
    "word after place",
    "class",
    "class-1 class",
    "class class+1",
    "class place",
    "class before",
    "class after",
)
TEMPLATES: dict[View, tuple[str, ...]] = {"words": WORDS, "characters": CHARACTERS}
_PART = re.compile(r"([a-z]+)([+-]\d)?\Z")


def compiled(view: View, templates: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the parts (column, offset) of all templates, and where each template's parts end.

    Raises:
        ValueError: a template names no column of the view.

    >>> [array.tolist() for array in compiled("words", ["word", "last-1 first"])]
    [[[0, 0], [2, -1], [1, 0]], [1, 3]]
    """
    parts, ends = [], []
    for template in templates:
        for part in template.split():
            match = _PART.match(part)
            if not match or match[1] not in COLUMNS[view]:
                known = ", ".join(COLUMNS[view])
                raise ValueError(f"template {template!r}: expected one of {known}, found {part!r}")
            parts.append((COLUMNS[view].index(match[1]), int(match[2] or 0)))
        ends.append(len(parts))
    return np.array(parts, np.int32).reshape(-1, 2), np.array(ends, np.int32)
