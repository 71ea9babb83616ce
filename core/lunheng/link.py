"""The second step: one name for one entity, near-duplicates, and aggregates over a whole study.

``link`` is a pure function of the study's tables and of the analyst's corrections; it is
recomputed whole, so its result never depends on the order in which documents were analysed.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from lunheng.duplicates import near_duplicates
from lunheng.judging import Judgements, judge
from lunheng.names import Names
from lunheng.positions import (
    Row,
    Vote,
    Votes,
    changes,
    contradictions,
    positions,
    relations,
    standings,
)
from lunheng.tables import HUMAN, MACHINE, TABLES
from lunheng.text import fold

if TYPE_CHECKING:
    from lunheng.study import Study

NAMED = ("PERSON", "ORG", "PRODUCT", "WORK", "PLACE")
UNHELD = frozenset({"hypothetical", "question", "unnamed"})
VOTE = (
    *("doc_id", "holder", "holder_type", "target", "frame"),
    *("polarity", "score", "evidence", "flags"),
)


@dataclass(frozen=True, slots=True)
class LinkedTables:
    """What linking adds to a study.

    The tables hold rows in the order of their columns, JSON columns as text; ``clusters`` gives
    each document with near-duplicates the ``doc_id`` of the one that stands for all of them.
    ``judgements`` are what the analyst thinks of the stances, as ``corrections``, the digest of
    their file, has it.
    """

    entities: tuple[Row, ...]
    positions: tuple[Row, ...]
    relations: tuple[Row, ...]
    contradictions: tuple[Row, ...]
    changes: tuple[Row, ...]
    clusters: Mapping[str, str]
    judgements: Judgements = field(default_factory=lambda: Judgements({}, (), ()))
    corrections: int = 0


class _Mention(NamedTuple):
    """What mentions of one kind share: canonical name, type, and how it is written."""

    name: str
    type: str
    surface: str


@dataclass(slots=True)
class _Entity:
    """The mentions of one entity, gathered over all documents and over those that count."""

    mentions: Counter[_Mention] = field(default_factory=Counter)
    counted: Counter[_Mention] = field(default_factory=Counter)
    documents: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)  # names and aliases by the analyst

    def row(self) -> Row:
        """Return the row of the table ``entities``."""
        name = _name(self.counted)
        types = _tally((mention.type, number) for mention, number in self.counted.items())
        return (
            name,
            max(types, key=lambda type_: (types[type_], type_)),
            json.dumps(
                sorted({*self.given, *(mention.surface for mention in self.counted)} - {name}),
                ensure_ascii=False,
            ),
            self.counted.total(),
            len(self.documents),
            HUMAN if self.given else MACHINE,
        )


class _Keys(dict[str, str]):
    """What names of one entity share: script, width and case folded, spaces left out."""

    def __missing__(self, name: str) -> str:
        key = self[name] = "".join(fold(name).casefold().split())
        return key


def link(study: Study, clusters: Mapping[str, str] | None = None) -> LinkedTables:
    """Return the linked tables of a study.

    Near-duplicate documents count once: only the rows of the document that stands for its
    cluster enter the aggregates; ``clusters`` says which, where that is known already. The
    study's ``corrections.toml`` has the last word on names and stances.

    Raises:
        lunheng.errors.ConfigError: ``corrections.toml`` cannot be read or says something unknown.
    """
    if clusters is None:
        clusters = near_duplicates(study.bands(), study.text)
    corrections = study.corrections()
    names, judgements = corrections.names, judge(study, corrections.stances)
    keys = _Keys()
    entities = _entities(study, clusters, names, keys)
    known = _canonical_names(entities, names, keys)
    rows = [entity.row() for entity in entities if entity.counted]
    found = standings(_votes(study, _held(study, judgements), clusters, known, keys))
    return LinkedTables(
        entities=tuple(
            sorted(rows, key=lambda row: (-_count(row[3]), str(row[0]), str(row[1]))),
        ),
        positions=positions(found),
        relations=relations(found),
        contradictions=contradictions(found),
        changes=changes(found),
        clusters=clusters,
        judgements=judgements,
        corrections=corrections.digest,
    )


def _count(value: object) -> int:
    assert isinstance(value, int)
    return value


def _entities(
    study: Study, clusters: Mapping[str, str], corrections: Names, keys: _Keys
) -> list[_Entity]:
    """Gather mentions by canonical name; names that differ by script or case only are one."""
    entities: dict[str, _Entity] = defaultdict(_Entity)
    corrected: dict[_Mention, _Mention | None] = {}
    tally = Counter(study.values("mentions", "doc_id", "name", "type", "text"))
    for (doc_id, *parts), number in tally.items():
        found = _Mention(*parts)
        if found.type not in NAMED:
            continue
        if found not in corrected:
            corrected[found] = _corrected(found, corrections)
        mention = corrected[found]
        if mention is None:
            continue
        entity = entities[keys[mention.name]]
        entity.mentions[mention] += number
        if clusters.get(doc_id, doc_id) == doc_id:
            entity.counted[mention] += number
            entity.documents.add(doc_id)
    for given in corrections.names:
        if (known := entities.get(keys[given.name])) is not None:
            known.given.update((given.name, *given.aliases))
    return list(entities.values())


def _corrected(mention: _Mention, corrections: Names) -> _Mention | None:
    """Return a mention as the analyst would have it, ``None`` where it is none."""
    if corrections.ignores(mention.surface) or corrections.ignores(mention.name):
        return None
    given = corrections.find(mention.surface) or corrections.find(mention.name)
    if given is None:
        return mention
    return _Mention(given.name, given.type or mention.type, mention.surface)


def _canonical_names(
    entities: Iterable[_Entity], corrections: Names, keys: _Keys
) -> dict[str, str]:
    """Return the canonical name of every surface that belongs to one entity only."""
    owners: dict[str, set[str]] = defaultdict(set)
    for entity in entities:
        name = _name(entity.mentions)
        for mention in entity.mentions:
            owners[keys[mention.surface]].add(name)
            owners[keys[mention.name]].add(name)
    known = {surface: next(iter(names)) for surface, names in owners.items() if len(names) == 1}
    known.update({keys[surface]: name for surface, name in corrections.surfaces()})
    return known


def _held(study: Study, judgements: Judgements) -> Iterator[tuple[Any, ...]]:
    """Yield the columns ``VOTE`` of the stances that stand after the analyst's verdicts."""
    for rowid, *vote in study.found_stances(*VOTE):
        if judgements.verdicts.get(rowid) != "rejected":
            yield tuple(vote)
    places = [list(TABLES["stances"].columns).index(column) for column in VOTE]
    for row in judgements.added:
        yield tuple(row[place] for place in places)


def _votes(
    study: Study,
    stances: Iterable[tuple[Any, ...]],
    clusters: Mapping[str, str],
    known: Mapping[str, str],
    keys: _Keys,
) -> Votes:
    """Gather the stances that count by holder, target and frame.

    Reposts count once; what is merely asked or supposed, or held by nobody named, is left out.
    """
    dates = {doc_id: date or "" for doc_id, date in study.values("sources", "doc_id", "date")}
    votes: dict[tuple[str, str, str | None], list[Vote]] = defaultdict(list)
    for doc_id, holder, type_, target, frame, polarity, score, evidence, flags in stances:
        if clusters.get(doc_id, doc_id) != doc_id:
            continue
        if flags != "[]" and UNHELD.intersection(json.loads(flags)):
            continue
        holder, target = known.get(keys[holder], holder), known.get(keys[target], target)
        owner = keys[holder] or doc_id  # two unnamed authors are two holders
        vote = Vote(holder, type_, target, polarity, doc_id, score, dates.get(doc_id, ""), evidence)
        votes[owner, keys[target], frame].append(vote)
    return votes


def _tally(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    """Return the sum of the numbers that go with each value."""
    sums: Counter[str] = Counter()
    for value, number in pairs:
        sums[value] += number
    return sums


def _name(mentions: Mapping[_Mention, int]) -> str:
    """Return the name that most mentions bear; the longer of equals."""
    names = _tally((mention.name, number) for mention, number in mentions.items())
    return max(names, key=lambda name: (names[name], len(name), name))
