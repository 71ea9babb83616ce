"""Give every code point its code: a class, a connector, or a character of the vocabulary."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

N_POINTS = 0x110000
FIRST_PLAIN = 40
FIRST_CHARACTER = 64
ID_BITS = 14
"""Bits of a code in the key of a gram."""

DIGIT, LETTER, SPACE, NEWLINE, EMOJI, MARK, REGIONAL = range(1, 8)
RARE, RARE_HAN, RARE_KANA, RARE_HANGUL = range(40, 44)

CONNECTORS = ".,:-_&/'+%@#…—─┅=~*"
"""The characters with a code of their own, 16 and up, in the order of ``native/units.pxd``."""

LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"

_SCRIPTS = (
    (0x3041, 0x3100, RARE_KANA),
    (0x31F0, 0x3200, RARE_KANA),
    (0x1100, 0x1200, RARE_HANGUL),
    (0x3130, 0x3190, RARE_HANGUL),
    (0xAC00, 0xD7A4, RARE_HANGUL),
    (0x3400, 0x4DC0, RARE_HAN),
    (0x4E00, 0xA000, RARE_HAN),
    (0xF900, 0xFB00, RARE_HAN),
    (0x20000, 0x40000, RARE_HAN),
)
_EMOJI = (
    (0x2600, 0x27C0),
    (0x2B05, 0x2B08),
    (0x2B1B, 0x2B1D),
    (0x2B50, 0x2B56),
    (0x1F000, 0x1F1E6),
    (0x1F200, 0x1F3FB),
    (0x1F400, 0x1FB00),
)


def class_of(point: int) -> int:
    """Return the class of a code point by its Unicode general category and its block.

    >>> class_of(ord("7")) == DIGIT, class_of(ord("é")) == LETTER, class_of(ord("论")) == RARE_HAN
    (True, True, True)
    """
    character = chr(point)
    category = unicodedata.category(character)
    if character in LINE_BREAKS:
        return NEWLINE
    if category == "Zs" or character in "\t\x1f":
        return SPACE
    if category == "Nd":
        return DIGIT
    if category[0] == "M" or point in (0x200C, 0x200D) or 0x1F3FB <= point <= 0x1F3FF:
        return MARK
    if 0xE0020 <= point < 0xE0080:
        return MARK
    if 0x1F1E6 <= point <= 0x1F1FF:
        return REGIONAL
    for start, end, kind in _SCRIPTS:
        if start <= point < end:
            return kind
    if category[0] == "L" and not 0x3100 <= point < 0x3130 and point != 0x3007:
        return LETTER
    if any(start <= point < end for start, end in _EMOJI):
        return EMOJI
    return RARE


def character_codes(fold: NDArray[np.uint32], vocabulary: Iterable[str]) -> NDArray[np.uint16]:
    """Return the code of every code point, looked up through its folded form.

    Args:
        fold: the folded code point of every code point, uint32 of shape (0x110000,).
        vocabulary: characters that get codes of their own from 64 up, in this order; those that
            are letters, digits, spaces, marks, emoji or connectors are passed over.
    """
    classes = np.fromiter(map(class_of, range(N_POINTS)), np.uint16, N_POINTS)
    for number, character in enumerate(CONNECTORS):
        classes[ord(character)] = 16 + number
    code = FIRST_CHARACTER
    for character in vocabulary:
        if FIRST_PLAIN <= classes[ord(character)] < FIRST_CHARACTER:
            classes[ord(character)] = code
            code += 1
    folded: NDArray[np.uint16] = classes[fold]
    return folded
