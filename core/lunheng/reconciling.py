"""Make a study agree with its files: documents without one go, each is named by its first one."""

from __future__ import annotations

import sqlite3

import msgspec

from lunheng.counters import Counters
from lunheng.tables import ANALYSED, as_json, index_fields

# The first record of each document whose first record is not the one it is stored under.
_FIRST = """
SELECT d.doc_id, s.position, s.analysis = d.analysis,
    s.path, s.record, s.title, s.author, s.date, s.meta
FROM documents d JOIN sources s ON s.doc_id = d.doc_id
WHERE NOT EXISTS (
    SELECT 1 FROM sources o
    WHERE o.doc_id = d.doc_id AND (o.path, o.position) < (s.path, s.position)
) AND ((d.path, d.position, d.record) != (s.path, s.position, s.record)
       OR s.analysis != d.analysis)
"""

_PLACE_FAILURES = """
UPDATE failures SET
    path = (SELECT path FROM documents d WHERE d.doc_id = failures.doc_id),
    record = (SELECT record FROM documents d WHERE d.doc_id = failures.doc_id),
    position = (SELECT position FROM documents d WHERE d.doc_id = failures.doc_id)
WHERE doc_id IN (SELECT doc_id FROM documents)
"""


def reconcile(connection: sqlite3.Connection) -> list[str]:
    """Remove documents without a file, name each by its first file; return files to redo.

    A file is to be redone when a document's first record is now one whose title, author or
    reader differ from those that it was analysed with.
    """
    _drop_orphans(connection)
    stale = _name_by_first_file(connection)
    connection.execute(_PLACE_FAILURES)
    return stale


def forget_findings(connection: sqlite3.Connection, doc_id: str) -> None:
    """Remove all that was found in a document."""
    for table in (*ANALYSED, "failures"):
        connection.execute(f"DELETE FROM {table} WHERE doc_id = ?", (doc_id,))


def _drop_orphans(connection: sqlite3.Connection) -> None:
    """Remove documents that no file has."""
    orphans = connection.execute(
        "SELECT doc_id FROM documents WHERE doc_id NOT IN (SELECT doc_id FROM sources)"
    ).fetchall()
    for (doc_id,) in orphans:
        forget_findings(connection, doc_id)
        connection.execute("DELETE FROM documents WHERE doc_id = ?", (doc_id,))
    if orphans:
        Counters(connection).advance(removal=True)


def _name_by_first_file(connection: sqlite3.Connection) -> list[str]:
    """Put documents under their first file; return the files whose analysis does not fit."""
    stale = set()
    for doc_id, position, agrees, *facts in connection.execute(_FIRST).fetchall():
        path, record, title, author, date, meta = facts
        if not agrees:
            stale.add(path)
            continue
        columns = msgspec.json.decode(meta)
        fields = as_json(index_fields(path, record, title, author, date, columns))
        connection.execute(
            "UPDATE documents SET path = ?, record = ?, position = ?, fields = ?,"
            " generation = ? WHERE doc_id = ?",
            (path, record, position, fields, Counters(connection).advance(removal=True), doc_id),
        )
    return sorted(stale)
