"""The second step: one name for one entity, near-duplicates, and aggregates over a whole study.

``link`` is a pure function of the study's tables and of the analyst's corrections; it is
recomputed whole, so its result never depends on the order in which documents were analysed.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lunheng.duplicates import near_duplicates
from lunheng.names import Names, load_names
from lunheng.text import fold

if TYPE_CHECKING:
    from lunheng.study import Study

NAMED = ("PERSON", "ORG", "PRODUCT", "WORK", "PLACE")
UNHELD = frozenset({"hypothetical", "question"})
CORRECTIONS = "corrections.toml"

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class LinkedTables:
    """What linking adds to a study.

    ``entities`` and ``positions`` hold rows in the order of their tables' columns, JSON columns
    as text; ``clusters`` gives each document with near-duplicates the ``doc_id`` of the one that
    stands for all of them.
    """

    entities: tuple[Row, ...]
    positions: tuple[Row, ...]
    clusters: Mapping[str, str]


@dataclass(slots=True)
class _Entity:
    """The mentions of one entity, gathered over documents."""

    names: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    surfaces: Counter[str] = field(default_factory=Counter)
    documents: set[str] = field(default_factory=set)

    def name(self) -> str:
        """Return the name that most mentions bear; the longer of equals."""
        return max(self.names, key=lambda name: (self.names[name], len(name), name))

    def type(self) -> str:
        """Return the type that most mentions bear."""
        return max(self.types, key=lambda type_: (self.types[type_], type_))

    def row(self) -> Row:
        """Return the row of the table ``entities``."""
        name = self.name()
        aliases = sorted(surface for surface in self.surfaces if surface != name)
        return (
            name,
            self.type(),
            json.dumps(aliases, ensure_ascii=False),
            self.surfaces.total(),
            len(self.documents),
        )


def link(study: Study) -> LinkedTables:
    """Return the linked tables of a study.

    Near-duplicate documents count once: only the rows of the document that stands for its
    cluster enter the aggregates. The study's ``corrections.toml`` has the last word on names.

    Raises:
        lunheng.errors.ConfigError: ``corrections.toml`` cannot be read or says something unknown.
    """
    clusters = near_duplicates((row["doc_id"], row["text"]) for row in study.rows("documents"))
    documents = {row["doc_id"] for row in study.rows("documents")}
    counted = {doc_id for doc_id in documents if clusters.get(doc_id, doc_id) == doc_id}
    corrections = load_names(study.folder / CORRECTIONS)
    entities = _entities(study, counted, corrections)
    known = _canonical_names(_entities(study, documents, corrections), corrections)
    return LinkedTables(
        entities=tuple(
            sorted(
                (entity.row() for entity in entities.values()),
                key=lambda row: (-_count(row[3]), str(row[0]), str(row[1])),
            )
        ),
        positions=_positions(study, counted, known),
        clusters=clusters,
    )


def _count(value: object) -> int:
    assert isinstance(value, int)
    return value


def _key(name: str) -> str:
    """Return what names of one entity share: script, width and case folded, spaces left out."""
    return "".join(fold(name).casefold().split())


def _entities(study: Study, counted: set[str], corrections: Names) -> dict[str, _Entity]:
    """Gather mentions by canonical name; names that differ by script or case only are one."""
    entities: dict[str, _Entity] = defaultdict(_Entity)
    for mention in study.rows("mentions"):
        if mention["doc_id"] not in counted or mention["type"] not in NAMED:
            continue
        given = corrections.find(mention["text"]) or corrections.find(mention["name"])
        if corrections.ignores(mention["text"]) or corrections.ignores(mention["name"]):
            continue
        entity = entities[_key(given.name if given else mention["name"])]
        entity.names[given.name if given else mention["name"]] += 1
        entity.types[(given.type if given else None) or mention["type"]] += 1
        entity.surfaces[mention["text"]] += 1
        entity.documents.add(mention["doc_id"])
    return dict(entities)


def _canonical_names(entities: Mapping[str, _Entity], corrections: Names) -> dict[str, str]:
    """Return the canonical name of every surface that belongs to one entity only."""
    owners: dict[str, set[str]] = defaultdict(set)
    for entity in entities.values():
        for surface in (*entity.surfaces, *entity.names):
            owners[_key(surface)].add(entity.name())
    known = {surface: next(iter(names)) for surface, names in owners.items() if len(names) == 1}
    known.update({_key(surface): name for surface, name in corrections.surfaces()})
    return known


def _positions(study: Study, counted: set[str], known: Mapping[str, str]) -> tuple[Row, ...]:
    """Count who is for and against what; what is merely asked or supposed is left out."""
    votes: dict[tuple[str, str, str], list[dict[str, object]]] = defaultdict(list)
    for stance in study.rows("stances"):
        if stance["doc_id"] in counted and not UNHELD.intersection(stance["flags"]):
            holder = known.get(_key(stance["holder"]), stance["holder"])
            target = known.get(_key(stance["target"]), stance["target"])
            owner = _key(holder) or stance["doc_id"]  # two unnamed authors are two holders
            key = (owner, _key(target), stance["frame"] or "")
            votes[key].append({**stance, "holder": holder, "target": target})
    rows = [_position(stances) for stances in votes.values()]
    return tuple(sorted(rows, key=lambda row: (-sum(map(_count, row[4:7])), *map(str, row[:4]))))


def _position(stances: Iterable[Mapping[str, object]]) -> Row:
    """Return the row of the table ``positions`` for one holder and one target."""
    stances = list(stances)
    counts = Counter(stance["polarity"] for stance in stances)
    balance = (counts["favor"] - counts["against"]) / len(stances)
    return (
        _most(stance["holder"] for stance in stances),
        _most(stance["holder_type"] for stance in stances),
        _most(stance["target"] for stance in stances),
        stances[0]["frame"],
        counts["favor"],
        counts["against"],
        counts["neutral"],
        round(balance, 6),
        len({stance["doc_id"] for stance in stances}),
    )


def _most(values: Iterable[object]) -> str:
    """Return the most frequent value; the first in order among equals."""
    counts = Counter(map(str, values))
    return min(counts, key=lambda value: (-counts[value], value))
