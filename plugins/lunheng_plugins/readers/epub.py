"""Read EPUB: the text of its chapters in reading order, each with its part as locator."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from lunheng import hookimpl
from lunheng.documents import Locator, SourceText
from lunheng.errors import ReadError
from lunheng.text import Decoder
from lunheng_plugins.readers.html_scanner import scan
from lunheng_plugins.readers.xml import first_text, parse
from lunheng_plugins.readers.zipped import Limits, open_zip, read_member

CONTAINER = "META-INF/container.xml"
RIGHTS = "META-INF/encryption.xml"
PAGES = frozenset({"application/xhtml+xml", "text/html"})
_ROOTFILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"


@dataclass(frozen=True, slots=True)
class EpubSettings(Limits):
    """How much the book may hold before it is refused."""


@dataclass(frozen=True, slots=True)
class EpubReader:
    """Reads a book as one record: its source is the text of its chapters, a line a block."""

    settings: EpubSettings
    suffixes: tuple[str, ...] = (".epub",)
    signature: re.Pattern[bytes] = re.compile(
        rb"PK\x03\x04.{26}mimetypeapplication/epub\+zip|PK\x03\x04.{26}META-INF/", re.DOTALL
    )
    decoder: Decoder = field(default_factory=Decoder)

    def read(self, data: bytes, path: str) -> Iterator[SourceText]:
        """Yield the book.

        Raises:
            ReadError: it is none, is damaged, or is encrypted.
        """
        archive = open_zip(data, path, self.settings)
        root = parse(self._part(archive, CONTAINER, path), f"{path}/{CONTAINER}")
        name = next((r.get("full-path") for r in root.iter(_ROOTFILE) if r.get("full-path")), "")
        package = parse(self._part(archive, name, path), f"{path}/{name}")
        lines: list[str] = []
        locators: list[Locator] = []
        at = 0
        for part in chapters(package, posixpath.dirname(name)):
            page = self.decoder.decode(self._part(archive, part, path)).text
            texts = [
                block.text.strip() for block in scan(page) if block.tag not in ("title", "head")
            ]
            if texts:
                locators.append(Locator(at, "part", part))
                lines += texts
                at += sum(map(len, texts)) + len(texts)
        if not lines and RIGHTS in archive.namelist():
            raise ReadError(f"{path}: left out, the book is encrypted")
        yield SourceText(
            "\n".join(lines),
            title=first_text(package, f"{_DC}title"),
            author=first_text(package, f"{_DC}creator"),
            date=_day(first_text(package, f"{_DC}date")),
            locators=tuple(locators),
            meta={
                name: said
                for name in ("publisher", "language")
                if (said := first_text(package, _DC + name))
            },
        )

    def _part(self, archive: zipfile.ZipFile, name: str, path: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            ReadError: there is no such part, or it is damaged.
        """
        try:
            entry = archive.getinfo(name)
        except KeyError:
            raise ReadError(f"{path}: expected an EPUB book, found no {name!r} in it") from None
        return read_member(archive, entry, f"{path}/{name}", self.settings)


def chapters(package: Any, folder: str) -> Iterator[str]:
    """Yield the names of a book's pages in reading order, each once."""
    pages = {
        item.get("id"): posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        for item in package.iter(f"{_OPF}item")
        if item.get("media-type") in PAGES and "nav" not in (item.get("properties") or "").split()
    }
    order = [item.get("idref") for item in package.iter(f"{_OPF}itemref")]
    yield from dict.fromkeys(pages[name] for name in order if name in pages)


def _day(date: str | None) -> str | None:
    """Return the day of a date with time, or what there is."""
    return date[:10] if date else None


@hookimpl
def lunheng_settings() -> type[EpubSettings]:
    """Return the limits."""
    return EpubSettings


@hookimpl
def lunheng_readers(settings: EpubSettings) -> EpubReader:
    """Make the reader."""
    return EpubReader(settings)
