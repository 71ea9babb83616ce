"""Keeps text text: in spreadsheets, in Markdown, and against characters that reorder or hide."""

from __future__ import annotations

import re

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#+!|~])")
_LEADING = re.compile(r"^(\d*)([-=:&.)])")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(text: str) -> str:
    r"""Return the text with characters that would reorder or hide it made visible.

    >>> plain("甲\u202e乙")
    '甲⟨U+202E⟩乙'
    """
    return _CONTROL.sub("\ufffd", _BIDI.sub(lambda m: f"⟨U+{ord(m[0]):04X}⟩", text))


def replace_surrogates(text: str) -> str:
    """Return the text with every lone surrogate replaced, one for one, so that it encodes."""
    return _SURROGATE.sub("\ufffd", text)


def cell(text: str) -> str:
    """Return text for a spreadsheet's cell: a formula's beginning is shown, not run.

    >>> cell("=cmd()")
    "'=cmd()"
    """
    shown = plain(text)
    return f"'{shown}" if shown.startswith(FORMULA) else shown


def markdown(text: str) -> str:
    r"""Return text for the running text of a Markdown file, on one line.

    >>> print(markdown("*甲*|乙"))
    \*甲\*\|乙
    """
    line = " ".join(plain(text).split())
    return _LEADING.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", line))


def code(text: str) -> str:
    r"""Return text as a code span of a Markdown file, also inside a table.

    >>> print(code("a_b`|c"))
    `a_b'\|c`
    """
    line = " ".join(plain(text).split()).replace("`", "'").replace("|", r"\|")
    return f"`{line}`"
