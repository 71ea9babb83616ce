"""Read CSV and TSV: a record a row, its text aligned with the row through the quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from lunheng.documents import Edit, SourceText
from lunheng.errors import ReadError
from lunheng.text import Decoded, Decoder, apply_edits
from lunheng_plugins.readers.columns import facts, text_column
from lunheng_plugins.readers.settings import ColumnSettings
from lunheng_plugins.readers.text import decode

DELIMITERS = ",;\t|"
HEAD = 65536
LONGEST_NUMBER = 15
_SEP = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DelimitedSettings(ColumnSettings):
    """Which columns hold what, how the file is written, and its encoding.

    ``delimiter`` is found in the first row where it is empty. Without a ``header`` the columns are
    called 1, 2, 3 and so on.
    """

    delimiter: str = ""
    header: bool = True
    encoding: str = ""

    def __post_init__(self) -> None:
        """Refuse a delimiter that is no single character."""
        if len(self.delimiter) > 1 or self.delimiter in {'"', "\n", "\r"}:
            raise ValueError(f"expected one character as delimiter, found {self.delimiter!r}")


class Cell(NamedTuple):
    """A cell's place in the text of the file, quotation marks and all."""

    start: int
    end: int
    quoted: bool


class Row(NamedTuple):
    """A row's place in the text of the file, without its line end, its first line, its cells."""

    start: int
    end: int
    line: int
    cells: list[Cell]


def rows(text: str, delimiter: str, at: int = 0) -> Iterator[Row]:
    """Yield the rows of a text, as RFC 4180 divides them; empty lines are no rows.

    A cell is quoted only if its closing mark ends it; else its marks are characters of it. So no
    mark runs away with the rest of the file, and every text is divided in linear time.
    """
    mark = re.escape(delimiter)
    cell = re.compile(
        rf'(?:"(?P<quoted>(?:[^"]++|"")*+)"(?={mark}|\r|\n|\Z)|[^{mark}\r\n]*+)'
        rf"(?P<end>{mark}|\r?\n|\r|\Z)"
    )
    line, begin = 1 + text.count("\n", 0, at), at
    cells: list[Cell] = []
    while at < len(text) or cells:
        match = cell.match(text, at)
        assert match is not None
        quoted = match["quoted"] is not None
        cells.append(Cell(at, match.start("end"), quoted))
        at = match.end()
        if match["end"] == delimiter:
            continue
        row = Row(begin, match.start("end"), line, cells)
        line += text.count("\n", begin, at)
        begin, cells = at, []
        if row.end > row.start:
            yield row


def find_delimiter(text: str) -> str:
    r"""Return the delimiter that divides the first row into the most cells.

    >>> find_delimiter('标题;正文\n甲,乙;"丙"')
    ';'
    """
    counts = {mark: len(next(rows(text, mark)).cells) for mark in DELIMITERS}
    return max(counts, key=lambda mark: counts[mark])


def value(text: str, cell: Cell) -> str:
    """Return what a cell says."""
    if not cell.quoted:
        return text[cell.start : cell.end]
    return text[cell.start + 1 : cell.end - 1].replace('""', '"')


def typed(text: str) -> str | int | float | bool:
    """Return what a cell of metadata stands for: a number if it is written as numbers are.

    >>> [typed(text) for text in ("2024", "007", "3.5", "1e3", "true", "甲", "")]
    [2024, '007', 3.5, '1e3', True, '甲', '']
    """
    if text in ("true", "false"):
        return text == "true"
    if len(text) > LONGEST_NUMBER or not text.isascii() or not text[-1:].isdigit():
        return text
    for kind in (int, float):
        with suppress(ValueError):
            if str(kind(text)) == text:
                return kind(text)
    return text


def cut(row: str, start: int, end: int, quoted: bool) -> list[Edit]:
    """Return the edits that leave of a row what the cell from ``start`` to ``end`` says."""
    begin, stop = (start + 1, end - 1) if quoted else (start, end)
    edits = [Edit(0, begin, "")]
    at = row.find('""', begin, stop) if quoted else -1
    while at >= 0:
        edits.append(Edit(at, at + 2, '"'))
        at = row.find('""', at + 2, stop)
    return [*edits, Edit(stop, len(row), "")]


@dataclass(frozen=True, slots=True)
class DelimitedReader:
    """Reads a record a row; ``record`` is the number of the row's first line."""

    name: str
    settings: DelimitedSettings
    suffixes: tuple[str, ...]
    delimiter: str = ""
    decoder: Decoder = field(default_factory=Decoder)

    def read(self, data: bytes, path: str) -> Iterator[SourceText]:
        """Yield the rows of a file; what is wrong with some rows is raised after the last."""
        decoded = decode(self.decoder, data, path, self.settings.encoding)
        text = decoded.text
        told = _SEP.match(text)
        delimiter = self.settings.delimiter or (told[1] if told else self.delimiter)
        divided = rows(text, delimiter or find_delimiter(text[:HEAD]), told.end() if told else 0)
        first = next(divided, None)
        if first is None:
            raise ReadError(f"{path}: expected rows, found none")
        names = [str(number) for number in range(1, len(first.cells) + 1)]
        if self.settings.header:
            names = [value(text, cell).strip() for cell in first.cells]
        column = names.index(text_column(names, self.settings, path, self.name))
        wrong, first_wrong = 0, ""
        for row in divided if self.settings.header else chain([first], divided):
            more = [cell for cell in row.cells[len(names) :] if cell.end > cell.start]
            if more or len(row.cells) <= column:
                wrong += 1
                first_wrong = first_wrong or (
                    f"{path}:{row.line}: expected a row of {len(names)} columns, found"
                    f" {len(row.cells)}"
                )
                continue
            if not value(text, row.cells[column]).strip():
                wrong += 1
                first_wrong = first_wrong or (
                    f"{path}:{row.line}: expected text in the column {names[column]}, found none"
                )
                continue
            yield self._record(decoded, row, names, column)
        if wrong:
            raise ReadError(f"{first_wrong} (rows passed over in this file: {wrong})")

    def _record(self, decoded: Decoded, row: Row, names: list[str], column: int) -> SourceText:
        """Return a row as a record; its source is the row as it is written."""
        text = decoded.text
        source = text[row.start : row.end]
        start, end, quoted = row.cells[column]
        said, aligned = apply_edits(source, cut(source, start - row.start, end - row.start, quoted))
        values = {name: value(text, cell) for name, cell in zip(names, row.cells, strict=False)}
        found = facts(values, names[column], self.settings)
        return SourceText(
            source,
            record=str(row.line),
            text=said,
            text_map=aligned,
            title=found.title,
            author=found.author,
            date=found.date,
            encoding=decoded.encoding,
            undecodable=source.count("\ufffd") if decoded.undecodable else 0,
            meta={name: typed(str(said)) for name, said in found.meta.items()},
        )
