"""Write rows to standard output: a table for people, JSON or CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from lunheng.cli import Decorated


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

    table = Table(box=None, pad_edge=False)
    for column in columns:
        right = column == "left" or (bool(rows) and isinstance(rows[0][column], int))
        table.add_column(column, justify="right" if right else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(one_line(row[column]) for column in columns))
    Console(markup=False, highlight=False).print(table)


def one_line(value: object) -> str:
    """Return a cell's text with line breaks and tabs shown as marks."""
    return str(value).replace("\n", "⏎").replace("\r", "").replace("\t", "⇥")
