"""Analyse files for commands that show one stage's records, and write these as JSONL or CSV."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lunheng.analyst import KINDS
from lunheng.cli import FAILED
from lunheng.errors import ReadError
from lunheng.inputs import STDIN, find_inputs
from lunheng.locations import read_bytes
from lunheng.plugins import discover
from lunheng.reading import Reading, Record, Trouble
from lunheng.selection import Selection, select_stages

if TYPE_CHECKING:
    from lunheng.config import Config
    from lunheng.documents import Document, SourceText

FORMATS = ("text", "jsonl", "csv")


def analysed_documents(
    paths: Sequence[str],
    config: Config,
    folders: Iterable[Path],
    kinds: Sequence[str] = KINDS,
) -> Iterator[Document]:
    """Yield the documents of files and folders, analysed; what fails is said on stderr.

    Args:
        paths: files and folders.
        config: the configuration in force.
        folders: where loose plugins lie.
        kinds: the kinds of stages that are run.

    Raises:
        UsageError: a path does not exist.
        ReadError: of all files none had a text.
    """
    selection = select_stages(config, discover(folders), kinds)
    for failure in selection.failures:
        warn(failure.message)
    found = False
    for path, source in read_sources(selection, paths):
        analysed = selection.pipeline.analyse(source, path, path)
        for problem in analysed.failures:
            warn(f"{path}: {problem.entry}: {problem.message}")
        yield analysed.document
        found = True
    if not found:
        raise ReadError(f"expected texts at {', '.join(paths)}, found none")


def read_sources(selection: Selection, paths: Sequence[str]) -> Iterator[tuple[str, SourceText]]:
    """Yield the records of files and folders, each with its file's path; say what fails.

    Raises:
        UsageError: a path does not exist.
    """
    readers = selection.stages["readers"]
    suffixes = [suffix for stage in readers for suffix in stage.made.suffixes]
    with ExitStack() as stack:
        for file in find_inputs(paths, suffixes, stack).files:
            try:
                data = _bytes(file.file)
            except OSError as error:
                warn(f"{file.path}: cannot be read: {error.strerror or error}")
                continue
            for event in Reading(readers, file.path).events(data):
                if isinstance(event, Record):
                    yield file.path, event.source
                elif isinstance(event, Trouble):
                    place = f"{file.path}:{event.record}" if event.record else file.path
                    named = event.message.startswith(file.path)
                    warn(event.message if named else f"{place}: {event.message}")


def warn(message: str) -> None:
    """Say on stderr what failed; the command will end with code 1."""
    click.echo(f"! {message}", err=True)
    click.get_current_context().meta[FAILED] = True


def places(document: Document, start: int | None, end: int | None) -> dict[str, int | None]:
    """Return a span of the cleaned text together with its place in the source."""
    source_start: int | None = None
    source_end: int | None = None
    if start is not None and end is not None:
        source_start, source_end = document.source_map.to_source(start, end)
    return {
        "start_char": start,
        "end_char": end,
        "source_start": source_start,
        "source_end": source_end,
    }


def write_records(records: Iterable[Mapping[str, Any]], form: str) -> None:
    """Write records to stdout: one JSON object a line, or CSV with a header.

    In CSV what is no plain value is written as JSON.
    """
    if form == "jsonl":
        for record in records:
            click.echo(json.dumps(record, ensure_ascii=False))
        return
    writer: Any = None
    for record in records:
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(record), lineterminator="\n")
            writer.writeheader()
        writer.writerow({key: _plain(value) for key, value in record.items()})


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def _bytes(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == STDIN else read_bytes(file)
