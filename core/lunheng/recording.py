"""A study written: what a run knows of it, and what it stores.

Each document is stored with the hash of everything that its analysis depended on, so that a later
run knows what it need not do again. ``lunheng.database`` sees to it that nothing is half-stored.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from lunheng.counters import Counters
from lunheng.database import Database
from lunheng.judging import Judgements
from lunheng.link import LinkedTables
from lunheng.outcomes import Analysis, Failure
from lunheng.reconciling import forget_findings, reconcile
from lunheng.study import Study
from lunheng.tables import (
    ANALYSED,
    ANALYST,
    HUMAN,
    LINKED,
    MACHINE,
    TABLES,
    as_json,
)


class Recording:
    """The one writer of a study; use it as a context manager."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self._database = database
        self._connection = database.connection
        self._step = database.step
        self.commit = database.commit
        self.counters = Counters(database.connection)

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open the study in the folder ``path`` for writing, and make it where there is none.

        Raises:
            StudyError: the folder has other things in it, or another run is writing it.
        """
        return cls(Path(path), Database.open(Path(path)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self._database.close()
        except sqlite3.Error:
            if error is None:  # else the error on its way says more
                raise

    def read(self) -> Study:
        """Return the study as it stands now, for reading; it shares this connection."""
        self.commit()
        return Study(self.folder, self._connection)

    # runs

    def begin_run(self, manifest: Mapping[str, Any]) -> int:
        """Note that a run starts, and return its number."""
        with self._step() as connection:
            cursor = connection.execute(
                "INSERT INTO runs (started, manifest) VALUES (?, ?)", (_now(), as_json(manifest))
            )
        self.commit()
        return int(cursor.lastrowid or 0)

    def end_run(self, run_id: int, manifest: Mapping[str, Any]) -> None:
        """Note that a run came to its end."""
        with self._step() as connection:
            connection.execute(
                "UPDATE runs SET finished = ?, manifest = ? WHERE run_id = ?",
                (_now(), as_json(manifest), run_id),
            )
        self.commit()

    # what is known

    def known_file(self, path: str) -> tuple[str, str] | None:
        """Return digest and setup under which a file was analysed to its end, if it was."""
        row = self._connection.execute(
            "SELECT digest, setup FROM files WHERE path = ?", (path,)
        ).fetchone()
        return (row[0], row[1]) if row else None

    def known_documents(self, path: str, digest: str) -> frozenset[tuple[str, str]]:
        """Return (doc_id, analysis) of documents that a file has or had.

        Those are the documents of its earlier state and of files with the same bytes.
        """
        return frozenset(
            self._connection.execute(
                "SELECT d.doc_id, d.analysis FROM sources s JOIN documents d USING (doc_id)"
                " WHERE s.path = ? OR s.path IN (SELECT path FROM files WHERE digest = ?)",
                (path, digest),
            )
        )

    def file_paths(self) -> list[str]:
        """Return the paths of all files that left anything in the study, sorted."""
        return [
            row[0]
            for row in self._connection.execute(
                "SELECT path FROM sources UNION SELECT path FROM files"
                " UNION SELECT path FROM failures WHERE path != '' ORDER BY 1"
            )
        ]

    def failed_paths(self) -> list[str]:
        """Return the paths of all files with a failure, sorted."""
        return [
            row[0]
            for row in self._connection.execute(
                "SELECT DISTINCT path FROM failures WHERE path != ''"
                " UNION SELECT s.path FROM failures f JOIN sources s ON s.doc_id = f.doc_id"
                " ORDER BY 1"
            )
        ]

    def note_index(self, *, commit: int | None, generation: int) -> None:
        """Note which commit of the index holds which generation of the documents."""
        with self._step():
            self.counters.set(index_commit=-1 if commit is None else commit, indexed=generation)
        self.commit()

    def added_since(self, generation: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield (doc_id, text, fields) of documents written after ``generation``, in order."""
        rows = self._connection.execute(
            "SELECT doc_id, text, fields FROM documents WHERE generation > ?"
            " ORDER BY path, position",
            (generation,),
        )
        for doc_id, text, fields in rows:
            yield doc_id, text, msgspec.json.decode(fields)

    # what is stored

    def store(self, analysis: Analysis) -> None:
        """Store one record of a file and, where it is new or due, its document."""
        with self._step() as connection:
            connection.execute(
                TABLES["sources"].insert().replace("INSERT", "INSERT OR REPLACE"), analysis.source
            )
            if analysis.document is None or analysis.rows is None:
                return
            held = connection.execute(
                "SELECT path, position, text, fields FROM documents WHERE doc_id = ?",
                (analysis.doc_id,),
            ).fetchone()
            if not held or not self._outranks(held[0], held[1], analysis):
                self._replace_document(analysis, held[2:] if held else None)

    def _outranks(self, path: str, position: int, analysis: Analysis) -> bool:
        """Say whether a stored document comes from an earlier place that still holds it."""
        if (path, position) >= (analysis.path, analysis.position):
            return False
        row = self._connection.execute(
            "SELECT s.doc_id, s.analysis, d.analysis FROM sources s JOIN documents d USING (doc_id)"
            " WHERE s.path = ? AND s.position = ?",
            (path, position),
        ).fetchone()
        return bool(row) and row[0] == analysis.doc_id and row[1] == row[2]

    def _replace_document(self, analysis: Analysis, indexed: tuple[str, str] | None) -> None:
        """Write a document and what was found in it over what was there before.

        ``indexed`` are the text and the fields that the index may have of it.
        """
        assert analysis.document is not None
        assert analysis.rows is not None
        connection, doc_id = self._connection, analysis.doc_id
        columns = list(TABLES["documents"].columns)
        values = dict(zip(columns, analysis.document, strict=True))
        if indexed != (values["text"], values["fields"]):
            values["generation"] = self.counters.advance(removal=indexed is not None)
        else:
            (values["generation"],) = connection.execute(
                "SELECT generation FROM documents WHERE doc_id = ?", (doc_id,)
            ).fetchone()
        if indexed:
            forget_findings(connection, doc_id)
        connection.execute(
            TABLES["documents"].insert().replace("INSERT", "INSERT OR REPLACE"),
            tuple(values.values()),
        )
        for table in ANALYSED:
            connection.executemany(TABLES[table].insert(), analysis.rows[table])
        self._add_failures(analysis.failures)

    def fail(self, failure: Failure) -> None:
        """Record a failure."""
        with self._step():
            self._add_failures([failure])

    def begin_file(self, path: str) -> None:
        """Forget the failures of a file that is about to be analysed again."""
        with self._step() as connection:
            connection.execute("DELETE FROM failures WHERE path = ? AND doc_id IS NULL", (path,))
            connection.execute("DELETE FROM files WHERE path = ?", (path,))

    def end_file(self, path: str, digest: str, n_bytes: int, setup: str, records: int) -> None:
        """Note that a file was analysed to its end and forget records that it no longer has."""
        with self._step() as connection:
            connection.execute(
                "DELETE FROM sources WHERE path = ? AND position >= ?", (path, records)
            )
            connection.execute(
                "INSERT OR REPLACE INTO files (path, digest, n_bytes, setup) VALUES (?, ?, ?, ?)",
                (path, digest, n_bytes, setup),
            )

    def drop_file(self, path: str) -> None:
        """Forget a file and its records; ``reconcile`` removes documents that no file has left."""
        with self._step() as connection:
            for table in ("sources", "files"):
                connection.execute(f"DELETE FROM {table} WHERE path = ?", (path,))
            connection.execute("DELETE FROM failures WHERE path = ? AND doc_id IS NULL", (path,))

    def clear_run_failures(self) -> None:
        """Forget the failures that belong to no file."""
        with self._step() as connection:
            connection.execute("DELETE FROM failures WHERE path = '' AND doc_id IS NULL")

    def reconcile(self) -> list[str]:
        """Make the study agree with its files; return those to redo (``lunheng.reconciling``)."""
        with self._step() as connection:
            stale = reconcile(connection)
        self.commit()
        return stale

    def store_links(self, linked: LinkedTables) -> None:
        """Replace the linked tables, the documents' clusters and the analyst's verdicts."""
        with self._step() as connection:
            for table in LINKED:
                connection.execute(f"DELETE FROM {table}")
                connection.executemany(TABLES[table].insert(), getattr(linked, table))
            connection.execute("UPDATE documents SET cluster = NULL WHERE cluster IS NOT NULL")
            connection.executemany(
                "UPDATE documents SET cluster = ? WHERE doc_id = ?",
                [(cluster, doc_id) for doc_id, cluster in linked.clusters.items()],
            )
            self._judge(connection, linked.judgements)
            self.counters.set(corrections=linked.corrections)
        self.commit()

    def _judge(self, connection: sqlite3.Connection, judgements: Judgements) -> None:
        """Put the analyst's verdicts and own rows in the place of earlier ones."""
        connection.execute("DELETE FROM stances WHERE plugin = ?", (ANALYST,))
        connection.execute(
            "UPDATE stances SET origin = ?, verdict = NULL WHERE verdict IS NOT NULL", (MACHINE,)
        )
        connection.executemany(
            "UPDATE stances SET origin = ?, verdict = ? WHERE rowid = ?",
            [(HUMAN, verdict, number) for number, verdict in judgements.verdicts.items()],
        )
        connection.executemany(TABLES["stances"].insert(), judgements.added)

    def _add_failures(self, failures: Iterable[Failure]) -> None:
        """Add failures inside the transaction."""
        self._connection.executemany(
            TABLES["failures"].insert(),
            [
                (f.path, f.record, f.doc_id, f.stage, f.plugin, f.version, f.message, f.position)
                for f in failures
            ],
        )


def _now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
