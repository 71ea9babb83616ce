"""Print what each stage finds in a document, for `lunheng run --debug`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lunheng.analyst import KINDS
from lunheng.inputs import find_inputs
from lunheng.plugins import contained, discover
from lunheng.selection import Selection, select_stages

if TYPE_CHECKING:
    from lunheng.config import Config
    from lunheng.documents import Document, SourceText

SHOWN = ("repairs", "blocks", "turns", "mentions", "quotes", "stances")


def print_stages(paths: Sequence[str], config: Config, folders: Iterable[Path]) -> None:
    """Print the records of every stage on the documents at ``paths``; no study is written.

    Raises:
        UsageError: a path does not exist.
        PluginError: a reader fails.
    """
    selection = select_stages(config, discover(folders), KINDS)
    for failure in selection.failures:
        click.echo(f"! {failure.message}", err=True)
    readers = selection.stages["readers"]
    suffixes = {suffix: stage for stage in reversed(readers) for suffix in stage.made.suffixes}
    with ExitStack() as stack:
        for file in find_inputs(paths, suffixes, stack).files:
            stage = suffixes.get(Path(file.path).suffix.lower(), readers[0])
            with contained(stage.entry, "failed"):
                sources = list(stage.made.read(Path(file.file).read_bytes(), file.path))
            for source in sources:
                click.echo(f"# {file.path} {source.record}".rstrip())
                _print_document(selection, source, file.path)


def _print_document(selection: Selection, source: SourceText, path: str) -> None:
    """Print what each stage adds to one document."""
    steps = selection.pipeline.steps(source, "debug", path, {})
    before: Document | None = None
    stage = "reader"
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            _print_added(stage, before, end.value.document)
            for failure in end.value.failures:
                click.echo(f"! {failure.entry}: {failure.message}")
            return
        _print_added(stage, before, step.document)
        before, stage = step.document, f"{step.entry.kind}.{step.entry.name}"


def _print_added(stage: str, before: Document | None, after: Document) -> None:
    """Print the records that one stage added."""
    if before is None:
        return
    click.echo(f"## {stage}")
    for name in SHOWN:
        for record in getattr(after, name)[len(getattr(before, name)) :]:
            click.echo(f"{name[:-1]}\t{record}")
    if after.tokens is not None and before.tokens is None:
        words = [after.text[start:end] for start, end in after.tokens.tolist()]
        click.echo("tokens\t" + " ".join(words).replace("\n", "⏎"))
