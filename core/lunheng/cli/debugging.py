"""Go through a document stage by stage, for `lunheng run --debug` and `lunheng plugins trace`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lunheng.analyst import KINDS
from lunheng.containment import contained
from lunheng.inputs import find_inputs
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
    with ExitStack() as stack:
        for path, source in read_sources(selection, paths, stack):
            click.echo(f"# {path} {source.record}".rstrip())
            for stage, before, after, failures in added(selection, source, path):
                _print_added(stage, before, after)
                for failure in failures:
                    click.echo(f"! {failure.entry}: {failure.message}")


def read_sources(
    selection: Selection, paths: Sequence[str], stack: ExitStack
) -> Iterator[tuple[str, SourceText]]:
    """Yield the records of the files at ``paths``, each with its file's path."""
    readers = selection.stages["readers"]
    suffixes = {suffix: stage for stage in reversed(readers) for suffix in stage.made.suffixes}
    for file in find_inputs(paths, suffixes, stack).files:
        stage = suffixes.get(Path(file.path).suffix.lower(), readers[0])
        with contained(stage.entry, "failed"):
            sources = list(stage.made.read(Path(file.file).read_bytes(), file.path))
        for source in sources:
            yield file.path, source


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
