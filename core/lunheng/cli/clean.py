"""``lunheng clean``: repair scraped text, show what each cleaner changed, or count it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
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


@click.command(
    epilog="Example: lunheng clean article.html --diff"
    " && lunheng clean article.html --convert tw > article.txt"
)
@click.argument("paths", nargs=-1, required=True)
@click.option("--diff", is_flag=True, help="Show every repair in its place.")
@click.option("--report", is_flag=True, help="Count the repairs by cleaner.")
@click.option(
    "--convert",
    type=click.Choice(("t2s", "s2t", "tw", "hk")),
    help="Write the text in another script; needs the extra opencc.",
)
@config_options
@lang_option
def clean(
    paths: tuple[str, ...],
    diff: bool,
    report: bool,
    convert: str | None,
    config_file: Path | None,
    assignments: tuple[str, ...],
    plugin_folders: tuple[Path, ...],
    lang: str,
) -> None:
    """Write the repaired text of the files at PATHS ("-": stdin).

    Where there are several texts, a line `==> NAME <==` stands before each.
    """
    from lunheng.cli.analysing import analysed_documents
    from lunheng.text import ScriptConverter

    config = load_config(config_file, assignments, {})
    converter = ScriptConverter(convert) if convert else None
    say = messages(lang)
    totals = Counts()
    documents = analysed_documents(paths, config, plugin_folders, KINDS)
    for document, several in _counted(documents):
        if diff:
            _show_repairs(document)
        if report:
            counts = Counts.of(document)
            totals.add(counts)
            _show_counts(document, counts, say)
        if not diff and not report:
            if several:
                click.echo(f"==> {_name(document)} <==")
            text = converter.convert(document.text).text if converter else document.text
            click.echo(text, nl=not text.endswith("\n"))
    if totals.documents > 1:
        click.echo(say("clean_totals", documents=totals.documents, made=totals.made.total(),
                       flagged=totals.flagged.total()))  # fmt: skip
        _show_rows(totals)


@dataclass(slots=True)
class Counts:
    """How often each cleaner repaired and flagged, in so many documents."""

    made: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    documents: int = 0

    @classmethod
    def of(cls, document: Document) -> Counts:
        """Count the repairs of one document."""
        made = Counter(repair.cleaner for repair in document.repairs if not flags(repair))
        flagged = Counter(repair.cleaner for repair in document.repairs if flags(repair))
        return cls(made, flagged, 1)

    def add(self, other: Counts) -> None:
        """Add the counts of other documents."""
        self.made += other.made
        self.flagged += other.flagged
        self.documents += other.documents


def _counted(documents: Iterable[Document]) -> Iterator[tuple[Document, bool]]:
    """Yield each document, and whether there are several."""
    left = iter(documents)
    first = list(islice(left, 2))
    for document in chain(first, left):
        yield document, len(first) > 1


def _name(document: Document) -> str:
    """Return the file and record that a document comes from."""
    return ":".join(filter(None, (document.path, document.record)))


def _show_repairs(document: Document) -> None:
    """Write each repair on a line: its place in the source, the cleaner, and the words around."""
    for repair in sorted(document.repairs, key=lambda repair: repair.source_start or 0):
        taken, put = f"[-{repair.before}-]", f"{{+{repair.after}+}}"
        change = f"[{repair.before}]" if flags(repair) else taken + (put if repair.after else "")
        before, after = _around(document, repair)
        line = f"{_place(document, repair)}: {repair.cleaner}: {before}{change}{after}"
        click.echo(line.replace("\n", "⏎"))


def _place(document: Document, repair: Repair) -> str:
    """Return where a repair is: file, record, page or the like, line and column of the source."""
    from lunheng.documents import locate

    parts = [document.path, document.record]
    if repair.source_start is not None:
        source, at = document.source, repair.source_start
        locator = locate(document.locators, at)
        line, column = source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at)
        parts += [f"{locator.kind} {locator.name}"] if locator else [f"{line}:{column}"]
    return ":".join(filter(None, parts))


def _around(document: Document, repair: Repair) -> tuple[str, str]:
    """Return what stands before and after a repair in the source."""
    if repair.source_start is None or repair.source_end is None:
        return "", ""
    source, start, end = document.source, repair.source_start, repair.source_end
    return source[max(0, start - AROUND) : start], source[end : end + AROUND]


def _show_counts(document: Document, counts: Counts, say: Catalog) -> None:
    """Write what one document is, and how often each cleaner repaired and flagged."""
    script = say(f"script_{document.script}")
    click.echo(say("clean_counts", path=_name(document), encoding=document.encoding, script=script,
                   made=counts.made.total(), flagged=counts.flagged.total()))  # fmt: skip
    _show_rows(counts)


def _show_rows(counts: Counts) -> None:
    """Write a row a cleaner."""
    for cleaner in sorted(counts.made | counts.flagged):
        click.echo(f"  {cleaner}\t{counts.made[cleaner]}\t{counts.flagged[cleaner]}")


def flags(repair: Repair) -> bool:
    """Return whether a repair leaves the text as it was and only points at it."""
    return repair.before == repair.after
