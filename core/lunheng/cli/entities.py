"""``lunheng entities``: names, amounts and dates, highlighted in their text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args

import click

from lunheng.cli.analysing import places
from lunheng.cli.presenting import Presentation, presenting
from lunheng.documents import EntityType

if TYPE_CHECKING:
    from lunheng.documents import Document
    from lunheng.i18n import Catalog

STYLES = {
    "PERSON": "bold cyan",
    "ORG": "bold yellow",
    "PRODUCT": "bold magenta",
    "WORK": "italic green",
    "PLACE": "blue",
    "MONEY": "bold green",
    "QTY": "red",
    "DATE": "underline",
}


@click.command(epilog="Example: lunheng entities article.txt --type PERSON --type ORG --to csv")
@click.option(
    "--type", "types", type=click.Choice(get_args(EntityType)), multiple=True,
    help="Only this type; may be repeated.",
)  # fmt: skip
@presenting
def entities(presentation: Presentation, types: tuple[EntityType, ...]) -> None:
    """Find names, amounts and dates in the texts at PATHS ("-": stdin)."""
    wanted = frozenset(types or get_args(EntityType))

    def records(document: Document) -> Iterator[dict[str, Any]]:
        return _records(document, wanted)

    def show(document: Document, say: Catalog) -> None:
        _show(document, wanted, say)

    presentation.present(records, show)


def _records(document: Document, wanted: frozenset[str]) -> Iterator[dict[str, Any]]:
    """Yield one record a mention, in the order of the text."""
    for mention in document.mentions:
        if mention.type in wanted:
            yield {
                "path": document.path,
                "record": document.record,
                "type": mention.type,
                "text": mention.text,
                "name": mention.name,
                "value": mention.value,
                **places(document, mention.start, mention.end),
            }


def _show(document: Document, wanted: frozenset[str], say: Catalog) -> None:
    """Print the cleaned text with its mentions highlighted, and how many of each type."""
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True)
    console.print(Text(f"# {document.path} {document.record}".rstrip(), style="bold"))
    text = Text(document.text)
    counts: Counter[str] = Counter()
    for mention in document.mentions:
        if mention.type in wanted:
            text.stylize(STYLES[mention.type], mention.start, mention.end)
            counts[mention.type] += 1
    console.print(text)
    found = ", ".join(f"{type_} {count}" for type_, count in sorted(counts.items()))
    click.echo(say("entities_done", path=document.path, found=found or "0"), err=True)
