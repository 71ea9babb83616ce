"""``lunheng entities``: names, amounts and dates, highlighted in their text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from lunheng.cli import lang_option, messages
from lunheng.cli.analysing import FORMATS, analysed_documents, places, write_records
from lunheng.cli.configuring import config_options, load_config
from lunheng.documents import EntityType

if TYPE_CHECKING:
    from lunheng.documents import Document

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
@click.argument("paths", nargs=-1, required=True)
@click.option(
    "--to", "form", type=click.Choice(FORMATS), default="text", show_default=True,
    help="The text with its entities highlighted, or the records.",
)  # fmt: skip
@click.option(
    "--type", "types", type=click.Choice(get_args(EntityType)), multiple=True,
    help="Only this type; may be repeated.",
)  # fmt: skip
@config_options
@lang_option
def entities(
    paths: tuple[str, ...],
    form: str,
    types: tuple[EntityType, ...],
    config_file: Path | None,
    assignments: tuple[str, ...],
    plugin_folders: tuple[Path, ...],
    lang: str,
) -> None:
    """Find names, amounts and dates in the texts at PATHS ("-": stdin)."""
    config = load_config(config_file, assignments, {})
    documents = analysed_documents(paths, config, plugin_folders)
    wanted = frozenset(types or get_args(EntityType))
    if form != "text":
        write_records((row for document in documents for row in _records(document, wanted)), form)
        return
    say = messages(lang)
    for document in documents:
        counts = _show(document, wanted)
        found = ", ".join(f"{type_} {count}" for type_, count in sorted(counts.items()))
        click.echo(say("entities_done", path=document.path, found=found or "0"), err=True)


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


def _show(document: Document, wanted: frozenset[str]) -> Counter[str]:
    """Print the cleaned text with its mentions highlighted; return how many of each type."""
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
    return counts
