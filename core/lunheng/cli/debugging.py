"""Go through a document stage by stage, for `lunheng run --debug` and `lunheng plugins trace`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lunheng.analyst import KINDS
from lunheng.cli.analysing import read_sources
from lunheng.plugins import discover
from lunheng.selection import Selection, select_stages

if TYPE_CHECKING:
    from lunheng.config import Config
    from lunheng.documents import Document, SourceText
    from lunheng.pipeline import StageFailure

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
    for path, source in read_sources(selection, paths):
        click.echo(f"# {path} {source.record}".rstrip())
        for stage, before, after, failures in added(selection, source, path):
            _print_added(stage, before, after)
            for failure in failures:
                click.echo(f"! {failure.entry}: {failure.message}")


def added(
    selection: Selection, source: SourceText, path: str
) -> Iterator[tuple[str, Document, Document, Sequence[StageFailure]]]:
    """Yield each stage with the document before and after it, and with what failed at the end."""
    steps = selection.pipeline.steps(source, "debug", path, {})
    before: Document | None = None
    stage = ""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            if before is not None:
                yield stage, before, end.value.document, end.value.failures
            return
        if before is not None:
            yield stage, before, step.document, ()
        before, stage = step.document, f"{step.entry.kind}.{step.entry.name}"


def _print_added(stage: str, before: Document, after: Document) -> None:
    """Print the records that one stage added."""
    click.echo(f"## {stage}")
    for name in SHOWN:
        for record in getattr(after, name)[len(getattr(before, name)) :]:
            click.echo(f"{name[:-1]}\t{record}")
    if after.tokens is not None and before.tokens is None:
        words = [after.text[start:end] for start, end in after.tokens.tolist()]
        click.echo("tokens\t" + " ".join(words).replace("\n", "⏎"))
