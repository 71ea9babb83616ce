"""``lunheng quotes``: who speaks, in turns and in quotations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from lunheng.cli.analysing import places
from lunheng.cli.presenting import Presentation, presenting

if TYPE_CHECKING:
    from lunheng.documents import Document
    from lunheng.i18n import Catalog


@click.command(epilog="Example: lunheng quotes interview.txt --to jsonl")
@presenting
def quotes(presentation: Presentation) -> None:
    """Find who speaks in the texts at PATHS ("-": stdin): turns, and quotations with holders."""
    presentation.present(_records, _show)


def _records(document: Document) -> Iterator[dict[str, Any]]:
    """Yield turns and quotes in the order of their places, with equal columns."""
    rows = []
    for turn in document.turns:
        rows.append(_record(document, "turn", turn.speaker, "", "turn", turn.start, turn.end))
    for quote in document.quotes:
        how, span = (quote.cue, quote.attribution), (quote.start, quote.end)
        rows.append(_record(document, "quote", quote.holder, *how, *span))
    yield from sorted(rows, key=lambda row: (row["start_char"], -row["end_char"]))


def _record(
    document: Document, kind: str, holder: str, cue: str, attribution: str, start: int, end: int
) -> dict[str, Any]:
    return {
        "path": document.path,
        "record": document.record,
        "kind": kind,
        "holder": holder,
        "cue": cue,
        "attribution": attribution,
        "text": document.text[start:end],
        **places(document, start, end),
    }


def _show(document: Document, say: Catalog) -> None:
    """Print each turn's and quotation's holder and words, in the order of the text."""
    click.secho(f"# {document.path} {document.record}".rstrip(), bold=True)
    for row in _records(document):
        holder = row["holder"] or say("quotes_nobody")
        colour = "cyan" if row["kind"] == "turn" else "yellow"
        words = " ".join(row["text"].split())
        mark = click.style(holder, fg=colour, bold=True)
        how = row["attribution"] + (f" {row['cue']}" if row["cue"] else "")
        click.echo(f"{row['start_char']:>7}  {mark} ({how})  {words}")
    turns, found = len(document.turns), len(document.quotes)
    click.echo(say("quotes_done", turns=turns, quotes=found), err=True)
