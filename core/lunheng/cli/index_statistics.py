"""``lunheng index collocates|keyness|newwords|dispersion|trend``: statistics of words."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lunheng.cli import lang_option, messages
from lunheng.cli.index_options import counted, index_argument, open_index, reposts_option
from lunheng.cli.rows import format_option, write_rows
from lunheng.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lunheng.corpus import Matches, WordTable
    from lunheng.index import NgramIndex

BAR = 24


def shown_progress(length: int, label: str) -> Any:
    """Return a bar on standard error that counts to ``length``; hidden in a pipe."""
    return click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    )


def words_of(source: NgramIndex, ids: NDArray[np.int64] | None, lang: str) -> WordTable:
    """Cut the documents that count into words."""
    from lunheng.corpus import WordTable
    from lunheng.tokenize import Tokenizer

    with shown_progress(source.characters, messages(lang)("words_cutting")) as bar:
        return WordTable.of(source, Tokenizer().cut, ids, bar.update)


def rounded(row: object) -> dict[str, Any]:
    """Return a result's columns, real numbers to four decimals."""
    assert hasattr(row, "__dataclass_fields__")
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in asdict(row).items()  # type: ignore[call-overload]
    }


def write_results(rows: Sequence[object], kind: type, form: str) -> None:
    """Write results of one dataclass, its fields as columns."""
    write_rows(map(rounded, rows), list(kind.__dataclass_fields__), form)  # type: ignore[attr-defined]


def placed(query: str, source: NgramIndex) -> Matches:
    """Return what a query finds, if it looks for places.

    Raises:
        lunheng.errors.UsageError: it only narrows documents.
    """
    from lunheng.corpus import Query

    found = Query(query).matches(source)
    if len(found.documents) and not len(found.ids):
        raise UsageError(f"the query {query!r} finds documents but no place in them; name a phrase")
    return found


@click.command()
@index_argument
@click.argument("query")
@click.option("--left", default=5, show_default=True, type=click.IntRange(0), help="Words before.")
@click.option("--right", default=5, show_default=True, type=click.IntRange(0), help="Words after.")
@click.option(
    "--measure",
    type=click.Choice(["log-dice", "log-likelihood", "pmi", "t-score"]),
    default="log-dice",
    show_default=True,
    help="By what to order.",
)
@click.option("--min", "least", default=3, show_default=True, help="Occurrences together at least.")
@click.option("-k", "k", default=30, show_default=True, type=click.IntRange(1), help="How many.")
@click.option(
    "--function-words", "all_words", is_flag=True, help="List 的, 了, 我们 and the like too."
)
@reposts_option
@format_option
@lang_option
def collocates(
    directory: Path,
    query: str,
    left: int,
    right: int,
    measure: Any,
    least: int,
    k: int,
    all_words: bool,
    reposts: bool,
    form: str,
    lang: str,
) -> None:
    """List the words that stand near what a query finds more often than chance would have it.

    Function words are left out: near any word they are frequent, and say nothing about it.

    Example: lunheng index collocates study 大模型 --measure log-likelihood
    """
    from lunheng.corpus import Collocate
    from lunheng.corpus import collocates as find
    from lunheng.corpus.function_words import function_words

    source = open_index(directory)
    node = placed(query, source)
    table = words_of(source, counted(directory, reposts), lang)
    rows = find(
        table,
        node,
        window=(left, right),
        measure=measure.replace("-", "_"),
        least=least,
        k=k,
        without=() if all_words else function_words(),
    )
    write_results(rows, Collocate, form)


@click.command()
@index_argument
@click.argument("query")
@click.option("--against", help="A query for the other documents; default: all that are left.")
@click.option("--min", "least", default=3, show_default=True, help="Occurrences at least.")
@click.option("-k", "k", default=30, show_default=True, type=click.IntRange(1), help="How many.")
@reposts_option
@format_option
@lang_option
def keyness(
    directory: Path,
    query: str,
    against: str | None,
    least: int,
    k: int,
    reposts: bool,
    form: str,
    lang: str,
) -> None:
    """List the words that tell the documents a query finds from others.

    Example: lunheng index keyness study 'date:2024' --against 'date:2023'
    """
    from lunheng.corpus import KeyWord, Query
    from lunheng.corpus import keyness as find

    source = open_index(directory)
    ids = Query(query).documents(source)
    reference = Query(against).documents(source) if against else None
    table = words_of(source, counted(directory, reposts), lang)
    write_results(find(table, ids, reference, least=least, k=k), KeyWord, form)


@click.command()
@index_argument
@click.option("--max", "n_max", default=6, show_default=True, help="Characters at most.")
@click.option("--min", "least", default=5, show_default=True, help="Occurrences at least.")
@click.option("--cohesion", default=6.0, show_default=True, help="Bits its parts share at least.")
@click.option("--freedom", default=1.5, show_default=True, help="Bits of its contexts at least.")
@click.option("-k", "k", default=50, show_default=True, type=click.IntRange(1), help="How many.")
@format_option
@lang_option
def newwords(
    directory: Path,
    n_max: int,
    least: int,
    cohesion: float,
    freedom: float,
    k: int,
    form: str,
    lang: str,
) -> None:
    """Discover words that the tokenizer cuts; they can be its user words.

    Example: lunheng index newwords corpus.index -k 20
    """
    from lunheng.corpus import NewWord, new_words
    from lunheng.tokenize import Tokenizer

    with shown_progress(1000, messages(lang)("words_looking")) as bar:
        rows = new_words(
            open_index(directory),
            Tokenizer().cut,
            n_max=n_max,
            least=least,
            cohesion=cohesion,
            freedom=freedom,
            k=k,
            progress=lambda share: bar.update(int(share * 1000) - bar.pos),
        )
    write_results(rows, NewWord, form)


@click.command()
@index_argument
@click.argument("queries", nargs=-1, required=True)
@reposts_option
@format_option
def dispersion(directory: Path, queries: tuple[str, ...], reposts: bool, form: str) -> None:
    """Tell how evenly the places that queries find are spread over documents.

    Example: lunheng index dispersion study 大模型 烧钱
    """
    from lunheng.corpus import Dispersion
    from lunheng.corpus import dispersion as measure

    source = open_index(directory)
    ids = counted(directory, reposts)
    rows = [
        {"query": query, **rounded(measure(source, placed(query, source), ids))}
        for query in queries
    ]
    write_rows(rows, ["query", *Dispersion.__dataclass_fields__], form)


@click.command()
@index_argument
@click.argument("queries", nargs=-1, required=True)
@click.option("--field", default="date", show_default=True, help="The field of dates.")
@click.option(
    "--by",
    type=click.Choice(["year", "month", "day"]),
    default="month",
    show_default=True,
    help="The length of a period.",
)
@reposts_option
@format_option
def trend(
    directory: Path, queries: tuple[str, ...], field: str, by: Any, reposts: bool, form: str
) -> None:
    """Follow how often queries occur from one period to the next.

    Example: lunheng index trend study 大模型 应用 --by year
    """
    from lunheng.corpus import Query
    from lunheng.corpus import trend as follow

    source = open_index(directory)
    ids = counted(directory, reposts)
    periods = follow(source, [Query(query) for query in queries], field=field, by=by, ids=ids)
    highest = max((rate for period in periods for rate in period.per_million), default=0) or 1
    rows = [
        {
            "period": period.period,
            "query": query,
            "documents": period.documents,
            "with_query": period.with_query[number],
            "occurrences": period.occurrences[number],
            "per_million": round(period.per_million[number], 1),
            "bar": "█" * round(BAR * period.per_million[number] / highest),
        }
        for number, query in enumerate(queries)
        for period in periods
    ]
    columns = ["period", "query", "documents", "with_query", "occurrences", "per_million"]
    if form == "table":
        columns.append("bar")
    write_rows([{name: row[name] for name in columns} for row in rows], columns, form)
