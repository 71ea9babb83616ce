"""``lunheng index count|find|kwic|query|search|top``: ask an index for phrases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lunheng.cli import lang_option, messages
from lunheng.cli.index_options import (
    chosen_tokenizer,
    counted,
    index_argument,
    open_index,
    reposts_option,
    variants_option,
    words_option,
)
from lunheng.cli.rows import format_option, write_rows, write_uneven
from lunheng.errors import UsageError

if TYPE_CHECKING:
    from lunheng.index import NgramIndex
    from lunheng.index.filters import Condition


@click.command()
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


@click.command()
@index_argument
@click.argument("phrase")
@click.option("--limit", type=click.IntRange(0), help="Occurrences at most; default: all.")
@variants_option
@words_option
@format_option
@lang_option
def find(
    directory: Path,
    phrase: str,
    limit: int | None,
    variants: Any,
    words: bool,
    form: str,
    lang: str,
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
    write_uneven(rows, ["id", "start", "end"], form)
    if not rows:
        click.echo(messages(lang)("query_found", documents=0, places=0), err=True)


@click.command()
@index_argument
@click.argument("phrase")
@click.option("--width", default=20, show_default=True, type=click.IntRange(0), help="Characters.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(0), help="Lines.")
@variants_option
@words_option
@format_option
@lang_option
def kwic(
    directory: Path,
    phrase: str,
    width: int,
    limit: int,
    variants: Any,
    words: bool,
    form: str,
    lang: str,
) -> None:
    """Show a phrase in its contexts.

    Example: lunheng index kwic corpus.index 大模型 --width 12
    """
    lines = list(
        open_index(directory).kwic(
            phrase, width, limit, variants=variants, tokenizer=chosen_tokenizer(words)
        )
    )
    columns = ("id", "start", "left", "match", "right")
    write_rows(({name: getattr(line, name) for name in columns} for line in lines), columns, form)
    if not lines and limit:
        click.echo(messages(lang)("query_found", documents=0, places=0), err=True)


@click.command()
@index_argument
@click.option("--min", "n_min", default=2, show_default=True, help="Characters at least.")
@click.option("--max", "n_max", default=5, show_default=True, help="Characters at most.")
@click.option("-k", "k", default=50, show_default=True, help="How many.")
@click.option("--maximal", is_flag=True, help="Leave out n-grams that are parts of longer ones.")
@click.option("--all-characters", is_flag=True, help="Punctuation and spaces too.")
@click.option("--words", is_flag=True, help="N-grams of words instead of characters.")
@reposts_option
@format_option
def top(
    directory: Path,
    n_min: int,
    n_max: int,
    k: int,
    maximal: bool,
    all_characters: bool,
    words: bool,
    reposts: bool,
    form: str,
) -> None:
    """List the most frequent n-grams.

    Example: lunheng index top corpus.index --min 3 -k 20 --maximal
    """
    from lunheng.corpus import WordTable, frequency_list

    if all_characters and (words or maximal):
        raise UsageError("--all-characters goes with neither --words nor --maximal")
    source, ids = open_index(directory), counted(directory, reposts)
    if all_characters:
        found = [(ngram, count) for ngram, count in source.top(n_min, n_max, k, letters=False)]
    else:
        cut = chosen_tokenizer(words)
        table = WordTable.of(source, cut or list, ids) if cut or ids is not None else source
        listed = frequency_list(table, n_min, n_max, k, maximal=maximal)
        found = [((" " if words else "").join(one.ngram), one.count) for one in listed]
    rows = ({"ngram": ngram, "occurrences": occurrences} for ngram, occurrences in found)
    write_rows(rows, ("ngram", "occurrences"), form)


@click.command()
@index_argument
@click.argument("query")
@click.option("--width", default=20, show_default=True, type=click.IntRange(0), help="Characters.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(0), help="Lines.")
@click.option("--documents", is_flag=True, help="The documents, instead of lines.")
@variants_option
@format_option
@lang_option
def query(
    directory: Path,
    query: str,
    width: int,
    limit: int,
    documents: bool,
    variants: Any,
    form: str,
    lang: str,
) -> None:
    """Find what a query asks for, in its contexts.

    \b
    大模型 应用        both, anywhere in a document (also: AND)
    大模型 OR 应用     either;  大模型 NOT 应用: the first without the second
    大模型 NEAR/9 应用 at most nine characters between, in either order
    大?模型  烧*钱     any one character; a few (ten at most), within the line
    "AND?"           as it is, between quotation marks
    ~后              all that folds alike (后 and 後)
    year:2022..2024  author:"Lin, A."  source:晚报|日报  title:*早报* (a part of it)

    Example: lunheng index query study '烧钱 NEAR/20 (大模型 OR 模型) date:2023..2024'
    """  # noqa: D301 (the backspace keeps click from joining the lines)
    from lunheng.corpus import Query

    source = open_index(directory)
    found = Query(query).matches(source, variants=variants)
    summary = messages(lang)("query_found", documents=len(found.documents), places=len(found.ids))
    if documents or not len(found.ids):
        rows = [{"id": i, **source.fields(i)} for i in found.documents[:limit].tolist()]
        write_uneven(rows, ["id"], form)
    else:
        columns = ("id", "start", "left", "match", "right")
        lines = found.lines(source, width, limit)
        write_rows(({c: getattr(line, c) for c in columns} for line in lines), columns, form)
    click.echo(summary, err=True)


@click.command()
@index_argument
@click.argument("query")
@click.option("-k", "k", default=10, show_default=True, type=click.IntRange(1), help="How many.")
@click.option(
    "--where",
    multiple=True,
    metavar="FIELD=VALUE",
    help=(
        "Only documents with a value, in either script; FIELD=A..B for a range, FIELD=A|B for one"
        " of several, FIELD=*A* for a part."
    ),
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
    hits = source.search(query, k, where=conditions(source, where), variants=variants)
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


def conditions(source: NgramIndex, where: Iterable[str]) -> dict[str, Condition]:
    """Read conditions such as ``year=2022..2024`` on the fields of an index.

    Raises:
        lunheng.errors.UsageError: a condition has no equals sign, or the index no such field.
    """
    found = {}
    for condition in where:
        name, equals, value = condition.partition("=")
        if not name or not equals:
            raise UsageError(f"--where: expected FIELD=VALUE, got {condition!r}")
        found[name] = source.condition(name, value)
    return found
