"""Write rows to standard output: a table for people, JSON or CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from lunheng.cli import Decorated

NARROWEST = 8  # characters' cells that a column keeps, however narrow the terminal


def format_option(command: Decorated) -> Decorated:
    """Add ``--format``: a table for people, JSON or CSV for programs."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
        help="How to write the answer.",
    )(command)


def write_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], form: str) -> None:
    """Write rows to standard output as a table, a JSON array of objects, or CSV."""
    out = sys.stdout
    if form == "json":
        json.dump(list(rows), out, ensure_ascii=False, indent=1)
        out.write("\n")
    elif form == "csv":
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        write_table(list(rows), columns)


def write_uneven(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: str) -> None:
    """Write rows of which some have columns that others lack; ``columns`` if there is no row."""
    names = list(dict.fromkeys(name for row in rows for name in row)) or columns
    write_rows([{name: row.get(name, "") for name in names} for row in rows], names, form)


def write_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Write rows as a table as wide as the terminal, or as tab-separated lines into a pipe."""
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(one_line(row[column]) for column in columns))
        return
    from rich.console import Console
    from rich.table import Table

    console = Console(markup=False, highlight=False)
    cells = fitted(
        [[one_line(row[column]) for column in columns] for row in rows], columns, console.width
    )
    table = Table(box=None, pad_edge=False)
    for column in columns:
        right = column == "left" or (bool(rows) and isinstance(rows[0][column], int))
        table.add_column(column, justify="right" if right else "left", no_wrap=True)
    for line in cells:
        table.add_row(*line)
    console.print(table)


def fitted(
    cells: Sequence[Sequence[str]], columns: Sequence[str], width: int
) -> list[tuple[str, ...]]:
    """Shorten cells until a table of them fits a width: the widest column first.

    What stands before a match (the column ``left``) loses its beginning, all else its end.

    >>> fitted([["7", "大模型要烧", "钱", "的时代过去了"]], ["id", "left", "match", "right"], 26)
    [('7', '…型要烧', '钱', '的时代…')]
    """
    from rich.cells import cell_len

    widths = [
        max([cell_len(column), *(cell_len(line[i]) for line in cells)])
        for i, column in enumerate(columns)
    ]
    while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return [
        tuple(
            _shortened(cell, most, at_start=column == "left")
            for cell, most, column in zip(line, widths, columns, strict=True)
        )
        for line in cells
    ]


def _shortened(cell: str, width: int, *, at_start: bool) -> str:
    """Return a cell that is at most ``width`` wide, with an ellipsis where it was cut."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(cell) <= width:
        return cell
    kept = cell[::-1] if at_start else cell
    kept = set_cell_size(kept, width - 1).rstrip() + "…"
    return kept[::-1] if at_start else kept


def one_line(value: object) -> str:
    """Return a cell's text with line breaks and tabs shown as marks."""
    return str(value).replace("\n", "⏎").replace("\r", "").replace("\t", "⇥")
