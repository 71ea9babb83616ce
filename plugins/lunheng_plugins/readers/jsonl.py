"""Read JSON lines: a record a line, its text aligned with the line through JSON's escapes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from lunheng import hookimpl
from lunheng.documents import Edit, SourceText
from lunheng.errors import ReadError
from lunheng.text import Decoded, Decoder, apply_edits
from lunheng_plugins.readers.columns import facts, text_column
from lunheng_plugins.readers.settings import ColumnSettings
from lunheng_plugins.readers.text import decode

_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\."
)
_BLANK = re.compile(r"[ \t\r]*")
_SEPARATOR = re.compile(r"[ \t\r]*([,:}])[ \t\r]*")
_VALUES = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class JsonlSettings(ColumnSettings):
    """Which fields hold what, and the encoding."""

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


@dataclass(frozen=True, slots=True)
class JsonlReader:
    """Reads a record a line; ``record`` is the line's number, from 1."""

    settings: JsonlSettings
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson")
    signature: re.Pattern[bytes] = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"')
    decoder: Decoder = field(default_factory=Decoder)

    def read(self, data: bytes, path: str) -> Iterator[SourceText]:
        """Yield the records of a file; what is wrong with some lines is raised after the last."""
        decoded = decode(self.decoder, data, path, self.settings.encoding)
        wrong, first_wrong = 0, ""
        for number, line in enumerate(decoded.text.split("\n"), 1):
            if not line.strip():
                continue
            try:
                record = self._record(line, number, f"{path}:{number}", decoded)
            except ReadError as error:
                wrong, first_wrong = wrong + 1, first_wrong or str(error)
                continue
            yield record
        if wrong:
            raise ReadError(f"{first_wrong} (lines passed over in this file: {wrong})")

    def _record(self, line: str, number: int, place: str, decoded: Decoded) -> SourceText:
        try:
            found = fields(line)
        except (ValueError, RecursionError) as error:
            raise ReadError(f"{place}: expected a JSON object: {error}") from None
        name = text_column(found, self.settings, place, "jsonl")
        if not isinstance(found[name].value, str):
            raise ReadError(
                f"{place}: expected a string in {name!r}, found {type(found[name].value).__name__}"
            )
        _, start, end = found[name]
        cut = [Edit(0, start + 1, "")]
        cut += [
            Edit(*match.span(), json.loads(f'"{match[0]}"'))
            for match in _ESCAPE.finditer(line, start + 1, end - 1)
        ]
        text, text_map = apply_edits(line, [*cut, Edit(end - 1, len(line), "")])
        values = {key: entry.value for key, entry in found.items()}
        said = facts(values, name, self.settings)
        return SourceText(
            line,
            record=str(number),
            text=text,
            text_map=text_map,
            title=said.title,
            author=said.author,
            date=said.date,
            encoding=decoded.encoding,
            undecodable=line.count("\ufffd") if decoded.undecodable else 0,
            meta=said.meta,
        )


@hookimpl
def lunheng_settings() -> type[JsonlSettings]:
    """Return which fields hold what."""
    return JsonlSettings


@hookimpl
def lunheng_readers(settings: JsonlSettings) -> JsonlReader:
    """Make the reader."""
    return JsonlReader(settings)
