"""The view as tidy tables, one observation a row: what csv, xlsx and parquet write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lunheng_plugins.reports.model import Article, Evidence, View

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class TidyTable:
    """A named table; every row has one value a column, lists are joined by ``; ``."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def tidy_tables(view: View) -> tuple[TidyTable, ...]:
    """Return the tables of a view; offsets are half-open code points, numbers count from 1."""
    articles = {a.number: a for a in view.articles}
    return (
        _articles(view),
        _positions(view),
        _contradictions(view),
        _changes(view),
        TidyTable(
            "evidence", EVIDENCE, tuple(_evidence(e, articles[e.article]) for e in view.evidence)
        ),
        _claims(view, articles),
        _entities(view),
        _terms(view),
        _digest(view, articles),
        _failures(view),
    )


EVIDENCE = (
    "number", "article", "title", "date", "holder", "holder_type", "target", "frame", "polarity",
    "score", "attribution", "reporter", "flags", "counted", "origin", "evidence", "cues",
    "context", "original", "path", "locator", "line", "column", "source_start", "source_end",
    "start_char", "end_char", "verdict", "stance_id",
)  # fmt: skip


def _evidence(item: Evidence, article: Article) -> tuple[Value, ...]:
    place = item.place
    where: tuple[Value, ...] = (article.sources[0], None, None, None, None, None)
    if place is not None:
        locator = f"{place.locator.kind} {place.locator.name}" if place.locator else None
        offsets = (place.source_start, place.source_end)
        where = (place.path, locator, place.line, place.column, *offsets)
    return (
        *(item.number, item.article, article.title, article.date, item.holder, item.holder_type),
        *(item.target, item.frame, item.polarity, item.score, item.attribution, item.reporter),
        *(_join(item.flags), item.counted, item.origin, item.text),
        *(_join([cue.text for cue in item.cues]), item.context, item.original),
        *(*where, item.start, item.end, item.verdict, item.stance),
    )


def _articles(view: View) -> TidyTable:
    columns = (
        "article", "doc_id", "title", "author", "date", "sources", "script", "characters",
        "repost_of", "reposts", "stances", "undecided", "turns", "quotes", "mentions", "repairs",
    )  # fmt: skip
    return TidyTable(
        "articles",
        columns,
        tuple(
            (
                *(a.number, a.doc_id, a.title, a.author, a.date, _join(a.sources), a.script),
                *(
                    a.characters,
                    a.repost_of,
                    a.reposts,
                    a.counts["stances"],
                    a.abstained,
                    a.counts["turns"],
                ),
                *(a.counts["quotes"], a.counts["mentions"], a.counts["repairs"]),
            )
            for a in view.articles
        ),
    )


def _positions(view: View) -> TidyTable:
    columns = (
        "holder", "holder_type", "target", "frame", "favor", "against", "neutral", "net",
        "balance", "evidence",
    )  # fmt: skip
    return TidyTable(
        "positions",
        columns,
        tuple(
            (
                *(p.holder, p.holder_type, p.target, p.frame, p.favor, p.against, p.neutral),
                *(p.net, round(p.balance, 4), _join([str(n) for n in p.evidence])),
            )
            for p in view.positions
        ),
    )


def _contradictions(view: View) -> TidyTable:
    words = {item.number: item for item in view.evidence}
    columns = (
        "holder", "target", "frame", "favor", "against", "favor_evidence", "favor_number",
        "favor_first", "favor_last", "against_evidence", "against_number", "against_first",
        "against_last",
    )  # fmt: skip
    return TidyTable(
        "contradictions",
        columns,
        tuple(
            (
                *(c.position.holder, c.position.target, c.position.frame),
                *(c.position.favor, c.position.against),
                *(words[c.favor].text, c.favor, *(c.favor_dates or (None, None))),
                *(words[c.against].text, c.against, *(c.against_dates or (None, None))),
            )
            for c in view.contradictions
        ),
    )


def _changes(view: View) -> TidyTable:
    words = {item.number: item for item in view.evidence}
    columns = (
        "holder", "target", "frame", "turned", "date", "favor", "against", "neutral", "net",
        "evidence", "number",
    )  # fmt: skip
    return TidyTable(
        "changes",
        columns,
        tuple(
            (
                *(course.position.holder, course.position.target, course.position.frame),
                *(course.turned, d.date, d.favor, d.against, d.neutral, d.net),
                *(words[d.best].text, d.best),
            )
            for course in view.courses
            for d in course.dates
        ),
    )


def _claims(view: View, articles: Mapping[int, Article]) -> TidyTable:
    columns = (
        "article", "title", "holder", "type", "amount", "value", "unit", "subject", "sentence",
        "path", "line", "start_char", "end_char",
    )  # fmt: skip
    return TidyTable(
        "claims",
        columns,
        tuple(
            (
                *(c.article, articles[c.article].title, c.holder, c.type, c.amount, c.value),
                *(c.unit, c.subject, c.sentence, articles[c.article].sources[0], c.line),
                *(c.start, c.end),
            )
            for c in view.claims
        ),
    )


def _entities(view: View) -> TidyTable:
    return TidyTable(
        "entities",
        ("name", "type", "aliases", "mentions", "articles", "beside", "origin"),
        tuple(
            (
                *(e.name, e.type, _join(e.aliases), e.mentions),
                *(_join([str(n) for n in e.articles]), _join(e.beside), e.origin),
            )
            for e in view.entities
        ),
    )


def _terms(view: View) -> TidyTable:
    return TidyTable(
        "terms",
        ("side", "name", "term", "count", "elsewhere", "g2", "log_ratio"),
        tuple(
            (side.kind, side.name, t.text, t.count, t.other, round(t.g2, 3), round(t.ratio, 3))
            for side in view.terms
            for t in side.terms
        ),
    )


def _digest(view: View, articles: Mapping[int, Article]) -> TidyTable:
    return TidyTable(
        "digest",
        ("of", "article", "title", "holder", "sentence", "line", "start_char", "end_char"),
        tuple(
            (
                *("all" if not digest.article else "article", s.article),
                *(articles[s.article].title, s.holder, s.text, s.line, s.start, s.end),
            )
            for digest in view.digests
            for s in digest.sentences
        ),
    )


def _failures(view: View) -> TidyTable:
    return TidyTable(
        "failures",
        ("path", "record", "stage", "plugin", "message"),
        tuple((f.path, f.record, f.stage, f.plugin, f.message) for f in view.failures),
    )


def _join(values: Sequence[str]) -> str:
    return "; ".join(values)
