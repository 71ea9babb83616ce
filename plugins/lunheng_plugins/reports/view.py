"""Computes the view of a study: what was read, who stands where, and everything to show for it."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lunheng.i18n import Catalog
from lunheng_plugins.reports.articles import (
    ArticleText,
    Library,
    by_document,
    common_folder,
    list_articles,
    source_name,
)
from lunheng_plugins.reports.claims import count_claims, read_claims
from lunheng_plugins.reports.digest import digest_articles
from lunheng_plugins.reports.evidence import EvidenceReader, reposts_of
from lunheng_plugins.reports.ledger import Ledger, read_ledger
from lunheng_plugins.reports.model import (
    Article,
    EntityRow,
    Evidence,
    Failure,
    Overview,
    Position,
    RepairSum,
    View,
)
from lunheng_plugins.reports.naming import FrameTitles, KnownNames
from lunheng_plugins.reports.positions import (
    compare_holders,
    contradictions,
    courses,
    order_holders,
    order_targets,
    sum_positions,
)
from lunheng_plugins.reports.sides import telling_terms

if TYPE_CHECKING:
    from lunheng.study import Study

MOST_BESIDE = 5


@dataclass(frozen=True)
class Outline:
    """What all views of a study rest on, without a text: names, articles, stances as numbers."""

    library: Library
    titles: FrameTitles
    articles: tuple[Article, ...]
    ledger: Ledger

    @classmethod
    def of(cls, study: Study, lang: str, *, counted: bool = False) -> Outline:
        """Read a study's names, articles and stances; ``counted`` as for ``list_articles``."""
        say = Catalog.load("lunheng_plugins.reports", lang)
        library = Library(KnownNames.of(study), say.messages["unnamed"])
        titles = FrameTitles.of(study, lang)
        articles = list_articles(study, counted=counted)
        return cls(library, titles, articles, read_ledger(study, articles, library, titles))


@dataclass(frozen=True)
class StudyView:
    """The view with what it was computed from, for writers that show whole documents."""

    view: View
    articles: tuple[ArticleText, ...]
    outline: Outline


def build_view(study: Study, lang: str) -> StudyView:
    """Read the study once and compute everything a report shows, in one language."""
    outline = Outline.of(study, lang, counted=True)
    texts = outline.library.read_all(study, outline.articles)
    evidence = read_evidence(study, outline, texts)
    claims = tuple(read_claims(study, texts))
    known = outline_view(study, outline)
    view = replace(
        known,
        evidence=evidence,
        entities=read_entities(study, texts, outline.library.names),
        terms=telling_terms(texts, evidence, known.positions),
        digests=digest_articles(texts, evidence, claims),
        claims=claims,
    )
    return StudyView(view, texts, outline)


def read_evidence(
    study: Study, outline: Outline, texts: Sequence[ArticleText]
) -> tuple[Evidence, ...]:
    """Return the words behind every stance of a study."""
    rows = by_document(study.rows("stances"))
    reader = EvidenceReader(
        outline.ledger,
        outline.articles,
        lambda doc_id: rows.get(doc_id, []),
        lambda number: texts[number - 1],
        reposts_of(outline.articles),
    )
    return tuple(reader.read(range(1, len(outline.ledger) + 1)))


def outline_view(study: Study, outline: Outline) -> View:
    """Return a view with all that needs no text: without evidence, entities, claims and terms."""
    ledger, articles = outline.ledger, outline.articles
    positions = sum_positions(ledger)
    dates = {a.number: a.date for a in articles if a.date}
    folder = common_folder(path for (path,) in study.values("sources", "path"))
    failures, repairs = _failures(study, folder), _repairs(study)
    return View(
        overview=_overview(study, outline, positions, folder, failures, repairs),
        articles=articles,
        evidence=(),
        positions=positions,
        holders=order_holders(positions),
        targets=order_targets(positions),
        days=_days(ledger, dates),
        pairs=compare_holders(positions),
        contradictions=contradictions(ledger, positions, dates),
        courses=courses(ledger, positions, dates),
        entities=(),
        terms=(),
        digests=(),
        claims=(),
        failures=failures,
        repairs=repairs,
        manifest=study.manifest,
    )


def _days(ledger: Ledger, dates: Mapping[int, str]) -> dict[str, tuple[int, int, int]]:
    """Return for each date how many counted stances of its articles are on each side."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in np.flatnonzero(ledger.counted).tolist():
        if date := dates.get(int(ledger.article[row])):
            found[date][ledger.polarity[row]] += 1
    return {date: (f, a, n) for date, (f, a, n) in sorted(found.items())}


def _overview(
    study: Study,
    outline: Outline,
    positions: Sequence[Position],
    folder: str,
    failures: Sequence[Failure],
    repairs: Iterable[RepairSum],
) -> Overview:
    known, ledger = outline.articles, outline.ledger
    dates = sorted(a.date for a in known if a.date)
    verdicts = Counter(correction.verdict for correction in study.corrections().stances)
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
        stances=int(ledger.counted.sum()),
        **ledger.tally(ledger.counted),
        abstained=sum(a.abstained for a in known),
        turns=study.count("turns"),
        quotes=study.count("quotes"),
        mentions=study.count("mentions"),
        claims=count_claims(study, known),
        entities=study.count("entities"),
        failures=len(failures),
        repairs=sum(r.count for r in repairs),
        unplaced=int((ledger.counted & ~ledger.placed).sum()),
        unheld=int(ledger.unheld.sum()),
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
    for cleaner, before, after in study.values("repairs", "cleaner", "before", "after"):
        cases[cleaner][before, after] += 1
    return tuple(
        RepairSum(cleaner, sum(tally.values()), tuple(case for case, _ in tally.most_common(4)))
        for cleaner, tally in sorted(cases.items(), key=lambda kv: -sum(kv[1].values()))
    )


def read_entities(
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
