"""Show words, concordances and analysed documents in a notebook; needs nothing installed.

Everything that comes from a text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lunheng.documents import Document
    from lunheng.index import ConcordanceLine

COLOURS = {
    "PERSON": "#f4cccc",
    "ORG": "#cfe2f3",
    "PRODUCT": "#d9ead3",
    "WORK": "#ead1dc",
    "PLACE": "#d0e0e3",
    "MONEY": "#fff2cc",
    "QTY": "#fce5cd",
    "DATE": "#d9d2e9",
}
BOX = "border-radius:3px;color:#111;padding:0 .2em;margin:0 .1em;background:"


class Shown(str):
    """HTML that a notebook shows as such."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


def words(cut: Iterable[str], tags: Iterable[str] | None = None) -> Shown:
    """Show words in boxes, with a part of speech each where ``tags`` are given.

    >>> "&lt;b&gt;" in words(["<b>", "世界"])
    True
    """
    cut = list(cut)
    labels = [""] * len(cut) if tags is None else list(tags)
    boxes = [
        f"<span style='{BOX}#eee' title='{escape(tag, quote=True)}'>{escape(word)}</span>"
        for word, tag in zip(cut, labels, strict=True)
    ]
    return Shown(f"<div style='line-height:1.9;white-space:pre-wrap'>{''.join(boxes)}</div>")


def concordance(lines: Iterable[ConcordanceLine]) -> Shown:
    """Show concordance lines with the key word in the middle."""
    rows = [
        f"<tr><td>{line.id}:{line.start}</td>"
        f"<td style='text-align:right'>{_line(line.left)}</td>"
        f"<td><b>{_line(line.match)}</b></td>"
        f"<td style='text-align:left'>{_line(line.right)}</td></tr>"
        for line in lines
    ]
    return Shown(f"<table>{''.join(rows)}</table>")


def document(shown: Document) -> Shown:
    """Show a text with its names, amounts and dates in colour, and its stances below."""
    parts, at = [], 0
    for mention in shown.mentions:
        parts.append(escape(shown.text[at : mention.start]))
        label = escape(f"{mention.type} {mention.name}", quote=True)
        parts.append(
            f"<span style='{BOX}{COLOURS[mention.type]}' title='{label}'>"
            f"{escape(shown.text[mention.start : mention.end])}</span>"
        )
        at = mention.end
    parts.append(escape(shown.text[at:]))
    stances = "".join(
        f"<li>{escape(stance.holder or shown.author or '')} <b>{escape(stance.polarity)}</b> "
        f"{escape(stance.target)}: {escape(shown.text[stance.start : stance.end])}</li>"
        for stance in shown.stances
    )
    return Shown(
        f"<div style='white-space:pre-wrap'>{''.join(parts)}</div>"
        + (f"<ul>{stances}</ul>" if stances else "")
    )


def _line(text: str) -> str:
    """Escape text and show its line breaks as marks."""
    return escape(text.replace("\n", "⏎"))
