"""Gathers what takes all texts into a small file of its own, so that the server holds none of it.

Claims and entities come first, then digests, then telling terms; each can be read as soon as it
is written.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from lunheng.study import Study
from lunheng_plugins.reports.claims import read_claims
from lunheng_plugins.reports.digest import digest_articles
from lunheng_plugins.reports.escaping import replace_surrogates
from lunheng_plugins.reports.model import Digest, Terms
from lunheng_plugins.reports.payload import claim_row, entity_row
from lunheng_plugins.reports.positions import sum_positions
from lunheng_plugins.reports.sides import telling_terms
from lunheng_plugins.reports.view import Outline, read_entities, read_evidence

TABLES = ("claims", "entities")
PARTS = (*TABLES, "digests", "terms")


def gather(folder: Path, path: Path, lang: str) -> None:
    """Compute all parts for the study in ``folder`` into the database ``path``, which is made."""
    with Study.open(folder) as study, closing(_create(path)) as file:
        outline = Outline.of(study, lang, counted=True)
        texts = outline.library.read_all(study, outline.articles)
        claims = tuple(read_claims(study, texts))
        _store_rows(file, "claims", claims, claim_row)
        entities = read_entities(study, texts, outline.library.names)
        _store_rows(file, "entities", entities, entity_row)
        evidence = read_evidence(study, outline, texts)
        _store_part(file, "digests", digest_articles(texts, evidence, claims))
        _store_part(file, "terms", telling_terms(texts, evidence, sum_positions(outline.ledger)))


def gather_beside(folder: Path, path: Path, lang: str) -> None:
    """Gather in a process of its own, after whoever waits for an answer."""
    if hasattr(os, "nice"):
        os.nice(10)
    gather(folder, path, lang)


def _create(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path)
    for table in TABLES:
        file.execute(f"CREATE TABLE {table} (number INTEGER PRIMARY KEY, searched TEXT, row TEXT)")
    file.execute("CREATE TABLE parts (name TEXT PRIMARY KEY, value TEXT)")
    file.commit()
    return file


def _store_rows(
    file: sqlite3.Connection,
    table: str,
    items: Iterable[Any],
    row: Callable[[Any], dict[str, object]],
) -> None:
    rows = ((replace_surrogates(item.searched), _json(row(item))) for item in items)
    file.executemany(f"INSERT INTO {table} (searched, row) VALUES (?, ?)", rows)
    _store_part(file, table, None)


def _store_part(file: sqlite3.Connection, name: str, value: object) -> None:
    file.execute("INSERT INTO parts VALUES (?, ?)", (name, _json(value)))
    file.commit()


def _json(value: object) -> str:
    return replace_surrogates(msgspec.json.encode(value).decode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Gathered:
    """What has been gathered into the database ``path`` so far; it need not exist yet."""

    path: Path

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        address = f"{self.path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=30)) as file:
            yield file

    def has(self, *parts: str) -> bool:
        """Tell whether all of some parts are there."""
        if not self.path.exists():
            return False
        try:
            with self._open() as file:
                known = {name for (name,) in file.execute("SELECT name FROM parts")}
        except sqlite3.OperationalError:  # it is being made
            return False
        return known.issuperset(parts)

    def page(
        self, table: str, words: Sequence[str], start: int, limit: int
    ) -> tuple[int, list[dict[str, Any]]]:
        """Return how many rows of a table have all the words in them, and a page of these rows."""
        where = " AND ".join(["instr(searched, ?)"] * len(words)) or "1"
        with self._open() as file:
            (count,) = file.execute(f"SELECT count(*) FROM {table} WHERE {where}", words).fetchone()
            rows = file.execute(
                f"SELECT row FROM {table} WHERE {where} ORDER BY number LIMIT ? OFFSET ?",
                (*words, limit, start),
            )
            return count, [msgspec.json.decode(row) for (row,) in rows]

    @property
    def digests(self) -> tuple[Digest, ...]:
        """The digests, as far as they are there."""
        return msgspec.json.decode(self._part("digests"), type=tuple[Digest, ...])

    @property
    def terms(self) -> tuple[Terms, ...]:
        """The telling terms, as far as they are there."""
        return msgspec.json.decode(self._part("terms"), type=tuple[Terms, ...])

    def _part(self, name: str) -> str:
        if not self.has(name):
            return "[]"
        with self._open() as file:
            (value,) = file.execute("SELECT value FROM parts WHERE name = ?", (name,)).fetchone()
        return str(value)
