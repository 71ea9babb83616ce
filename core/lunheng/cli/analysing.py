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
from lunheng.containment import contained
from lunheng.inputs import STDIN, find_inputs
from lunheng.plugins import discover
from lunheng.selection import select_stages

if TYPE_CHECKING:
    from lunheng.config import Config
    from lunheng.documents import Document

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
        PluginError: a reader fails.
    """
    selection = select_stages(config, discover(folders), kinds)
    for failure in selection.failures:
        click.echo(f"! {failure.message}", err=True)
    readers = selection.stages["readers"]
    suffixes = {suffix: stage for stage in reversed(readers) for suffix in stage.made.suffixes}
    with ExitStack() as stack:
        for file in find_inputs(paths, suffixes, stack).files:
            stage = suffixes.get(Path(file.path).suffix.lower(), readers[0])
            with contained(stage.entry, "failed"):
                data = _bytes(file.file)
                sources = list(stage.made.read(data, file.path))
            for source in sources:
                analysed = selection.pipeline.analyse(source, file.path, file.path)
                for problem in analysed.failures:
                    click.echo(f"! {file.path}: {problem.entry}: {problem.message}", err=True)
                yield analysed.document


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
    return sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
