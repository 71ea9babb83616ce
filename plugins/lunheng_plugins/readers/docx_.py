"""Read DOCX: the text of its paragraphs, tables and notes, each with its number as locator."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lunheng import hookimpl
from lunheng.documents import Locator, SourceText
from lunheng.errors import ReadError
from lunheng_plugins.readers.metadata import metadata
from lunheng_plugins.readers.xml import first_text, parse
from lunheng_plugins.readers.zipped import Limits, open_zip, read_member

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DC = "{http://purl.org/dc/elements/1.1/}"
BODY, FOOTNOTES, ENDNOTES = "word/document.xml", "word/footnotes.xml", "word/endnotes.xml"
CORE = "docProps/core.xml"
# Deleted text is no text; a fallback repeats the drawing that it stands in for.
LEFT_OUT = {f"{W}del", f"{W}moveFrom", f"{MC}Fallback", f"{W}instrText", f"{W}delText"}
PIECES = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


@dataclass(frozen=True, slots=True)
class DocxSettings(Limits):
    """How much the file may hold before it is refused."""


def paragraphs(root: Any) -> Iterator[str]:
    """Yield the text of each paragraph in reading order; a text box's stand after its anchor's."""
    depth, texts = 0, [""]
    held: list[str] = []
    for event, element in _walk(root):
        tag = element.tag
        if tag == f"{W}p":
            if event == "start":
                depth += 1
                texts.append("")
                continue
            depth -= 1
            held.append(texts.pop())
            if depth == 0:
                yield from reversed(held)
                held = []
        elif event == "start" and depth:
            texts[-1] += (element.text or "") if tag == f"{W}t" else PIECES.get(tag, "")


def _walk(root: Any) -> Iterator[tuple[str, Any]]:
    """Yield the start and the end of each element that is part of the text, without recursion."""
    from lxml import etree

    skipped: Any = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if skipped is None and element.tag in LEFT_OUT:
            skipped = element
        if skipped is None:
            yield event, element
        elif event == "end" and element is skipped:
            skipped = None


@dataclass(frozen=True, slots=True)
class DocxReader:
    """Reads a document as one record: its source is the text of its paragraphs, a line each."""

    settings: DocxSettings
    suffixes: tuple[str, ...] = (".docx", ".docm")
    signature: re.Pattern[bytes] = re.compile(
        rb"PK\x03\x04.{26}(?:\[Content_Types\]|_rels/|word/|docProps/)", re.DOTALL
    )

    def read(self, data: bytes, path: str) -> Iterator[SourceText]:
        """Yield the document.

        Raises:
            ReadError: it is none, or is damaged.
        """
        archive = open_zip(data, path, self.settings)
        lines: list[str] = []
        for part in (BODY, FOOTNOTES, ENDNOTES):
            root = self._part(archive, part, path)
            if root is not None:
                lines += paragraphs(root)
            elif part == BODY:
                raise ReadError(f"{path}: expected a DOCX file, found no {BODY} in it")
        core = self._part(archive, CORE, path)
        locators, at = [], 0
        for number, line in enumerate(lines, 1):
            locators.append(Locator(at, "paragraph", str(number)))
            at += len(line) + 1
        source = "\n".join(lines)
        found = metadata(source)
        yield SourceText(
            source,
            title=found.title or first_text(core, f"{DC}title"),
            author=found.author or first_text(core, f"{DC}creator"),
            date=found.date,
            locators=tuple(locators),
        )

    def _part(self, archive: zipfile.ZipFile, name: str, path: str) -> Any:
        """Return the root of a part, ``None`` where there is no such part."""
        try:
            entry = archive.getinfo(name)
        except KeyError:
            return None
        return parse(read_member(archive, entry, f"{path}/{name}", self.settings), f"{path}/{name}")


@hookimpl
def lunheng_settings() -> type[DocxSettings]:
    """Return the limits."""
    return DocxSettings


@hookimpl
def lunheng_readers(settings: DocxSettings) -> DocxReader:
    """Make the reader."""
    return DocxReader(settings)
