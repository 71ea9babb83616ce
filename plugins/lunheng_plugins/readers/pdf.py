"""Read PDF: the text of its pages, each page a locator; lines that the layout broke are joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lunheng import hookimpl
from lunheng.documents import Edit, Locator, SourceText
from lunheng.errors import ReadError
from lunheng.extras import require
from lunheng.text import apply_edits
from lunheng_plugins.readers.metadata import metadata

SHORTEST_FULL = 10
FULL = 0.85
REPEATED = 0.5
FEWEST_PAGES = 4
_ENDED = re.compile(r"[。！？!?…：:；;”」』》)）】]\s*\Z")
_STARTS = re.compile(
    r"\s{2}|\u3000|[第（(]?[一二三四五六七八九十\d]+[、.．)）章节條条]|[•·●■◆○-]\s"
)
_NUMBER = re.compile(r"\s*[-–—·\[(（第]*\s*\d{1,4}\s*[-–—·\])）页頁]*\s*(?:/\s*\d{1,4}\s*)?\Z")
_LATIN = re.compile(r"[A-Za-z0-9,.;]\Z")
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_OFFICE = re.compile(r"(?:Microsoft \w+ - )?(.*?)(?:\.(?:docx?|wps|pptx?|indd))?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PdfSettings:
    """A password, and how many pages are read at most."""

    password: str = ""
    pages: int = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its place in the source, and its text."""

    start: int
    text: str
    page: int


@dataclass(frozen=True, slots=True)
class PdfReader:
    """Reads a document as one record: its source is the text that the pages hold, in their order.

    What is repeated at the edge of most pages, and page numbers, is left out of ``text``; lines are
    joined to paragraphs.
    """

    settings: PdfSettings
    suffixes: tuple[str, ...] = (".pdf",)
    signature: re.Pattern[bytes] = re.compile(rb".{0,1024}?%PDF-", re.DOTALL)

    def read(self, data: bytes, path: str) -> Iterator[SourceText]:
        """Yield the document.

        Raises:
            ReadError: it is none, is damaged, is encrypted, or its pages are pictures.
        """
        pages, said = self._pages(data, path)
        lines: list[Line] = []
        locators: list[Locator] = []
        at = 0
        for number, page in enumerate(pages, 1):
            locators.append(Locator(at, "page", str(number)))
            for line in page:
                lines.append(Line(at, line, number))
                at += len(line) + 1
        if not any(line.text.strip() for line in lines):
            raise ReadError(
                f"{path}: expected text, found {len(pages)} pages of pictures; recognise their"
                " characters (OCR) first"
            )
        source = "\n".join(line.text for line in lines)
        text, aligned = apply_edits(source, layout_edits(lines, len(source)))
        found = metadata(text)
        title = _OFFICE.match(said.get("Title", "").strip())
        date = _DATE.match(said.get("CreationDate", ""))
        yield SourceText(
            source,
            text=text,
            text_map=aligned,
            title=found.title or (title[1] if title else "") or None,
            author=found.author or said.get("Author") or None,
            date=found.date or ("-".join(date.groups()) if date else None),
            locators=tuple(locators),
        )

    def _pages(self, data: bytes, path: str) -> tuple[list[list[str]], dict[str, str]]:
        """Return the lines of each page, and what the file says about itself."""
        pdfium = require("pypdfium2", "pdf")
        try:
            document = pdfium.PdfDocument(data, password=self.settings.password or None)
        except pdfium.PdfiumError as error:
            raise ReadError(
                f"{path}: expected a whole PDF file without a password, or"
                f" plugins.pdf.password, found: {error}"
            ) from None
        try:
            if len(document) > self.settings.pages:
                raise ReadError(
                    f"{path}: expected at most {self.settings.pages} pages, found {len(document)};"
                    " set plugins.pdf.pages higher to read it"
                )
            pages = [_lines(document, number) for number in range(len(document))]
            return pages, dict(document.get_metadata_dict())
        except pdfium.PdfiumError as error:
            raise ReadError(f"{path}: expected a whole PDF file, got damage: {error}") from None
        finally:
            document.close()


def _lines(document: Any, number: int) -> list[str]:
    """Return the lines of one page."""
    page = document[number]
    try:
        text = page.get_textpage()
        try:
            # The library marks a line's soft hyphen so.
            said = str(text.get_text_range()).replace("\ufffe", "")
        finally:
            text.close()
    finally:
        page.close()
    return said.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")


def layout_edits(lines: Sequence[Line], length: int) -> list[Edit]:
    """Return the edits that take page numbers and running heads away and join broken lines."""
    edits: list[Edit] = []
    kept = [line for line in lines if line.text.strip()]
    furniture = _furniture(kept)
    kept = [line for line in kept if line.start not in furniture]
    full = _full_width(kept)
    at = 0
    before: Line | None = None
    for line in kept:
        if before is not None:
            joined = _runs_on(before, line, full)
            space = " " if joined and _LATIN.search(before.text) else ""
            edits.append(Edit(at, line.start, space if joined else "\n"))
        elif line.start:
            edits.append(Edit(0, line.start, ""))
        before, at = line, line.start + len(line.text)
    if at < length:
        edits.append(Edit(at, length, ""))
    return edits


def _furniture(lines: Sequence[Line]) -> set[int]:
    """Return the starts of first and last lines of pages that are numbers, or the same on most."""
    edges: list[Line] = []
    for number, line in enumerate(lines):
        first = number == 0 or lines[number - 1].page != line.page
        last = number + 1 == len(lines) or lines[number + 1].page != line.page
        if first or last:
            edges.append(line)
    pages = len({line.page for line in lines})
    alike = Counter(re.sub(r"\d+", "0", line.text.strip()) for line in edges)
    often = {
        text for text, count in alike.items() if pages >= FEWEST_PAGES and count >= REPEATED * pages
    }
    return {
        line.start
        for line in edges
        if _NUMBER.match(line.text) or re.sub(r"\d+", "0", line.text.strip()) in often
    }


def _full_width(lines: Sequence[Line]) -> float:
    """Return from how many characters on a line fills the column."""
    lengths = sorted(len(line.text.strip()) for line in lines)
    if not lengths:
        return SHORTEST_FULL
    return max(SHORTEST_FULL, FULL * lengths[int(0.9 * (len(lengths) - 1))])


def _runs_on(before: Line, line: Line, full: float) -> bool:
    """Return whether a line continues the paragraph of the one before."""
    ended = _ENDED.search(before.text) and len(before.text.strip()) < full / FULL
    return len(before.text.strip()) >= full and not ended and not _STARTS.match(line.text)


@hookimpl
def lunheng_settings() -> type[PdfSettings]:
    """Return the settings."""
    return PdfSettings


@hookimpl
def lunheng_readers(settings: PdfSettings) -> PdfReader:
    """Make the reader."""
    return PdfReader(settings)
