"""``lunheng clean``: repair scraped text, show what each cleaner changed, or count it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lunheng.cli import lang_option, messages
from lunheng.cli.configuring import config_options, load_config

if TYPE_CHECKING:
    from lunheng.documents import Document, Repair
    from lunheng.i18n import Catalog

AROUND = 12
KINDS = ("readers", "cleaners")


@click.command(epilog="Example: lunheng clean article.html --diff")
@click.argument("paths", nargs=-1, required=True)
@click.option("--diff", "view", flag_value="diff", help="Show every repair in its place.")
@click.option("--report", "view", flag_value="report", help="Count the repairs by cleaner.")
@config_options
@lang_option
def clean(
    paths: tuple[str, ...],
    view: str | None,
    config_file: Path | None,
    assignments: tuple[str, ...],
    plugin_folders: tuple[Path, ...],
    lang: str,
) -> None:
    """Write the repaired text of the files at PATHS ("-": stdin)."""
    from lunheng.cli.analysing import analysed_documents

    config = load_config(config_file, assignments, {})
    say = messages(lang)
    for document in analysed_documents(paths, config, plugin_folders, KINDS):
        if view == "diff":
            _show_repairs(document)
        elif view == "report":
            _show_counts(document, say)
        else:
            click.echo(document.text, nl=not document.text.endswith("\n"))


def _show_repairs(document: Document) -> None:
    """Write each repair on a line: its place in the source, the cleaner, and the words around."""
    for repair in document.repairs:
        place = "-" if repair.source_start is None else f"{repair.source_start}"
        change = (
            f"[{repair.before}]" if flags(repair) else f"[-{repair.before}-]{{+{repair.after}+}}"
        )
        before, after = _around(document, repair)
        line = f"{document.path}:{place}: {repair.cleaner}: {before}{change}{after}"
        click.echo(line.replace("\n", "⏎"))


def _around(document: Document, repair: Repair) -> tuple[str, str]:
    """Return what stands before and after a repair in the source."""
    if repair.source_start is None or repair.source_end is None:
        return "", ""
    source, start, end = document.source, repair.source_start, repair.source_end
    return source[max(0, start - AROUND) : start], source[end : end + AROUND]


def _show_counts(document: Document, say: Catalog) -> None:
    """Write how often each cleaner repaired and flagged."""
    made = Counter(repair.cleaner for repair in document.repairs if not flags(repair))
    flagged = Counter(repair.cleaner for repair in document.repairs if flags(repair))
    click.echo(say("clean_counts", path=document.path, encoding=document.encoding,
                   made=made.total(), flagged=flagged.total()))  # fmt: skip
    for cleaner in sorted(made | flagged):
        click.echo(f"  {cleaner}\t{made[cleaner]}\t{flagged[cleaner]}")


def flags(repair: Repair) -> bool:
    """Return whether a repair leaves the text as it was and only points at it."""
    return repair.before == repair.after
