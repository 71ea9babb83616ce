"""Scan HTML for its visible text, block by block, keeping every character's place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from lunheng.documents import Edit

# Quantifiers are possessive and bounded, so that hostile pages are scanned in linear time. A tag
# whose quotation marks do not match ends at its first ">".
_TAG = re.compile(
    r"""<(?:
      (?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]{0,40}+)
      (?:(?:[^<>"']++|"[^"<]{0,4000}+"|'[^'<]{0,4000}+'){0,400}+>|[^<>]{0,4000}+>)
    | (?P<comment>!--)
    | [!?][^<>]{0,4000}+> )""",
    re.VERBOSE,
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_SPACES = re.compile(r"[ \t\r\n\f]+")
SILENT = frozenset({"script", "style", "noscript", "template", "svg", "math", "iframe", "textarea"})
BREAKING = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)


@dataclass(frozen=True, slots=True)
class HtmlBlock:
    """A run of text that no block tag interrupts: its place in the page, its tag and edits."""

    start: int
    end: int
    tag: str
    edits: tuple[Edit, ...]
    text: str


def scan(page: str) -> list[HtmlBlock]:
    """Return the text blocks of a page in order; never fails, whatever the page is."""
    found: list[HtmlBlock] = []
    drops: list[tuple[int, int]] = []
    tag, begin = "body", 0
    for start, end, name, closing in _markup(page):
        if name in BREAKING:
            found += _block(page, begin, start, tag, drops)
            tag = "body" if closing or name in ("br", "hr") else name
            if name == "br" and found:
                tag = found[-1].tag
            begin, drops = end, []
        else:
            drops.append((start, end))
    found += _block(page, begin, len(page), tag, drops)
    return found


def _markup(page: str) -> Iterator[tuple[int, int, str, bool]]:
    """Yield each tag, comment or silent element: its place, name, and whether it closes."""
    at, no_comment_end = 0, len(page)
    gone: set[str] = set()
    lowered = ""
    while match := _TAG.search(page, at):
        start, at = match.span()
        if match["comment"]:
            end = page.find("-->", at) if start < no_comment_end else -1
            if end < 0:
                no_comment_end = min(no_comment_end, start)
            at = end + 3 if end >= 0 else at
            yield start, at, "", False
            continue
        name = (match["name"] or "").lower()
        if name in SILENT and not match["close"] and page[at - 2] != "/" and name not in gone:
            lowered = lowered or page.lower()
            end = lowered.find(f"</{name}", at)
            if end < 0:
                gone.add(name)
            else:
                close = page.find(">", end)
                at = close + 1 if close >= 0 else len(page)
                name = ""
        yield start, at, name, bool(match["close"])


def _block(
    page: str, begin: int, end: int, tag: str, drops: list[tuple[int, int]]
) -> Iterator[HtmlBlock]:
    """Yield the block [begin, end) of the page unless nothing of it is visible."""
    edits: list[Edit] = []
    at = begin
    for start, stop in [*drops, (end, end)]:
        edits += _text_edits(page, at, start)
        if stop > start:
            edits.append(Edit(start, stop, ""))
        at = stop
    pieces: list[str] = []
    at = begin
    for edit in edits:
        pieces += page[at : edit.start], edit.text
        at = edit.end
    pieces.append(page[at:end])
    text = "".join(pieces)
    if text.strip():
        yield HtmlBlock(begin, end, tag, tuple(edits), text)


def _text_edits(page: str, start: int, end: int) -> Iterator[Edit]:
    """Yield edits that decode references and make runs of white space one space."""
    found = [
        Edit(*match.span(), unescape(match[0])) for match in _REFERENCE.finditer(page, start, end)
    ]
    found = [edit for edit in found if edit.text != page[edit.start : edit.end]]
    found += [
        Edit(*match.span(), " ") for match in _SPACES.finditer(page, start, end) if match[0] != " "
    ]
    yield from sorted(found, key=lambda edit: edit.start)
