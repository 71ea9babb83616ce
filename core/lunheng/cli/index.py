"""``lunheng index``: build an n-gram index and ask it for phrases."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lunheng.cli import Decorated, lang_option, messages
from lunheng.errors import ReadError, UsageError

if TYPE_CHECKING:
    from lunheng.i18n import Catalog
    from lunheng.index import NgramIndex
    from lunheng.index.tokens import Tokenize

STUDY_INDEX = "index"
INFO_COLUMNS = ("name", "value")


@click.group()
def index() -> None:
    """Build and ask an n-gram index.

    DIRECTORY is an index, or a study, whose index is then asked.

    Example: lunheng index build articles/ -o corpus.index && lunheng index kwic corpus.index 大模型
    """


def open_index(directory: Path) -> NgramIndex:
    """Open an index, or that of a study."""
    from lunheng.index import NgramIndex

    study = directory / STUDY_INDEX
    return NgramIndex.open(study if study.is_dir() else directory)


def index_argument(command: Decorated) -> Decorated:
    """Add the DIRECTORY of an index."""
    return click.argument("directory", type=click.Path(path_type=Path))(command)


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


def variants_option(command: Decorated) -> Decorated:
    """Add ``--variants``: which written forms match."""
    return click.option(
        "--variants",
        type=click.Choice(["written", "all"]),
        default="written",
        show_default=True,
        help="Whether characters that fold alike but are kept apart (后, 後) match.",
    )(command)


def words_option(command: Decorated) -> Decorated:
    """Add ``--words``: only whole words match."""
    return click.option(
        "--words", is_flag=True, help="Only where the phrase begins and ends at words."
    )(command)


def chosen_tokenizer(words: bool) -> Tokenize | None:
    """Return what cuts texts into words, if whole words are asked for."""
    if not words:
        return None
    from lunheng.tokenize import Tokenizer

    return Tokenizer().cut


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


@index.command()
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
    report(target, failed, messages(lang))


@index.command()
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
    report(target, failed, messages(lang))


def report(target: NgramIndex, failed: int, say: Catalog) -> None:
    """Say what the index holds now; exit with 1 if files failed."""
    click.echo(say("index_built", documents=len(target), characters=target.characters), err=True)
    if failed:
        sys.exit(1)


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


@index.command()
@index_argument
@click.argument("phrases", nargs=-1, required=True)
@variants_option
@words_option
@format_option
def count(directory: Path, phrases: tuple[str, ...], variants: Any, words: bool, form: str) -> None:
    """Count how often phrases occur, and in how many documents.

    Example: lunheng index count corpus.index 大模型 人工智能
    """
    source, tokenizer = open_index(directory), chosen_tokenizer(words)
    rows = [
        {
            "phrase": phrase,
            "occurrences": source.count(phrase, variants=variants, tokenizer=tokenizer),
            "documents": len(source.docs(phrase, variants=variants, tokenizer=tokenizer)),
        }
        for phrase in phrases
    ]
    write_rows(rows, ("phrase", "occurrences", "documents"), form)


@index.command()
@index_argument
@click.argument("phrase")
@click.option("--limit", type=click.IntRange(0), help="Occurrences at most; default: all.")
@variants_option
@words_option
@format_option
def find(
    directory: Path, phrase: str, limit: int | None, variants: Any, words: bool, form: str
) -> None:
    """List where a phrase occurs: document, offsets, and the document's fields.

    Example: lunheng index find corpus.index 大模型 --format csv
    """
    source = open_index(directory)
    ids, starts = source.positions(phrase, variants=variants, tokenizer=chosen_tokenizer(words))
    rows: list[dict[str, Any]] = []
    fields: Mapping[str, object] = {}
    last = -1
    for identifier, start in zip(ids[:limit].tolist(), starts[:limit].tolist(), strict=True):
        if identifier != last:
            fields, last = source.fields(identifier), identifier
        rows.append({"id": identifier, "start": start, "end": start + len(phrase), **fields})
    columns = list(dict.fromkeys(name for row in rows for name in row)) or ["id", "start", "end"]
    write_rows([{name: row.get(name, "") for name in columns} for row in rows], columns, form)


@index.command()
@index_argument
@click.argument("phrase")
@click.option("--width", default=20, show_default=True, type=click.IntRange(0), help="Characters.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(0), help="Lines.")
@variants_option
@words_option
@format_option
def kwic(
    directory: Path, phrase: str, width: int, limit: int, variants: Any, words: bool, form: str
) -> None:
    """Show a phrase in its contexts.

    Example: lunheng index kwic corpus.index 大模型 --width 12
    """
    lines = open_index(directory).kwic(
        phrase, width, limit, variants=variants, tokenizer=chosen_tokenizer(words)
    )
    columns = ("id", "start", "left", "match", "right")
    write_rows(({name: getattr(line, name) for name in columns} for line in lines), columns, form)


@index.command()
@index_argument
@click.option("--min", "n_min", default=2, show_default=True, help="Characters at least.")
@click.option("--max", "n_max", default=5, show_default=True, help="Characters at most.")
@click.option("-k", "k", default=50, show_default=True, help="How many.")
@click.option("--all-characters", is_flag=True, help="Punctuation and spaces too.")
@click.option("--words", is_flag=True, help="N-grams of words instead of characters.")
@format_option
def top(
    directory: Path,
    n_min: int,
    n_max: int,
    k: int,
    all_characters: bool,
    words: bool,
    form: str,
) -> None:
    """List the most frequent n-grams.

    Example: lunheng index top corpus.index --min 3 -k 20
    """
    source, tokenizer, letters = open_index(directory), chosen_tokenizer(words), not all_characters
    if tokenizer:
        of_words = source.top_tokens(tokenizer, n_min, n_max, k, letters=letters)
        found = [(" ".join(ngram), occurrences) for ngram, occurrences in of_words]
    else:
        found = source.top(n_min, n_max, k, letters=letters)
    rows = ({"ngram": ngram, "occurrences": occurrences} for ngram, occurrences in found)
    write_rows(rows, ("ngram", "occurrences"), form)


@index.command()
@index_argument
@click.argument("query")
@click.option("-k", "k", default=10, show_default=True, type=click.IntRange(1), help="How many.")
@click.option(
    "--where",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Only documents with a value; FIELD=A..B for a range, FIELD=A|B for one of several.",
)
@click.option("--width", default=60, show_default=True, type=click.IntRange(1), help="Characters.")
@variants_option
@format_option
def search(
    directory: Path,
    query: str,
    k: int,
    where: tuple[str, ...],
    width: int,
    variants: Any,
    form: str,
) -> None:
    """Rank documents for a query; phrases in quotation marks must occur.

    Example: lunheng index search corpus.index '大模型 "开源"' --where year=2022..2024
    """
    source = open_index(directory)
    hits = source.search(query, k, where=conditions(where), variants=variants)
    rows = (
        {
            "id": hit.id,
            "score": round(hit.score, 4),
            "snippet": source.snippet(hit.id, query, width).text,
            "fields": "; ".join(f"{name}={value}" for name, value in source.fields(hit.id).items()),
        }
        for hit in hits
    )
    write_rows(rows, ("id", "score", "snippet", "fields"), form)


def conditions(where: Iterable[str]) -> dict[str, Any]:
    """Read conditions such as ``year=2022..2024``; numbers are numbers, the rest is text.

    Raises:
        lunheng.errors.UsageError: a condition has no equals sign.

    >>> conditions(["year=2022..", "source=甲|乙", "open=true"])
    {'year': (2022, None), 'source': ['甲', '乙'], 'open': True}
    """
    from lunheng.index.filters import condition_of

    found: dict[str, Any] = {}
    for condition in where:
        name, equals, value = condition.partition("=")
        if not name or not equals:
            raise UsageError(f"--where: expected FIELD=VALUE, got {condition!r}")
        found[name] = condition_of(value)
    return found


@index.command()
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


@index.command()
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


@index.command()
@index_argument
@lang_option
def merge(directory: Path, lang: str) -> None:
    """Merge all segments into one and drop deleted documents.

    Example: lunheng index merge corpus.index
    """
    with open_index(directory) as target:
        target.merge()
        report(target, 0, messages(lang))
