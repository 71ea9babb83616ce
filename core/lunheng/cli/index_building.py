"""``lunheng index build|add|info|check|merge``: make an index and look after it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lunheng.cli import Decorated, lang_option, messages
from lunheng.cli.index_options import index_argument, open_index
from lunheng.cli.rows import format_option, write_rows, write_table
from lunheng.errors import ReadError, UsageError

if TYPE_CHECKING:
    from lunheng.i18n import Catalog
    from lunheng.index import NgramIndex

INFO_COLUMNS = ("name", "value")


def texts_options(command: Decorated) -> Decorated:
    """Add the texts to read, and how."""
    for option in (
        lang_option,
        click.option(
            "--memory",
            default=256,
            show_default=True,
            type=click.IntRange(1),
            help="MB to sort in.",
        ),
        click.option(
            "--text-key", default="text", show_default=True, help="JSON: key of the text."
        ),
        click.argument(
            "inputs", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True)
        ),
    ):
        command = option(command)
    return command


@click.command()
@texts_options
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="The new index's folder."
)
@click.option("--compact", is_flag=True, help="A smaller index, for a slower build.")
def build(
    inputs: tuple[Path, ...],
    output: Path,
    text_key: str,
    memory: int,
    compact: bool,
    lang: str,
) -> None:
    """Index texts: .txt, .md and .jsonl files (also .gz, .xz), folders of them, or - (stdin).

    Example: lunheng index build articles/ news.jsonl.xz -o corpus.index
    """
    from lunheng.index import NgramIndex

    files = list(all_files(inputs))
    with NgramIndex.create(output, memory=memory << 20, compact=compact) as target:
        failed = fill(target, files, text_key, messages(lang))
        target.commit()
        report(target, messages(lang))
    if failed:
        sys.exit(1)


@click.command()
@index_argument
@texts_options
def add(directory: Path, inputs: tuple[Path, ...], text_key: str, memory: int, lang: str) -> None:
    """Add texts to an index.

    Example: lunheng index add corpus.index today/
    """
    from lunheng.index import NgramIndex

    files = list(all_files(inputs))
    with NgramIndex.open(directory, memory=memory << 20) as target:
        failed = fill(target, files, text_key, messages(lang))
        target.commit()
        report(target, messages(lang))
    if failed:
        sys.exit(1)


def report(target: NgramIndex, say: Catalog) -> None:
    """Say what the index holds now."""
    click.echo(say("index_built", documents=len(target), characters=target.characters), err=True)


def fill(target: NgramIndex, files: Sequence[Path], text_key: str, say: Catalog) -> int:
    """Add every readable text; name what cannot be read and return how many files that were."""
    from lunheng.cli.index_progress import IndexProgress
    from lunheng.index.sources import read_texts

    failed = 0
    with IndexProgress(files, say) as progress:
        for file in files:
            try:
                for record in read_texts(file, text_key, progress.watch):
                    target.add(record.text, **record.fields)
                    progress.added(record.text)
            except ReadError as error:
                failed += 1
                click.echo(say("index_skipped", reason=error), err=True)
    return failed


def all_files(inputs: Iterable[Path]) -> Iterator[Path]:
    """Yield the files of all inputs.

    Raises:
        lunheng.errors.UsageError: an input is missing, or a folder has nothing to read.
    """
    from lunheng.index.sources import input_files

    for path in inputs:
        if str(path) != "-" and not path.exists():
            raise UsageError(f"there is no file or folder {path}")
        yield from [path] if str(path) == "-" else input_files(path)


@click.command()
@index_argument
@format_option
def info(directory: Path, form: str) -> None:
    """Tell what an index holds and how large it is.

    Example: lunheng index info corpus.index
    """
    from dataclasses import asdict

    found = asdict(open_index(directory).info())
    if form == "table":
        write_table([{"name": name, "value": value} for name, value in found.items()], INFO_COLUMNS)
    else:
        write_rows([found], list(found), form)


@click.command()
@index_argument
@lang_option
def check(directory: Path, lang: str) -> None:
    """Verify every block of an index against its checksum.

    Example: lunheng index check corpus.index
    """
    source = open_index(directory)
    source.check()
    say = messages(lang)
    click.echo(
        say("index_sound", segments=source.info().segments, size=source.info().size), err=True
    )


@click.command()
@index_argument
@lang_option
def merge(directory: Path, lang: str) -> None:
    """Merge all segments into one and drop deleted documents.

    Example: lunheng index merge corpus.index
    """
    with open_index(directory) as target:
        target.merge()
        report(target, messages(lang))
