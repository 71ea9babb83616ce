"""Finds claims with numbers: who says how many of what, so that articles can be compared."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lunheng_plugins.reports.articles import ArticleText, by_document
from lunheng_plugins.reports.model import Article, Claim

if TYPE_CHECKING:
    from lunheng.study import Study

NUMERIC = ("MONEY", "QTY")
_AFTER = re.compile(r"的?([\u3400-\u9fffA-Za-z·]{1,8})")
_BREAK = re.compile(r"[,;!?:\uff0c\uff1b\uff01\uff1f\uff1a\u3001\u3002\n]")


def count_claims(study: Study, articles: Iterable[Article]) -> int:
    """Return how many claims ``read_claims`` finds."""
    kept = {article.doc_id for article in articles if article.repost_of is None}
    found = (study.values("mentions", "doc_id", type=kind) for kind in NUMERIC)
    return sum(doc_id in kept for rows in found for (doc_id,) in rows)


def read_claims(study: Study, articles: Iterable[ArticleText]) -> Iterator[Claim]:
    """Yield every amount of money and quantity with its sentence and the one who says it."""
    mentions = by_document(study.rows("mentions"))
    for article in articles:
        if article.article.repost_of is not None:
            continue
        doc_id = article.article.doc_id
        rows = sorted(mentions.get(doc_id, ()), key=lambda m: int(m["start_char"]))
        starts = [m["start_char"] for m in rows]
        for row in rows:
            if row["type"] not in NUMERIC:
                continue
            around = article.context(row["start_char"], row["end_char"])
            near = rows[bisect_right(starts, around.start - 1) : bisect_right(starts, around.end)]
            value, unit = _value(row)
            line, locator = article.line_of(row["start_char"], row["end_char"])
            yield Claim(
                article=article.article.number,
                holder=article.voice(row["start_char"], row["end_char"]),
                type=row["type"],
                amount=row["text"],
                value=value,
                unit=unit,
                subject=_subject(article.text, row, near, around.start),
                start=row["start_char"],
                end=row["end_char"],
                sentence_start=around.start,
                sentence=around.of(article.text),
                line=line,
                locator=locator,
            )


def _value(row: Mapping[str, Any]) -> tuple[float | None, str]:
    """Return the number in base units and its unit, as far as the extractor normalised it."""
    value = row["value"] or {}
    number = next(
        (value[k] for k in ("value", "number", "amount", "low", "min") if _number(value.get(k))),
        None,
    )
    unit = next((str(value[k]) for k in ("currency", "unit") if value.get(k)), "")
    return (float(number) if number is not None else None), unit


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _subject(
    text: str, row: Mapping[str, Any], near: Iterable[Mapping[str, Any]], earliest: int
) -> str:
    """Return what is counted: the noun right after the amount, else the last name before it."""
    start, end = row["start_char"], row["end_char"]
    if (found := _AFTER.match(text, end)) and row["type"] == "QTY":
        return found[1]
    before = [m for m in near if m["end_char"] <= start and m["type"] not in (*NUMERIC, "DATE")]
    if before:
        return str(before[-1]["name"])
    clause = _BREAK.split(text[earliest:start])[-1]
    return clause[-8:]
