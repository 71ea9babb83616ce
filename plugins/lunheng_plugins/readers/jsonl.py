"""Read JSON lines: a record a line, its text aligned with the line through JSON's escapes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from lunheng import hookimpl
from lunheng.documents import Edit, SourceText
from lunheng.errors import ReadError
from lunheng.text import Decoder, apply_edits
from lunheng_plugins.readers.text import decode

_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\."
)
_BLANK = re.compile(r"[ \t\r]*")
_SEPARATOR = re.compile(r"[ \t\r]*([,:}])[ \t\r]*")
_VALUES = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class JsonlSettings:
    """Which fields hold what; the first that a record has is taken, the rest becomes ``meta``."""

    text: tuple[str, ...] = ("text", "content", "body", "正文", "内容")
    title: tuple[str, ...] = ("title", "headline", "标题")
    author: tuple[str, ...] = ("author", "作者")
    date: tuple[str, ...] = ("date", "published", "time", "日期")
    encoding: str = ""


class Field(NamedTuple):
    """A field's value and where the value stands in the line."""

    value: Any
    start: int
    end: int


def fields(line: str) -> dict[str, Field]:
    """Return the fields of a line that is a JSON object.

    Raises:
        ValueError: it is none.
    """
    found: dict[str, Field] = {}
    at = _BLANK.match(line).end()  # type: ignore[union-attr]
    if line[at : at + 1] != "{":
        raise ValueError(f"expected an object, which begins with {{, at character {at}")
    at = _BLANK.match(line, at + 1).end()  # type: ignore[union-attr]
    mark = "," if line[at : at + 1] != "}" else "}"
    while mark == ",":
        if line[at : at + 1] != '"':
            raise ValueError(f"expected a field's name in quotation marks at character {at}")
        key, at = scanstring(line, at + 1, False)
        mark, at = _next(line, at, ":")
        start = at
        value, at = _VALUES.raw_decode(line, at)
        found[key] = Field(value, start, at)
        mark, at = _next(line, at, ",}")
    return found


def _next(line: str, at: int, expected: str) -> tuple[str, int]:
    match = _SEPARATOR.match(line, at)
    if not match or match[1] not in expected:
        raise ValueError(f"expected {' or '.join(expected)} at character {at}")
    return match[1], match.end()


def first(found: Mapping[str, Field], names: tuple[str, ...]) -> str | None:
    """Return the first of the named fields that is there, as text."""
    values = (found[name].value for name in names if name in found)
    return next((str(value) for value in values if value not in (None, "")), None)


@dataclass(frozen=True, slots=True)
class JsonlReader:
    """Reads a record a line; ``record`` is the line's number, from 1."""

    settings: JsonlSettings
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson")
    decoder: Decoder = field(default_factory=Decoder)

    def read(self, data: bytes, path: str) -> Iterator[SourceText]:
        """Yield the records of a file; what is wrong with some lines is raised after the last."""
        decoded = decode(self.decoder, data, path, self.settings.encoding)
        wrong, first_wrong = 0, ""
        for number, line in enumerate(decoded.text.split("\n"), 1):
            if not line.strip():
                continue
            try:
                record = self._record(line, number, f"{path}:{number}", decoded.encoding)
            except ReadError as error:
                wrong, first_wrong = wrong + 1, first_wrong or str(error)
                continue
            yield record
        if wrong:
            raise ReadError(f"{first_wrong} (lines passed over in this file: {wrong})")

    def _record(self, line: str, number: int, place: str, encoding: str) -> SourceText:
        try:
            found = fields(line)
        except (ValueError, RecursionError) as error:
            raise ReadError(f"{place}: expected a JSON object: {error}") from None
        name = next((name for name in self.settings.text if name in found), None)
        if name is None or not isinstance(found[name].value, str):
            raise ReadError(
                f"{place}: expected the text in a field {', '.join(self.settings.text)}, got the "
                f"fields {', '.join(found)}; set the reader's text to the right one"
            )
        _, start, end = found[name]
        cut = [Edit(0, start + 1, "")]
        cut += [
            Edit(*match.span(), json.loads(f'"{match[0]}"'))
            for match in _ESCAPE.finditer(line, start + 1, end - 1)
        ]
        text, text_map = apply_edits(line, [*cut, Edit(end - 1, len(line), "")])
        used = {name, *self.settings.title, *self.settings.author, *self.settings.date}
        return SourceText(
            line,
            record=str(number),
            text=text,
            text_map=text_map,
            title=first(found, self.settings.title),
            author=first(found, self.settings.author),
            date=first(found, self.settings.date),
            encoding=encoding,
            undecodable=line.count("\ufffd"),
            meta={key: entry.value for key, entry in found.items() if key not in used},
        )


@hookimpl
def lunheng_settings() -> type[JsonlSettings]:
    """Return which fields hold what."""
    return JsonlSettings


@hookimpl
def lunheng_readers(settings: JsonlSettings) -> JsonlReader:
    """Make the reader."""
    return JsonlReader(settings)
