"""The commands ``lunheng eval mark`` and ``unmark``: write gold by hand, as marks in the text."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog="Example: lunheng eval mark interview.mark -o annotated/")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the raw files and their gold.",
)
def mark(files: tuple[Path, ...], output: Path) -> None:
    """Turn marked FILES into raw files, each with its NAME.gold.json.

    The marks are described in the module lunheng.markup.
    """
    from lunheng.errors import ReadError
    from lunheng.gold import SUFFIX, dump_gold
    from lunheng.markup import read_markup

    output.mkdir(parents=True, exist_ok=True)
    for file in files:
        try:
            raw, gold = read_markup(file.read_text("utf-8"))
        except ReadError as error:
            raise ReadError(f"{file}: {error}") from error
        target = output / Path(gold.source).name
        target.write_bytes(raw.encode("utf-8"))
        target.with_suffix(SUFFIX).write_bytes(dump_gold(gold).encode("utf-8"))
        click.echo(f"{target}", err=True)


@click.command(epilog="Example: lunheng eval unmark annotated/interview.gold.json > interview.mark")
@click.argument("file", type=_FILE)
def unmark(file: Path) -> None:
    """Print the marked text of a gold FILE, to be corrected and marked again."""
    from lunheng.gold import load_gold
    from lunheng.markup import write_markup

    gold = load_gold(file)
    raw = (file.parent / gold.source).read_bytes().decode("utf-8")
    click.echo(write_markup(raw, gold), nl=False)
