"""Read Markdown: the text without its inline markup; headings and lists keep their marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lunheng import hookimpl
from lunheng.documents import Edit, SourceText
from lunheng.text import Decoder, apply_edits
from lunheng_plugins.readers.metadata import metadata
from lunheng_plugins.readers.settings import TextSettings
from lunheng_plugins.readers.text import decode

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.{0,20000}?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(\w+)\s*:\s*(.+?)\s*$", re.MULTILINE)
_INLINE = re.compile(
    r"(?P<image>!\[[^\[\]\n]{0,500}\]\([^()\n]{0,2000}\))"
    r"|(?P<link>\[(?P<shown>[^\[\]\n]{1,500})\](?:\([^()\n]{0,2000}\)|\[[^\[\]\n]{0,200}\]))"
    r"|(?P<auto><(?P<address>https?://[^<>\s]{1,2000})>)"
    r"|(?P<marks>\*{1,3}|~~|`+|(?<![\w_])_{1,2}(?=[^\s_])|(?<=[^\s_])_{1,2}(?![\w_]))"
    r"|^(?P<fence>[ \t]*(?:`{3,}|~{3,})[^\n]*|[ \t]*(?:[-*_][ \t]*){3,})$"
    r"|^(?P<quoted>[ \t]*(?:>[ \t]?)+)"
    r"|(?P<escape>\\(?=[!-/:-@\[-`{-~]))",
    re.MULTILINE,
)
_LIST_MARK = re.compile(r"[ \t]*\*[ \t]\Z")


def edits(text: str, start: int) -> Iterator[Edit]:
    """Yield the edits that take inline markup away, from ``start`` on."""
    for match in _INLINE.finditer(text, start):
        kind = match.lastgroup
        if kind == "address":
            kind = "auto"
        if match["link"] is not None:
            yield Edit(match.start(), match.start("shown"), "")
            yield Edit(match.end("shown"), match.end(), "")
        elif match["auto"] is not None:
            yield Edit(match.start(), match.start("address"), "")
            yield Edit(match.end("address"), match.end(), "")
        elif match["marks"] == "*" and _begins_list_item(text, match.start()):
            continue
        else:
            yield Edit(match.start(), match.end(), "")


def _begins_list_item(text: str, at: int) -> bool:
    line = text.rfind("\n", 0, at) + 1
    return not text[line:at].strip() and text[at + 1 : at + 2] in (" ", "\t")


@dataclass(frozen=True, slots=True)
class MarkdownReader:
    """Reads a Markdown file as one record; front matter gives its metadata."""

    settings: TextSettings
    suffixes: tuple[str, ...] = (".md", ".markdown")
    decoder: Decoder = field(default_factory=Decoder)

    def read(self, data: bytes, path: str) -> Iterator[SourceText]:
        """Yield the file as one record."""
        source, encoding, undecodable = decode(self.decoder, data, path, self.settings.encoding)
        front = _FRONT_MATTER.match(source)
        begin = front.end() if front else 0
        fields = (
            {key.lower(): value.strip("\"'") for key, value in _FIELD.findall(front[1])}
            if front
            else {}
        )
        text, text_map = apply_edits(source, [Edit(0, begin, ""), *edits(source, begin)])
        found = metadata(text)
        yield SourceText(
            source,
            text=text,
            text_map=text_map,
            title=fields.pop("title", None) or found.title,
            author=fields.pop("author", None) or found.author,
            date=fields.pop("date", None) or found.date,
            encoding=encoding,
            undecodable=undecodable,
            meta=fields,
        )


@hookimpl
def lunheng_settings() -> type[TextSettings]:
    """Return the settings of text files."""
    return TextSettings


@hookimpl
def lunheng_readers(settings: TextSettings) -> MarkdownReader:
    """Make the reader."""
    return MarkdownReader(settings)
