"""Look after a study: what it holds and takes, whether it is whole, and how it is made smaller."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lunheng.database import Database
from lunheng.errors import LunhengError, StudyError
from lunheng.index import NgramIndex
from lunheng.indexing import refresh_index
from lunheng.pipeline import source_id
from lunheng.recording import Recording
from lunheng.study import DATABASE, INDEX, REPORTS, Study, connect
from lunheng.tables import ANALYSED, ANALYST, FORMAT_VERSION, TABLES


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as a run leaves it: its kind, and what tells more."""

    kind: str
    details: dict[str, Any] = field(default_factory=dict)


def describe(folder: str | Path) -> dict[str, Any]:
    """Return what a study holds and takes, and what its last run was.

    ``rows`` counts by table, ``bytes`` are those of the database, the index and the reports,
    ``index`` is ``None`` where it is behind the study, and ``last_run`` has the times, the CPU
    seconds by stage and phase, and the bytes that were read; it is ``None`` before the first run.

    Raises:
        StudyError: the folder holds no study.
    """
    with Study.open(folder) as study:
        runs = list(study.rows("runs"))
        return {
            "folder": str(folder),
            "format": FORMAT_VERSION,
            "rows": {table: study.count(table) for table in TABLES},
            "characters": sum(number for (number,) in study.values("documents", "n_chars")),
            "reposts": sum(doc_id != first for doc_id, first in study.clusters().items()),
            "bytes": {name: _size(study.folder / name) for name in (DATABASE, INDEX, REPORTS)},
            "index": _index(study),
            "last_run": _run(runs[-1]) if runs else None,
        }


def _run(row: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a run."""
    manifest = row["manifest"]
    told = {name: manifest.get(name) for name in ("versions", "paths", "bytes", "seconds")}
    return {"started": row["started"], "finished": row["finished"], **told}


def _index(study: Study) -> dict[str, Any] | None:
    """Return what the index of a study holds, ``None`` where it does not fit the study."""
    try:
        return asdict(study.index().info())
    except LunhengError:
        return None


def _size(path: Path) -> int:
    """Return the bytes of a file or of all files below a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def check(folder: str | Path) -> Iterator[Problem]:
    """Yield what is wrong with a study: its database, its rows, its texts, its index, its last run.

    Raises:
        StudyError: the folder holds no study.
    """
    folder = Path(folder)
    connection = connect(folder)
    try:
        yield from _database_problems(connection)
        yield from _text_problems(connection)
        last = connection.execute("SELECT finished FROM runs ORDER BY run_id DESC").fetchone()
        if last and last[0] is None:
            yield Problem("unfinished")
    except sqlite3.DatabaseError as error:
        yield Problem("database", {"message": str(error)})
        return
    finally:
        connection.close()
    yield from _index_problems(folder)


def _database_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Yield what SQLite finds, and rows of documents that there are not."""
    for (message,) in connection.execute("PRAGMA integrity_check"):
        if message != "ok":
            yield Problem("database", {"message": message})
    for table in ("sources", *ANALYSED):
        (number,) = connection.execute(
            f"SELECT count(*) FROM {table} WHERE doc_id NOT IN (SELECT doc_id FROM documents)"
        ).fetchone()
        if number:
            yield Problem("orphans", {"table": table, "number": number})


def _text_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Yield documents whose source is not the one they are named by, and evidence out of place."""
    for doc_id, path, source in connection.execute("SELECT doc_id, path, source FROM documents"):
        try:
            digest = source_id(zlib.decompress(source))
        except zlib.error:
            digest = ""
        if digest != doc_id:
            yield Problem("source", {"path": path})
    evidence = connection.execute(
        "SELECT d.path, d.text, s.start_char, s.end_char, s.evidence"
        " FROM stances s JOIN documents d USING (doc_id) WHERE s.plugin != ?",
        (ANALYST,),
    )
    for path, text, start, end, words in evidence:
        if text[start:end] != words:
            yield Problem("evidence", {"path": path, "start": start})


def _index_problems(folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with the index."""
    with Study.open(folder) as study:
        try:
            study.index().check()
        except StudyError:
            yield Problem("behind")
        except LunhengError as error:
            yield Problem("index", {"message": str(error)})


def vacuum(folder: str | Path) -> tuple[int, int]:
    """Give back what deleted rows and documents took; return the bytes before and after.

    The database is written anew and the segments of the index are merged. Stopped at any moment,
    it leaves a whole study; an index that was left half-way is made again by the next run.

    Raises:
        StudyError: the folder holds no study, or it is in use.
        NgramIndexError: the index cannot be written.
    """
    folder = Path(folder)
    Study.open(folder).close()
    before = _size(folder / DATABASE) + _size(folder / INDEX)
    database = Database.open(folder)
    with Recording(folder, database) as recording:
        refresh_index(recording)
        _merge_index(recording)
        try:
            database.connection.execute("VACUUM")
        except sqlite3.OperationalError as error:
            raise StudyError(f"{folder} cannot be rewritten: {error}.") from error
    return before, _size(folder / DATABASE) + _size(folder / INDEX)


def _merge_index(recording: Recording) -> None:
    """Merge the segments of a study's index, if there are several or any with deleted texts."""
    with NgramIndex.open(recording.folder / INDEX) as index:
        info = index.info()
        if info.segments > 1 or info.deleted:
            recording.note_index(commit=None, generation=0)
            recording.note_index(commit=index.merge(), generation=recording.counters.generation)
