"""Packs what the page shows on demand: the evidence as rows of integers, each text on its own."""

from __future__ import annotations

import base64
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from lunheng.documents import Locator
from lunheng.i18n import Catalog
from lunheng.tables import HUMAN
from lunheng_plugins.reports.articles import ArticleText
from lunheng_plugins.reports.escaping import replace_surrogates
from lunheng_plugins.reports.model import Article, Claim, EntityRow, Evidence, Place, View
from lunheng_plugins.reports.naming import FrameTitles, KnownNames
from lunheng_plugins.reports.summary import opposed
from lunheng_plugins.reports.view import StudyView

if TYPE_CHECKING:
    from lunheng.study import Study

TABLES = ("turns", "mentions", "quotes")
MOST_CHOICES = 300


def pack(value: object) -> str:
    """Return a value as JSON, deflated, in Base64: safe inside any element.

    >>> zlib.decompress(base64.b64decode(pack({"text": "</script>"})))
    b'{"text":"</script>"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return base64.b64encode(zlib.compress(replace_surrogates(text).encode(), 9)).decode("ascii")


def index_payload(read: StudyView, study: str, say: Catalog) -> dict[str, object]:
    """Return what the page needs at once: articles, evidence, tables, messages.

    ``study`` is what the study is called.
    """
    view = read.view
    return {
        **head_payload(view, read.outline.titles, study, say),
        "live": False,
        "articles": [article_row(a) for a in view.articles],
        "evidence": evidence_rows(view.evidence, (*view.holders, *view.targets)),
        "claims": [claim_row(c) for c in view.claims],
        "entities": [entity_row(e) for e in view.entities],
    }


def head_payload(view: View, titles: FrameTitles, study: str, say: Catalog) -> dict[str, object]:
    """Return what the page needs to begin: messages, holders to choose from, how much there is.

    ``stored`` tells what the study calls targets that the page calls otherwise.
    """
    return {
        "title": f"{say('title')} · Lunheng",
        "study": study,
        "messages": dict(say.messages),
        "stored": titles.stored(),
        "count": len(view.articles),
        "holders": view.holders[:MOST_CHOICES],
        "pairs": [(p.first, p.second) for p in opposed(view.pairs)[:1]],
    }


def article_row(article: Article) -> dict[str, object]:
    """Return what the page shows of an article beside its text."""
    fields = (
        *(
            "number",
            "title",
            "author",
            "date",
            "sources",
            "script",
            "characters",
            "repost_of",
            "reposts",
        ),
        "abstained",
    )
    return {**{name: getattr(article, name) for name in fields}, "counts": dict(article.counts)}


def entity_row(entity: EntityRow) -> dict[str, object]:
    """Return what the page's table of entities shows of one."""
    fields = ("name", "type", "aliases", "mentions", "articles", "beside")
    row = {name: getattr(entity, name) for name in fields}
    return {**row, "human": entity.origin == HUMAN}


def claim_row(claim: Claim) -> dict[str, object]:
    """Return what the page's table of claims shows of one."""
    fields = (
        "article",
        "holder",
        "amount",
        "unit",
        "subject",
        "start",
        "sentence_start",
        "sentence",
        "line",
        "end",
    )
    row = {name: getattr(claim, name) for name in fields}
    return {**row, "locator": _locator(claim.locator)}


def evidence_rows(evidence: Iterable[Evidence], first: Iterable[str] = ()) -> dict[str, object]:
    """Return the evidence as one table of strings and one row of numbers an item.

    The strings begin with ``first``, whose order decides between equals on the page. The order of
    a row's columns is that of ``readEvidence`` in the page's script.
    """
    strings = {text: number for number, text in enumerate(dict.fromkeys(first))}

    def word(text: str | None) -> int:
        return -1 if text is None else strings.setdefault(text, len(strings))

    rows = [
        [
            e.article,
            word(e.holder),
            word(e.holder_type),
            word(e.target),
            word(e.frame),
            word(e.polarity),
            round(100 * e.score),
            word(e.attribution),
            word(e.reporter),
            [word(flag) for flag in e.flags],
            [[c.start, c.end, word(c.rule)] for c in e.cues],
            e.start,
            e.end,
            e.context_start,
            e.context_end,
            e.place and _place(e.place),
            int(e.counted),
            e.also_in,
            word(e.verdict),
            e.stance,
        ]
        for e in evidence
    ]
    return {"strings": list(strings), "rows": rows}


def _place(place: Place) -> list[object]:
    numbers = [place.line, place.column, place.source_start, place.source_end]
    return [*numbers, *_locator(place.locator)]


def _locator(locator: Locator | None) -> tuple[str, ...]:
    return (locator.kind, locator.name) if locator else ()


def document_payloads(study: Study, read: StudyView) -> Iterable[tuple[int, dict[str, object]]]:
    """Yield each article's number, its text, its changes, and the records that mark it."""
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {t: defaultdict(list) for t in TABLES}
    for table in TABLES:
        for row in study.rows(table):
            rows[table][row["doc_id"]].append(row)
    for article in read.articles:
        yield article.article.number, document_payload(article, rows, read.outline.library.names)


def document_of(study: Study, names: KnownNames, article: ArticleText) -> dict[str, object]:
    """Return what the document view shows of one article."""
    doc_id = article.article.doc_id
    rows = {table: {doc_id: list(study.rows(table, doc_id=doc_id))} for table in TABLES}
    return document_payload(article, rows, names)


def piece(article: ArticleText, start: int, end: int) -> dict[str, object]:
    """Return a stretch of an article's text, with what cleaning changed in it."""
    return {
        "start": start,
        "text": article.text[start:end],
        "changes": [c for c in article.changed if c[0] <= end and c[1] >= start],
    }


def document_payload(
    article: ArticleText,
    rows: Mapping[str, Mapping[str, list[dict[str, Any]]]],
    names: KnownNames,
) -> dict[str, object]:
    """Return one article's text with half-open code-point ranges."""
    doc_id = article.article.doc_id
    return {
        "text": article.text,
        "changes": article.changed,
        "blocks": article.blocks,
        "turns": [
            (names.canonical(t["speaker"]), t["start_char"], t["end_char"])
            for t in rows["turns"].get(doc_id, ())
        ],
        "mentions": [
            (m["start_char"], m["end_char"], m["type"], names.canonical(m["name"]))
            for m in rows["mentions"].get(doc_id, ())
            if names.marks(m["text"], m["name"])
        ],
        "quotes": [
            (q["start_char"], q["end_char"], names.canonical(q["holder"]))
            for q in rows["quotes"].get(doc_id, ())
        ],
    }
