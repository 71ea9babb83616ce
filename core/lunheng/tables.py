"""The tables of a study: their columns, their order, and how records become rows.

The tables are a public format: columns may be added, not renamed. ``start_char``/``end_char`` lie
in the cleaned text, ``source_start``/``source_end`` in the source; all are half-open code points.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from lunheng.documents import Document

APPLICATION_ID = 0x4C554E48  # "LUNH", what `file` and SQLite see in the header
FORMAT_VERSION = 4

MACHINE, HUMAN = "machine", "human"
ANALYST = "analyst"  # what stands for the plugin of a stance that the analyst wrote

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns with their SQL types, its keys, and the natural order of its rows.

    ``json`` columns hold JSON text; ``per_document`` tables are ordered as their documents are.
    ``shown`` is the SQL condition of the rows that count, where not all do.
    """

    name: str
    columns: Mapping[str, str]
    constraints: str = ""
    order: str = ""
    json: frozenset[str] = frozenset()
    blobs: frozenset[str] = frozenset()
    per_document: bool = False
    shown: str = ""

    def create(self) -> str:
        """Return the statement that creates the table."""
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        rest = f", {self.constraints}" if self.constraints else ""
        return f"CREATE TABLE {self.name} ({columns}{rest})"

    def insert(self) -> str:
        """Return the statement that adds one row, all columns in their order."""
        marks = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES ({marks})"


_SPAN = {"start_char": "INTEGER NOT NULL", "end_char": "INTEGER NOT NULL"}
_SOURCE = {"source_start": "INTEGER", "source_end": "INTEGER"}
_DOC = {"doc_id": "TEXT NOT NULL"}
_STAND = {"holder": "TEXT NOT NULL", "target": "TEXT NOT NULL", "frame": "TEXT"}
_IN_PLACE = "start_char, end_char, t.rowid"

_ANALYSED = (
    Table("blocks", {**_DOC, "kind": "TEXT NOT NULL", **_SPAN}, order=_IN_PLACE, per_document=True),
    Table("sentences", {**_DOC, **_SPAN}, order=_IN_PLACE, per_document=True),
    Table(
        "turns",
        {
            "turn_id": "INTEGER NOT NULL",
            **_DOC,
            "speaker": "TEXT NOT NULL",
            **_SPAN,
            **_SOURCE,
            "label_start": "INTEGER NOT NULL",
            "label_end": "INTEGER NOT NULL",
        },
        constraints="PRIMARY KEY (doc_id, turn_id)",
        order="turn_id",
        per_document=True,
    ),
    Table(
        "mentions",
        {
            **_DOC,
            **_SPAN,
            **_SOURCE,
            "text": "TEXT NOT NULL",
            "type": "TEXT NOT NULL",
            "name": "TEXT NOT NULL",
            "value": "TEXT",
            "plugin": "TEXT NOT NULL",
        },
        order=_IN_PLACE,
        json=frozenset({"value"}),
        per_document=True,
    ),
    Table(
        "quotes",
        {
            "quote_id": "INTEGER NOT NULL",
            **_DOC,
            "holder": "TEXT NOT NULL",
            "holder_start": "INTEGER",
            "holder_end": "INTEGER",
            "cue": "TEXT NOT NULL",
            "attribution": "TEXT NOT NULL",
            **_SPAN,
            **_SOURCE,
            "plugin": "TEXT NOT NULL",
        },
        constraints="PRIMARY KEY (doc_id, quote_id)",
        order="quote_id",
        per_document=True,
    ),
    Table(
        "stances",
        {
            **_DOC,
            "holder": "TEXT NOT NULL",
            "holder_type": "TEXT NOT NULL",
            "holder_start": "INTEGER",
            "holder_end": "INTEGER",
            "target": "TEXT NOT NULL",
            "target_start": "INTEGER",
            "target_end": "INTEGER",
            "frame": "TEXT",
            "polarity": "TEXT NOT NULL",
            "score": "REAL NOT NULL",
            **_SPAN,
            **_SOURCE,
            "evidence": "TEXT NOT NULL",
            "cues": "TEXT NOT NULL",
            "attribution": "TEXT NOT NULL",
            "turn_id": "INTEGER",
            "quote_id": "INTEGER",
            "reporter": "TEXT",
            "flags": "TEXT NOT NULL",
            "plugin": "TEXT NOT NULL",
            "stance_id": "TEXT NOT NULL",
            "origin": "TEXT NOT NULL",
            "verdict": "TEXT",
        },
        order=_IN_PLACE,
        json=frozenset({"cues", "flags"}),
        per_document=True,
        shown="verdict IS NOT 'rejected'",
    ),
    Table(
        "repairs",
        {
            **_DOC,
            **_SOURCE,
            "before": "TEXT NOT NULL",
            "after": "TEXT NOT NULL",
            "cleaner": "TEXT NOT NULL",
        },
        order="source_start, source_end, t.rowid",
        per_document=True,
    ),
)

_LINKED = (
    Table(
        "entities",
        {
            "name": "TEXT NOT NULL",
            "type": "TEXT NOT NULL",
            "aliases": "TEXT NOT NULL",
            "mentions": "INTEGER NOT NULL",
            "documents": "INTEGER NOT NULL",
            "origin": "TEXT NOT NULL",
        },
        order="t.rowid",
        json=frozenset({"aliases"}),
    ),
    Table(
        "positions",
        {
            "holder": "TEXT NOT NULL",
            "holder_type": "TEXT NOT NULL",
            "target": "TEXT NOT NULL",
            "frame": "TEXT",
            "favor": "INTEGER NOT NULL",
            "against": "INTEGER NOT NULL",
            "neutral": "INTEGER NOT NULL",
            "balance": "REAL NOT NULL",
            "documents": "INTEGER NOT NULL",
            "weighted_balance": "REAL NOT NULL",
        },
        order="t.rowid",
    ),
    Table(
        "relations",
        {
            "first": "TEXT NOT NULL",
            "second": "TEXT NOT NULL",
            "agree": "INTEGER NOT NULL",
            "differ": "INTEGER NOT NULL",
            "agree_on": "TEXT NOT NULL",
            "differ_on": "TEXT NOT NULL",
        },
        order="t.rowid",
        json=frozenset({"agree_on", "differ_on"}),
    ),
    Table(
        "contradictions",
        {
            **_STAND,
            "favor": "INTEGER NOT NULL",
            "against": "INTEGER NOT NULL",
            "favor_doc_id": "TEXT NOT NULL",
            "favor_evidence": "TEXT NOT NULL",
            "against_doc_id": "TEXT NOT NULL",
            "against_evidence": "TEXT NOT NULL",
            "favor_first": "TEXT",
            "favor_last": "TEXT",
            "against_first": "TEXT",
            "against_last": "TEXT",
        },
        order="t.rowid",
    ),
    Table(
        "changes",
        {
            **_STAND,
            "date": "TEXT NOT NULL",
            "favor": "INTEGER NOT NULL",
            "against": "INTEGER NOT NULL",
            "neutral": "INTEGER NOT NULL",
            "balance": "REAL NOT NULL",
        },
        order="t.rowid",
    ),
)

_KEPT = (
    Table(
        "files",
        {
            "path": "TEXT PRIMARY KEY",
            "digest": "TEXT NOT NULL",
            "n_bytes": "INTEGER NOT NULL",
            "setup": "TEXT NOT NULL",
        },
        order="path",
    ),
    Table(
        "sources",
        {
            "path": "TEXT NOT NULL",
            "record": "TEXT NOT NULL",
            "position": "INTEGER NOT NULL",
            **_DOC,
            "title": "TEXT",
            "author": "TEXT",
            "date": "TEXT",
            "meta": "TEXT NOT NULL",
            "analysis": "TEXT NOT NULL",
        },
        constraints="PRIMARY KEY (path, position)",
        order="path, position",
        json=frozenset({"meta"}),
    ),
    Table(
        "documents",
        {
            "doc_id": "TEXT PRIMARY KEY",
            "path": "TEXT NOT NULL",
            "record": "TEXT NOT NULL",
            "position": "INTEGER NOT NULL",
            "script": "TEXT NOT NULL",
            "encoding": "TEXT NOT NULL",
            "undecodable": "INTEGER NOT NULL",
            "abstained": "INTEGER NOT NULL",
            "n_chars": "INTEGER NOT NULL",
            "text": "TEXT NOT NULL",
            "source": "BLOB NOT NULL",
            "source_map": "BLOB NOT NULL",
            "bands": "BLOB NOT NULL",
            "locators": "TEXT NOT NULL",
            "fields": "TEXT NOT NULL",
            "cluster": "TEXT",
            "analysis": "TEXT NOT NULL",
            "generation": "INTEGER NOT NULL",
        },
        order="path, position",
        json=frozenset({"locators", "fields"}),
        blobs=frozenset({"source", "source_map", "bands"}),
    ),
    Table(
        "failures",
        {
            "path": "TEXT NOT NULL",
            "record": "TEXT NOT NULL",
            "doc_id": "TEXT",
            "stage": "TEXT NOT NULL",
            "plugin": "TEXT NOT NULL",
            "version": "TEXT NOT NULL",
            "message": "TEXT NOT NULL",
            "position": "INTEGER",
        },
        order="path, position, t.rowid",
    ),
    Table(
        "runs",
        {
            "run_id": "INTEGER PRIMARY KEY",
            "started": "TEXT NOT NULL",
            "finished": "TEXT",
            "manifest": "TEXT NOT NULL",
        },
        order="run_id",
        json=frozenset({"manifest"}),
    ),
)

ANALYSED = tuple(table.name for table in _ANALYSED)
LINKED = tuple(table.name for table in _LINKED)
TABLES: Mapping[str, Table] = {table.name: table for table in (*_KEPT, *_ANALYSED, *_LINKED)}
INDEXES = (
    "CREATE INDEX sources_doc ON sources (doc_id)",
    "CREATE INDEX documents_place ON documents (path, position)",
    "CREATE INDEX files_digest ON files (digest)",
    "CREATE INDEX failures_path ON failures (path)",
    *(
        f"CREATE INDEX {table.name}_doc ON {table.name} (doc_id)"
        for table in _ANALYSED
        if not table.constraints
    ),
)


def as_json(value: object) -> str:
    """Return compact JSON text, Chinese as it is; tuples become lists."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def index_fields(
    path: str,
    record: str,
    title: str | None,
    author: str | None,
    date: str | None,
    meta: Mapping[str, object],
) -> dict[str, object]:
    """Return the facts about a document that a search of the study's index can be narrowed by.

    They are the user's columns that have plain values, and ours, which come first.
    """
    ours = {"path": path, "record": record, "title": title, "author": author, "date": date}
    return {
        name: value
        for name, value in {**meta, **ours}.items()
        if isinstance(value, str | int | float | bool) and value != ""
    }


def analysed_rows(document: Document) -> dict[str, list[Row]]:
    """Return the rows of one document for every table in ``ANALYSED``."""
    doc_id, text = document.doc_id, document.text
    to_source = document.source_map.to_source
    rows: dict[str, list[Row]] = {
        "blocks": [(doc_id, b.kind, b.start, b.end) for b in document.blocks],
        "sentences": [(doc_id, s.start, s.end) for s in document.sentences],
        "turns": [
            (
                *(number, doc_id, t.speaker, t.start, t.end, *to_source(t.start, t.end)),
                *(t.label_start, t.label_end),
            )
            for number, t in enumerate(document.turns)
        ],
        "mentions": [
            (
                *(doc_id, m.start, m.end, *to_source(m.start, m.end), m.text, m.type, m.name),
                *(None if m.value is None else as_json(dict(m.value)), m.plugin),
            )
            for m in document.mentions
        ],
        "quotes": [
            (
                *(number, doc_id, q.holder, q.holder_start, q.holder_end, q.cue, q.attribution),
                *(q.start, q.end, *to_source(q.start, q.end), q.plugin),
            )
            for number, q in enumerate(document.quotes)
        ],
        "repairs": [
            (doc_id, r.source_start, r.source_end, r.before, r.after, r.cleaner)
            for r in document.repairs
        ],
    }
    rows["stances"] = [
        (
            *(doc_id, s.holder, s.holder_type, s.holder_start, s.holder_end),
            *(s.target, s.target_start, s.target_end, s.frame, s.polarity, s.score),
            *(s.start, s.end, *to_source(s.start, s.end), text[s.start : s.end]),
            *(msgspec.json.encode(s.cues).decode(), s.attribution, s.turn, s.quote),
            *(s.reporter, as_json(s.flags), s.plugin),
            *(stance_id(doc_id, to_source(s.start, s.end), s.holder, s.target, s.polarity),),
            *(MACHINE, None),
        )
        for s in document.stances
    ]
    return rows


def stance_id(
    doc_id: str, place: tuple[int | None, int | None], holder: str, target: str, polarity: str
) -> str:
    """Return the name of a stance as the machine found it: ten hexadecimal digits.

    It rests on what is said where in the source, so that it lasts through reruns.
    """
    facts = as_json((doc_id, *place, holder, target, polarity))
    return hashlib.sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def select(table: Table, equals: Iterable[str]) -> tuple[str, list[str]]:
    """Return the query for a table's rows in natural order and the columns that it yields."""
    columns = [name for name in table.columns if name not in table.blobs]
    wanted = ", ".join(f"t.{name}" for name in columns)
    order = ", ".join(
        part if "." in part else f"t.{part}" for part in table.order.split(", ") if part
    )
    join = ""
    if table.per_document:
        join = " JOIN documents d ON d.doc_id = t.doc_id"
        order = f"d.path, d.position, {order}"
    conditions = [f"t.{name} IS ?" for name in equals]
    if table.shown and "verdict" not in equals:
        conditions.append(f"t.{table.shown}")
    condition = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {wanted} FROM {table.name} t{join}{condition} ORDER BY {order}", columns
