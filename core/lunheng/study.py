"""A study read: its tables row by row, its texts, its manifest and its n-gram index.

A study is a folder with ``study.db`` (SQLite), ``index/`` and ``reports/``. ``lunheng.recording``
writes it; report writers and ``lunheng.link`` read it through this class and nothing else.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

import msgspec

from lunheng.documents import Locator
from lunheng.errors import StudyError, UsageError
from lunheng.tables import ANALYST, APPLICATION_ID, FORMAT_VERSION, TABLES, Table, select

if TYPE_CHECKING:
    from lunheng.corrections import Corrections
    from lunheng.index import NgramIndex
    from lunheng.text import OffsetMap

Argument = TypeVar("Argument")
Result = TypeVar("Result")

CORRECTIONS = "corrections.toml"
DATABASE = "study.db"
INDEX = "index"
REPORTS = "reports"


def connect(folder: Path) -> sqlite3.Connection:
    """Open the database of an existing study and check that it is one.

    Raises:
        StudyError: there is none, it is something else, or of another format version.
    """
    path = folder / DATABASE
    if not path.is_file():
        raise StudyError(
            f"{folder} is not a study: it has no {DATABASE}. Make one with"
            f" `lunheng run PATH -o {folder}`."
        )
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        connection.close()
        raise StudyError(f"{path} cannot be read as a study: {error}.") from error
    if application != APPLICATION_ID or version != FORMAT_VERSION:
        connection.close()
        raise StudyError(
            f"{path}: expected a Lunheng study of format {FORMAT_VERSION}, found"
            + (f" format {version}." if application == APPLICATION_ID else " another database.")
            + " Choose another folder."
        )
    return connection


class Study:
    """A study opened for reading; use it as a context manager or call ``close``.

    Rows are plain dictionaries, JSON columns parsed. They come in natural order: sources and
    documents by path and position in their file, what was found in a document by its place.
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self._connection = connection
        self._computed: dict[tuple[object, object], object] = {}

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open the study in the folder ``path``.

        Raises:
            StudyError: the folder holds no study, or one of another format version.
        """
        folder = Path(path)
        connection = connect(folder)
        connection.execute("PRAGMA query_only = ON")
        return cls(folder, connection)

    def close(self) -> None:
        """Close the database; the study cannot be used afterwards."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def rows(self, table: str, **equals: object) -> Iterator[dict[str, Any]]:
        """Yield the rows of ``table`` whose columns equal the keyword arguments.

        The binary columns of ``documents`` are left out; ``source``, ``source_map`` and ``bands``
        give what they hold. Stances that the analyst rejected come only when asked for by
        ``verdict="rejected"``.

        Raises:
            UsageError: the study has no such table, or the table no such column.
        """
        known = _table(table, equals)
        query, columns = select(known, equals)
        for values in self._connection.execute(query, tuple(equals.values())):
            row = dict(zip(columns, values, strict=True))
            for column in known.json:
                if row[column] is not None:
                    row[column] = msgspec.json.decode(row[column])
            yield row

    def values(self, table: str, *columns: str, **equals: object) -> Iterator[tuple[Any, ...]]:
        """Yield some columns of ``table`` as they are stored, in no certain order.

        This is the quick way through a large table: nothing is sorted or parsed. Rows are those
        whose columns equal the keyword arguments; ``rowid`` is the number of a row, by which rows
        in one place are ordered.

        Raises:
            UsageError: the study has no such table, or the table no such column.
        """
        known = _table(table, [c for c in (*columns, *equals) if c != "rowid"])
        conditions = [*([known.shown] if known.shown else []), *(f"{c} IS ?" for c in equals)]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        yield from self._connection.execute(
            f"SELECT {', '.join(columns)} FROM {table}{where}", tuple(equals.values())
        )

    def found_stances(self, *columns: str, **equals: object) -> Iterator[tuple[Any, ...]]:
        """Yield rowid and some columns of what the machine found, rejected by the analyst or not.

        The rows of one document come by their place.

        Raises:
            UsageError: stances have no such column.
        """
        _table("stances", (*columns, *equals))
        where = "".join(f" AND {column} IS ?" for column in equals)
        order = " ORDER BY start_char, end_char, rowid" if equals else ""
        yield from self._connection.execute(
            f"SELECT rowid, {', '.join(columns)} FROM stances WHERE plugin != ?{where}{order}",
            (ANALYST, *equals.values()),
        )

    def clusters(self) -> dict[str, str]:
        """Return the document that stands for each document with near-duplicates."""
        query = "SELECT doc_id, cluster FROM documents WHERE cluster IS NOT NULL"
        return dict(self._connection.execute(query))

    def corrections(self) -> Corrections:
        """Return what the analyst wrote into ``corrections.toml``.

        Raises:
            ConfigError: the file cannot be read or says something unknown.
        """
        from lunheng.corrections import load_corrections

        return load_corrections(self.folder / CORRECTIONS)

    @property
    def corrected(self) -> bool:
        """Whether the tables follow ``corrections.toml`` as it is now."""
        (applied,) = self._connection.execute(
            "SELECT value FROM state WHERE key = 'corrections'"
        ).fetchone()
        return bool(self.corrections().digest == applied)

    def bands(self) -> Iterator[tuple[str, bytes]]:
        """Yield (doc_id, bands) of the documents in natural order; see ``lunheng.duplicates``."""
        yield from self._connection.execute(
            "SELECT doc_id, bands FROM documents ORDER BY path, position"
        )

    def count(self, table: str) -> int:
        """Return the number of rows of ``table``."""
        where = _shown(_table(table))
        (number,) = self._connection.execute(f"SELECT count(*) FROM {table}{where}").fetchone()
        return int(number)

    def once(self, compute: Callable[[Study, Argument], Result], argument: Argument) -> Result:
        """Return ``compute(self, argument)``, computed at the first call and kept with the handle.

        The report writers of one command thus share what all of them show. The argument must be
        hashable.
        """
        key = (compute, argument)
        if key not in self._computed:
            self._computed[key] = compute(self, argument)
        return cast("Result", self._computed[key])

    def text(self, doc_id: str) -> str:
        """Return the cleaned text of a document.

        Raises:
            KeyError: the study has no such document.
        """
        return str(self._value("text", doc_id))

    def source(self, doc_id: str) -> str:
        """Return the source text of a document, to which all source offsets refer."""
        return zlib.decompress(self._value("source", doc_id)).decode("utf-8")

    def source_map(self, doc_id: str) -> OffsetMap:
        """Return the map from the source text of a document to its cleaned text."""
        from lunheng.text import OffsetMap

        return OffsetMap.from_bytes(self._value("source_map", doc_id))

    def locators(self, doc_id: str) -> tuple[Locator, ...]:
        """Return which stretch of a document's source comes from which page, paragraph or part."""
        rows = msgspec.json.decode(self._value("locators", doc_id))
        return tuple(Locator(*row) for row in rows)

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest of the last run: versions, plugins, configuration and hashes."""
        row = self._connection.execute(
            "SELECT manifest FROM runs ORDER BY run_id DESC LIMIT 1"
        ).fetchone()
        return dict(msgspec.json.decode(row[0])) if row else {}

    def index(self) -> NgramIndex:
        """Open the n-gram index of the cleaned texts.

        Raises:
            StudyError: the index does not hold what the study holds, because a run was stopped.
        """
        from lunheng.index import NgramIndex

        behind = StudyError(
            f"{self.folder}: the index is behind the study, because a run was stopped. Run the same"
            " `lunheng run` again."
        )
        state = dict(self._connection.execute("SELECT key, value FROM state"))
        try:
            index = NgramIndex.open(self.folder / INDEX)
        except UsageError as error:
            raise behind from error
        recorded = (state["index_commit"], state["indexed"])
        if recorded != (index.generation, state["generation"]):
            index.close()
            raise behind
        return index

    def _value(self, column: str, doc_id: str) -> Any:
        """Return one large column of one document."""
        row = self._connection.execute(
            f"SELECT {column} FROM documents WHERE doc_id = ?", (doc_id,)
        ).fetchone()
        if row is None:
            raise KeyError(f"{self.folder} has no document {doc_id!r}")
        return row[0]


def _shown(table: Table) -> str:
    """Return the clause that keeps the rows of a table that count."""
    return f" WHERE {table.shown}" if table.shown else ""


def _table(name: str, columns: Iterable[str] = ()) -> Table:
    """Return a table by its name, and check that it has the columns.

    Raises:
        UsageError: there is no such table, or no such column that can be asked for.
    """
    if name not in TABLES:
        raise UsageError(f"expected a table of {', '.join(TABLES)}; found {name!r}")
    table = TABLES[name]
    for column in columns:
        if column not in table.columns or column in table.blobs:
            raise UsageError(
                f"expected a column of {name} ({', '.join(table.columns)}); found {column!r}"
            )
    return table
