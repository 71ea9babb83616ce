"""Read HTML: our scanner keeps the places, trafilatura says what the article is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lunheng import hookimpl
from lunheng.documents import Edit, SourceText
from lunheng.text import Decoder, apply_edits
from lunheng_plugins.readers.html_scanner import HtmlBlock, scan
from lunheng_plugins.readers.metadata import Metadata, metadata
from lunheng_plugins.readers.settings import TextSettings
from lunheng_plugins.readers.text import decode

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|\?xml|!--)", re.IGNORECASE
)
# Pages say gb2312 and big5 where they use their supersets.
SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
OUTSIDE = frozenset({"title", "head", "nav", "footer", "option", "select"})
ENOUGH = 0.5
LONG = 8


def declared_encoding(decoder: Decoder, data: bytes) -> str:
    """Return the encoding that a page declares, if its bytes bear that out, else ""."""
    match = _CHARSET.search(data, 0, 4096)
    if not match:
        return ""
    name = match[1].decode("ascii").lower()
    name = SUPERSETS.get(name, name)
    try:
        wrong = data.decode(name, "replace").count("\ufffd")
    except LookupError:
        return ""
    return name if wrong * 1000 <= len(data) and name == decoder.decode(data).encoding else ""


def article(page: str) -> tuple[tuple[str, ...], Metadata]:
    """Return the lines of the page's article, without white space, and its metadata."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document as Article

    found = bare_extraction(
        page,
        with_metadata=True,
        include_comments=False,
        favor_recall=True,
        # Searching all of the text for dates takes longer than everything else together.
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if not isinstance(found, Article):
        return (), Metadata(None, None, None)
    lines = ("".join(line.split()) for line in (found.text or "").split("\n"))
    said = Metadata(found.title or None, found.author or None, found.date or None)
    return tuple(filter(None, lines)), said


def chosen(found: Sequence[HtmlBlock], lines: Sequence[str]) -> list[HtmlBlock]:
    """Return the blocks that make up the article; all of the body's where too few match."""
    body = [block for block in found if block.tag not in OUTSIDE]
    # The article's own line ends may fall within a block of ours, at a link or bold word.
    whole, short = "".join(lines), frozenset(lines)
    texts = ["".join(block.text.split()) for block in body]
    matching = [
        block
        for block, text in zip(body, texts, strict=True)
        if text in short or (len(text) >= LONG and text in whole)
    ]
    covered = sum(len("".join(block.text.split())) for block in matching)
    return matching if whole and covered >= ENOUGH * len(whole) else body


def extract(page: str, found: Sequence[HtmlBlock]) -> list[Edit]:
    """Return the edits that leave the given blocks of a page, one line each."""
    edits: list[Edit] = []
    at = 0
    for block in found:
        edits.append(Edit(at, block.start, "\n" if edits else ""))
        edits += block.edits
        at = block.end
    edits.append(Edit(at, len(page), ""))
    return edits


@dataclass(frozen=True, slots=True)
class HtmlReader:
    """Reads a page as one record: the article's text, with the way back into the page."""

    settings: TextSettings
    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml")
    signature: re.Pattern[bytes] = _BEGINNING
    decoder: Decoder = field(default_factory=Decoder)

    def read(self, data: bytes, path: str) -> Iterator[SourceText]:
        """Yield the page as one record."""
        encoding = self.settings.encoding or declared_encoding(self.decoder, data)
        page, encoding, undecodable = decode(self.decoder, data, path, encoding)
        lines, said = article(page)
        text, text_map = apply_edits(page, extract(page, chosen(scan(page), lines)))
        found = metadata(text)
        yield SourceText(
            page,
            text=text,
            text_map=text_map,
            title=said.title or found.title,
            author=found.author or said.author,
            date=said.date or found.date,
            encoding=encoding,
            undecodable=undecodable,
        )


@hookimpl
def lunheng_settings() -> type[TextSettings]:
    """Return the settings of text files."""
    return TextSettings


@hookimpl
def lunheng_readers(settings: TextSettings) -> HtmlReader:
    """Make the reader."""
    return HtmlReader(settings)
