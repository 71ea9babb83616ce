"""Computes the view of a study: what was read, who stands where, and everything to show for it."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lunheng.link import UNHELD
from lunheng_plugins.reports.articles import ArticleText, common_folder, read_articles, source_name
from lunheng_plugins.reports.claims import read_claims
from lunheng_plugins.reports.digest import digest_articles
from lunheng_plugins.reports.evidence import read_evidence
from lunheng_plugins.reports.model import (
    EntityRow,
    Evidence,
    Failure,
    Overview,
    Position,
    RepairSum,
    View,
)
from lunheng_plugins.reports.naming import KnownNames
from lunheng_plugins.reports.positions import (
    compare_holders,
    order_holders,
    order_targets,
    sum_positions,
)
from lunheng_plugins.reports.sides import telling_terms

if TYPE_CHECKING:
    from lunheng.study import Study

MOST_BESIDE = 5


@dataclass(frozen=True)
class StudyView:
    """The view with the texts it was computed from, for writers that show whole documents."""

    view: View
    articles: tuple[ArticleText, ...]
    names: KnownNames


def build_view(study: Study, unnamed: str) -> StudyView:
    """Read the study once and compute everything a report shows.

    ``unnamed`` is what to call an author whom the article does not name; ``{n}`` is its number.
    """
    names = KnownNames.of(study)
    articles = read_articles(study, names, unnamed)
    evidence = read_evidence(study, articles, names)
    positions = sum_positions(evidence)
    claims = read_claims(study, articles)
    folder = common_folder(row["path"] for row in study.rows("sources"))
    failures = _failures(study, folder)
    repairs = _repairs(study)
    view = View(
        overview=_overview(
            folder, articles, evidence, positions, failures, repairs, _verdicts(study)
        ),
        articles=tuple(a.article for a in articles),
        evidence=evidence,
        positions=positions,
        holders=order_holders(positions),
        targets=order_targets(positions),
        pairs=compare_holders(positions),
        entities=_entities(study, articles, names),
        terms=telling_terms(articles, evidence, positions),
        digests=digest_articles(articles, evidence, claims),
        claims=claims,
        failures=failures,
        repairs=repairs,
        manifest=study.manifest,
    )
    return StudyView(view, tuple(articles), names)


def judge_again(study: Study, read: StudyView) -> StudyView:
    """Return a view with the study's stances read again, such as after a correction of some.

    Digests and telling n-grams stay as they were: they take long, and a stance moves them little.
    """
    evidence = read_evidence(study, list(read.articles), read.names)
    positions = sum_positions(evidence)
    old = read.view
    view = replace(
        old,
        overview=_overview(
            old.overview.folder,
            read.articles,
            evidence,
            positions,
            old.failures,
            old.repairs,
            _verdicts(study),
        ),
        evidence=evidence,
        positions=positions,
        holders=order_holders(positions),
        targets=order_targets(positions),
        pairs=compare_holders(positions),
    )
    return StudyView(view, read.articles, read.names)


def _verdicts(study: Study) -> Counter[str]:
    """Count the analyst's verdicts on stances."""
    return Counter(correction.verdict for correction in study.corrections().stances)


def _overview(
    folder: str,
    articles: Sequence[ArticleText],
    evidence: Sequence[Evidence],
    positions: Iterable[Position],
    failures: Sequence[Failure],
    repairs: Iterable[RepairSum],
    verdicts: Mapping[str, int],
) -> Overview:
    known = [a.article for a in articles]
    counted = [item for item in evidence if item.counted]
    tally = Counter(item.polarity for item in counted)
    dates = sorted(a.date for a in known if a.date)
    total: Counter[str] = Counter()
    for article in known:
        total.update(article.counts)
    return Overview(
        folder=folder,
        files=sum(len(a.sources) for a in known),
        articles=len(known),
        reposts=sum(a.repost_of is not None for a in known),
        characters=sum(a.characters for a in known),
        authors=tuple(dict.fromkeys(a.author for a in known if a.author)),
        first_date=dates[0] if dates else None,
        last_date=dates[-1] if dates else None,
        holders=len({p.holder for p in positions}),
        targets=len({p.target for p in positions}),
        stances=len(counted),
        favor=tally["favor"],
        against=tally["against"],
        neutral=tally["neutral"],
        abstained=sum(a.abstained for a in known),
        turns=total["turns"],
        quotes=total["quotes"],
        mentions=total["mentions"],
        failures=len(failures),
        repairs=sum(r.count for r in repairs),
        unplaced=sum(item.place is None for item in counted),
        unheld=sum(bool(UNHELD.intersection(item.flags)) for item in evidence),
        confirmed=verdicts["confirmed"],
        changed=verdicts["changed"],
        rejected=verdicts["rejected"],
    )


def _failures(study: Study, folder: str) -> tuple[Failure, ...]:
    return tuple(
        Failure(
            source_name(row["path"], "", folder),
            row["record"],
            row["stage"],
            " ".join(str(row[k]) for k in ("plugin", "version") if row.get(k)),
            row["message"],
        )
        for row in study.rows("failures")
    )


def _repairs(study: Study) -> tuple[RepairSum, ...]:
    cases: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in study.rows("repairs"):
        cases[row["cleaner"]][row["before"], row["after"]] += 1
    return tuple(
        RepairSum(cleaner, sum(tally.values()), tuple(case for case, _ in tally.most_common(4)))
        for cleaner, tally in sorted(cases.items(), key=lambda kv: -sum(kv[1].values()))
    )


def _entities(
    study: Study, articles: Sequence[ArticleText], names: KnownNames
) -> tuple[EntityRow, ...]:
    """Return entities by number of mentions, each with those most often in its sentences."""
    numbers = {a.article.doc_id: a.article.number for a in articles}
    spans: dict[str, list[tuple[int, str]]] = defaultdict(list)
    seen: dict[str, set[int]] = defaultdict(set)
    for doc_id, start, text, name in study.values(
        "mentions", "doc_id", "start_char", "text", "name"
    ):
        if doc_id in numbers and names.marks(text, name):
            name = names.canonical(name)
            spans[doc_id].append((start, name))
            seen[name].add(numbers[doc_id])
    beside = _beside(articles, spans)
    rows = [
        EntityRow(
            name=row["name"],
            type=row["type"],
            aliases=tuple(a for a in row["aliases"] or () if a != row["name"]),
            mentions=row["mentions"],
            articles=tuple(sorted(seen[row["name"]])),
            beside=_commonest(beside[row["name"]]),
            origin=row["origin"],
        )
        for row in study.rows("entities")
    ]
    return tuple(sorted(rows, key=lambda e: (-e.mentions, e.name)))


def _commonest(names: Mapping[str, int]) -> tuple[str, ...]:
    """Return the names with the highest counts, in one order whatever the run."""
    return tuple(heapq.nsmallest(MOST_BESIDE, names, key=lambda name: (-names[name], name)))


def _beside(
    articles: Iterable[ArticleText], spans: Mapping[str, list[tuple[int, str]]]
) -> dict[str, Counter[str]]:
    """Count for each name the names that share its sentences."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for article in articles:
        if article.article.repost_of is not None:
            continue
        starts = np.array([s.start for s in article.sentences], dtype=np.int64)
        groups: dict[int, set[str]] = defaultdict(set)
        for start, name in spans.get(article.article.doc_id, ()):
            groups[int(np.searchsorted(starts, start, "right"))].add(name)
        for group in groups.values():
            for name in group:
                found[name].update(group - {name})
    return found
