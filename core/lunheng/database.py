"""The database of a study opened for writing: by one process, in steps that are whole or not there.

Steps are gathered into transactions of a fraction of a second. What is committed survives a kill;
what an error or Ctrl-C cuts off in the middle is taken back.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from lunheng.errors import StudyError
from lunheng.study import CORRECTIONS, DATABASE, INDEX, REPORTS, connect
from lunheng.tables import APPLICATION_ID, FORMAT_VERSION, INDEXES, TABLES

LOCK = "run.lock"
NEW = f"{DATABASE}.new"
COMMIT_SECONDS = 0.25

_OURS = frozenset({LOCK, INDEX, REPORTS, NEW, CORRECTIONS})


class Database:
    """The connection of the one writer of a study."""

    def __init__(self, connection: sqlite3.Connection, lock: FileLock) -> None:
        self.connection = connection
        self._lock = lock
        self._begun = 0.0

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the database in ``folder`` for writing, and make it where there is none.

        Raises:
            StudyError: the folder has other things in it, cannot be written, or is in use.
        """
        _check_place(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(folder / LOCK, timeout=0)
            lock.acquire()
        except Timeout as error:
            raise StudyError(f"{folder} is in use by another run; wait until it ends.") from error
        except OSError as error:
            raise StudyError(
                f"{folder} cannot be written: {error.strerror}. Choose another folder."
            ) from error
        try:
            if not (folder / DATABASE).exists():
                _create(folder)
            connection = connect(folder)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            lock.release()
            raise
        return cls(connection, lock)

    def close(self) -> None:
        """Commit, fold the write-ahead log into the database, remove it, and let others write."""
        try:
            self.commit()
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            # A reader that has the study open keeps the log; the next run removes it.
            with suppress(sqlite3.OperationalError):
                self.connection.execute("PRAGMA journal_mode = DELETE")
        finally:
            self.connection.close()
            self._lock.release()

    def commit(self) -> None:
        """Make every step so far permanent."""
        if self.connection.in_transaction:
            self.connection.execute("COMMIT")

    @contextmanager
    def step(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for changes that belong together: all of them happen, or none."""
        now = time.monotonic()
        if self.connection.in_transaction and now - self._begun > COMMIT_SECONDS:
            self.commit()
        if not self.connection.in_transaction:
            self.connection.execute("BEGIN IMMEDIATE")
            self._begun = now
        self.connection.execute("SAVEPOINT step")
        try:
            yield self.connection
        except BaseException:
            if self.connection.in_transaction:  # a full disk may have ended it
                self.connection.execute("ROLLBACK TO step")
            raise
        self.connection.execute("RELEASE step")


def _check_place(folder: Path) -> None:
    """Refuse a place that is a file, or a folder with other things in it.

    Raises:
        StudyError: the place is one of those.
    """
    if folder.exists() and not folder.is_dir():
        raise StudyError(f"{folder} is a file, not a folder for a study. Choose another place.")
    if folder.is_dir() and not (folder / DATABASE).exists():
        others = [path.name for path in folder.iterdir() if path.name not in _OURS]
        if others:
            raise StudyError(
                f"{folder} is no study and not empty (it has {sorted(others)[0]!r}). Choose an"
                " empty or a new folder."
            )


def _create(folder: Path) -> None:
    """Make an empty database under another name and move it into its place when it is whole."""
    new = folder / NEW
    new.unlink(missing_ok=True)
    connection = sqlite3.connect(new, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")  # what is left half-made is made anew
        connection.execute("BEGIN")
        for table in TABLES.values():
            connection.execute(table.create())
        connection.execute("CREATE TABLE state (key TEXT PRIMARY KEY, value INTEGER NOT NULL)")
        connection.execute(
            "INSERT INTO state VALUES ('generation', 0), ('removal', 0),"
            " ('indexed', 0), ('index_commit', -1), ('corrections', 0)"
        )
        for index in INDEXES:
            connection.execute(index)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        connection.execute("COMMIT")
    finally:
        connection.close()
    new.replace(folder / DATABASE)
