"""Turns the study's stances into evidence: one name a holder, sentence, place, reposts marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lunheng.link import UNHELD
from lunheng_plugins.reports.articles import ArticleText
from lunheng_plugins.reports.model import CueMark, Evidence
from lunheng_plugins.reports.naming import KnownNames, common_spellings

if TYPE_CHECKING:
    from lunheng.study import Study


def read_evidence(
    study: Study, articles: list[ArticleText], names: KnownNames
) -> tuple[Evidence, ...]:
    """Return all stances in reading order, numbered from 1.

    A holder without a name is the article's author.
    """
    by_id = {a.article.doc_id: a for a in articles}
    rows = [row for row in study.rows("stances") if row["doc_id"] in by_id]
    rows.sort(key=lambda r: (by_id[r["doc_id"]].article.number, r["start_char"], r["end_char"]))
    evidence = [
        _evidence(number, row, by_id[row["doc_id"]], names) for number, row in enumerate(rows, 1)
    ]
    return _mark_counted(_spell_alike(evidence), articles)


def _evidence(
    number: int,
    row: Mapping[str, Any],
    article: ArticleText,
    names: KnownNames,
) -> Evidence:
    start, end = row["start_char"], row["end_char"]
    around = article.context(start, end)
    context = around.of(article.text)
    original = article.original(around.start, around.end)
    return Evidence(
        number=number,
        article=article.article.number,
        holder=names.canonical(row["holder"]) or article.author,
        holder_type=row["holder_type"],
        target=names.canonical(row["target"]),
        frame=row.get("frame"),
        polarity=row["polarity"],
        score=row["score"],
        attribution=row["attribution"],
        reporter=row["reporter"],
        flags=tuple(row["flags"] or ()),
        cues=tuple(CueMark(c["start"], c["end"], c["text"], c["rule"]) for c in row["cues"] or ()),
        start=start,
        end=end,
        text=article.text[start:end],
        context_start=around.start,
        context_end=around.end,
        context=context,
        original=original if original != context else None,
        place=article.place(row["source_start"], row["source_end"]),
        origin=row["origin"],
        verdict=row["verdict"],
        stance=row["stance_id"],
    )


def _spell_alike(evidence: list[Evidence]) -> list[Evidence]:
    """Give holders and targets that differ by script or width only their commonest spelling."""
    holders = common_spellings(item.holder for item in evidence)
    targets = common_spellings(item.target for item in evidence)
    return [
        replace(item, holder=holders[item.holder], target=targets[item.target]) for item in evidence
    ]


def _mark_counted(evidence: list[Evidence], articles: list[ArticleText]) -> tuple[Evidence, ...]:
    """Count what is held, once: not what is merely asked or supposed, nor what a repost repeats."""
    original = {a.article.number: a.article.repost_of or a.article.number for a in articles}
    echoes: dict[tuple[object, ...], set[int]] = defaultdict(set)

    def key(item: Evidence) -> tuple[object, ...]:
        return original[item.article], item.holder, item.target, item.polarity, item.text

    for item in evidence:
        if original[item.article] != item.article:
            echoes[key(item)].add(item.article)
    return tuple(
        replace(
            item,
            counted=original[item.article] == item.article and not UNHELD.intersection(item.flags),
            also_in=tuple(sorted(echoes[key(item)] - {item.article})),
        )
        for item in evidence
    )
