"""Fold traditional to simplified and full to half width, one code point to one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lunheng.native.codepoints import CodePointMap
from lunheng.text.variants import variants


def _table() -> NDArray[np.uint32]:
    table = np.arange(0x110000, dtype=np.uint32)
    rows = variants("fold")
    table[np.fromiter(map(ord, rows), np.int64, len(rows))] = np.fromiter(
        map(ord, rows.values()), np.uint32, len(rows)
    )
    return table


_FOLD = CodePointMap(_table())


def fold(text: str, *, case: bool = False) -> str:
    """Fold a text so that its written variants compare equal; every offset stays as it is.

    Traditional characters become simplified ones, each the usual one; full-width forms and
    compatibility ideographs become plain.

    Args:
        text: what to fold.
        case: lower-case ASCII letters as well.

    >>> fold("騰訊ＡＩ"), fold("騰訊ＡＩ", case=True)
    ('腾讯AI', '腾讯ai')
    """
    return _FOLD.apply(text, case)


def folding() -> CodePointMap:
    """Return the map that `fold` applies, for native modules."""
    return _FOLD


def fold_table() -> NDArray[np.uint32]:
    """Return what each code point folds to, without case: a new array of shape (0x110000,)."""
    return _FOLD.to_array()


def merged_characters() -> frozenset[str]:
    """Return the written characters that share their folded form with a different word's.

    Forms that only simplified text has (发 for 發 and 髮) are not among them, nor are mere
    variants of one another (裡 beside 裏).

    >>> {"后", "後", "乾", "幹", "發", "髮"} <= merged_characters()
    True
    >>> merged_characters() & {"发", "騰", "裡"}
    frozenset()
    """
    return frozenset("".join(variants("merged").values()))
