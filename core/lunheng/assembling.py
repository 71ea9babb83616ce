"""Put studies that were made apart, each where its texts are, together into one.

What was analysed is taken over as it is; only what rests on the whole is computed: the names that
entities share, near-duplicates, positions, and the index.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from lunheng.errors import StudyError, UsageError
from lunheng.indexing import refresh_index
from lunheng.link import link
from lunheng.outcomes import Analysis, Failure
from lunheng.recording import Recording
from lunheng.study import Study, connect
from lunheng.tables import ANALYSED, ANALYST, MACHINE, TABLES, Row


def assemble(parts: Sequence[str | Path], folder: str | Path) -> dict[str, int]:
    """Make a study of all files of some studies; return how many rows its tables have.

    The result equals that of one run over all these files. Corrections of the parts are not taken
    over: copy their ``corrections.toml`` and link again.

    Raises:
        UsageError: no part is given.
        StudyError: a part is no study, was not finished, has a file that another has too, or was
            analysed with other plugins or settings; or the folder holds something.
    """
    if not parts:
        raise UsageError("expected one study or more to assemble, got none")
    places = [Path(part) for part in parts]
    manifest = _common_manifest(places)
    with Recording.open(folder) as recording:
        if recording.file_paths():
            raise StudyError(f"{folder} holds a study already. Choose an empty or a new folder.")
        number = recording.begin_run(manifest)
        for place in places:
            _take_over(place, recording)
        if recording.reconcile():
            raise StudyError(f"{places[0]}: a text was not analysed as the first file has it")
        recording.store_links(link(recording.read()))
        refresh_index(recording)
        recording.end_run(number, manifest)
        study = recording.read()
        return {table: study.count(table) for table in TABLES}


def _common_manifest(places: Iterable[Path]) -> dict[str, Any]:
    """Return the manifest of all parts together, after checking that they go together.

    Raises:
        StudyError: they do not.
    """
    whole: dict[str, Any] = {}
    seen: dict[str, Path] = {}
    for place in places:
        with Study.open(place) as study:
            runs = list(study.rows("runs"))
            paths = {path for (path,) in study.values("files", "path")}
        if not runs or runs[-1]["finished"] is None:
            raise StudyError(f"{place}: its run was not finished. Run the same command again.")
        for path in sorted(paths & seen.keys()):
            raise StudyError(f"{path} is in {seen[path]} and in {place}; expected it in one part.")
        seen.update(dict.fromkeys(paths, place))
        manifest = runs[-1]["manifest"]
        if not whole:
            whole = {**manifest, "paths": [], "passed_over": {}, "bytes": 0, "seconds": {}}
        if manifest.get("fingerprints") != whole.get("fingerprints"):
            raise StudyError(f"{place} was analysed with other plugins or settings than the first.")
        whole["paths"] += [path for path in manifest["paths"] if path not in whole["paths"]]
        whole["bytes"] += manifest.get("bytes", 0)
        for key in ("seconds", "passed_over"):
            for name, value in manifest.get(key, {}).items():
                whole[key][name] = whole[key].get(name, 0) + value
    return whole


def _take_over(place: Path, recording: Recording) -> None:
    """Store all that a part holds of its files and documents."""
    with closing(connect(place)) as connection:
        for analysis in _analyses(connection):
            recording.store(analysis)
        for row in connection.execute("SELECT * FROM failures WHERE doc_id IS NULL"):
            recording.fail(Failure(*row))
        files = connection.execute(
            "SELECT path, digest, n_bytes, setup,"
            " (SELECT max(position) FROM sources s WHERE s.path = f.path) FROM files f"
        )
        for path, digest, n_bytes, setup, last in files:
            recording.end_file(path, digest, n_bytes, setup, 0 if last is None else last + 1)


def _analyses(connection: sqlite3.Connection) -> Iterator[Analysis]:
    """Yield the records of a part in their order, each document with the record it is named by."""
    held = connection.cursor()
    names = list(TABLES["sources"].columns)
    for row in connection.execute("SELECT * FROM sources ORDER BY path, position"):
        source = dict(zip(names, row, strict=True))
        facts = (source["path"], source["record"], source["position"], source["analysis"])
        document = held.execute(
            "SELECT * FROM documents WHERE doc_id = ? AND path = ? AND position = ?",
            (source["doc_id"], source["path"], source["position"]),
        ).fetchone()
        if document is None:
            yield Analysis(row, source["doc_id"], *facts, None, None)
            continue
        failures = held.execute(
            "SELECT * FROM failures WHERE doc_id = ? ORDER BY rowid", (source["doc_id"],)
        ).fetchall()
        yield Analysis(
            *(row, source["doc_id"], *facts, _unlinked(document)),
            rows={table: _found(held, table, source["doc_id"]) for table in ANALYSED},
            failures=tuple(Failure(*failure) for failure in failures),
        )


def _unlinked(document: Row) -> Row:
    """Return a document's row without what rests on the study that it is in."""
    values = dict(zip(TABLES["documents"].columns, document, strict=True))
    return tuple({**values, "cluster": None, "generation": 0}.values())


def _found(cursor: sqlite3.Cursor, table: str, doc_id: str) -> list[Row]:
    """Return what the machine found in a document."""
    rows = cursor.execute(
        f"SELECT * FROM {table} WHERE doc_id = ? ORDER BY rowid", (doc_id,)
    ).fetchall()
    if table != "stances":
        return rows
    names = list(TABLES[table].columns)
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [
        tuple({**stance, "origin": MACHINE, "verdict": None}.values())
        for stance in found
        if stance["plugin"] != ANALYST
    ]
