"""Read texts to index from files, folders and streams: plain text and JSON Lines."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from lunheng.errors import ReadError
from lunheng.index.fields import Value

PACKED = (".gz", ".xz")
SUFFIXES = (".txt", ".md", ".jsonl")


@dataclass(frozen=True, slots=True)
class TextRecord:
    """One text and the fields it came with."""

    text: str
    fields: dict[str, Value] = field(default_factory=dict)


def input_files(path: Path) -> list[Path]:
    """Return a file, or all files of known kinds in a folder and below, sorted.

    Raises:
        lunheng.errors.ReadError: there is nothing of that name, or no such file in the folder.
    """
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.rglob("*") if file.is_file() and _kind(file) in SUFFIXES)
    if not files:
        raise ReadError(f"{path} has no file that ends in {', '.join(SUFFIXES)} (or .gz, .xz)")
    return files


def _kind(file: Path) -> str:
    suffixes = [suffix.lower() for suffix in file.suffixes]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def read_texts(
    file: Path,
    text_key: str = "text",
    opened: Callable[[BinaryIO], None] = lambda file: None,
) -> Iterator[TextRecord]:
    """Yield the texts of a file: one of each line of JSON Lines, else the whole; ``-`` is stdin.

    A text gets the field ``path``, and from JSON all other values that are no lists or objects.
    ``opened`` is told the file while it is read.
    Standard input is JSON Lines if its first line is an object, else one text a line.

    Raises:
        lunheng.errors.ReadError: the file is missing, unreadable, not UTF-8, or not JSON Lines.
    """
    try:
        if str(file) == "-":
            yield from _stream_texts(io.TextIOWrapper(sys.stdin.buffer, "utf-8"), text_key)
            return
        with file.open("rb") as raw, _decoded(raw, file.suffix.lower()) as stream:
            opened(raw)
            if _kind(file) == ".jsonl":
                yield from _json_texts(stream, str(file), text_key)
            else:
                yield TextRecord(stream.read(), {"path": str(file)})
    except UnicodeDecodeError as error:
        raise ReadError(f"{file} is not UTF-8: {error.reason} at byte {error.start}") from error
    except (OSError, lzma.LZMAError, EOFError) as error:
        raise ReadError(f"cannot read {file}: {error}") from error


def _decoded(raw: BinaryIO, suffix: str) -> io.TextIOWrapper:
    stream: Any = raw
    if suffix == ".gz":
        stream = gzip.GzipFile(fileobj=raw)
    elif suffix == ".xz":
        stream = lzma.LZMAFile(raw)  # noqa: SIM115 (the wrapper closes it)
    return io.TextIOWrapper(stream, "utf-8-sig", newline="")


def _stream_texts(stream: io.TextIOWrapper, text_key: str) -> Iterator[TextRecord]:
    first = stream.readline()
    rest = (line for lines in ([first] if first else [], stream) for line in lines)
    if first.lstrip().startswith("{"):
        yield from _json_lines(rest, "-", text_key)
    else:
        for number, line in enumerate(rest, 1):
            yield TextRecord(line.rstrip("\r\n"), {"line": number})


def _json_texts(stream: io.TextIOWrapper, name: str, text_key: str) -> Iterator[TextRecord]:
    for record in _json_lines(stream, name, text_key):
        yield TextRecord(record.text, {"path": name, **record.fields})


def _json_lines(
    lines: Iterator[str] | io.TextIOWrapper, name: str, key: str
) -> Iterator[TextRecord]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ReadError(f"{name}, line {number} is not JSON: {error.msg}") from error
        if not isinstance(row, dict) or not isinstance(row.get(key), str):
            raise ReadError(f"{name}, line {number}: expected an object with a string {key!r}")
        text = row.pop(key)
        yield TextRecord(
            text,
            {
                str(field): value
                for field, value in row.items()
                if isinstance(value, str | int | float | bool)
            },
        )
