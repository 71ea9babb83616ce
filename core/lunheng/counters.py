"""The counters of a study: what was changed last, and what its index holds of that."""

from __future__ import annotations

import sqlite3


class Counters:
    """Counters kept in the database, to be changed inside one of its steps."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def generation(self) -> int:
        """The number of the last change to any document's text."""
        return self._value("generation")

    @property
    def removal(self) -> int:
        """The generation at which a document was last changed or removed."""
        return self._value("removal")

    @property
    def indexed(self) -> int:
        """The generation of the documents that the index holds."""
        return self._value("indexed")

    @property
    def index_commit(self) -> int | None:
        """The commit of the index that belongs to this study, ``None`` while it is written."""
        commit = self._value("index_commit")
        return None if commit < 0 else commit

    def advance(self, *, removal: bool) -> int:
        """Count one more change to the documents and return its number."""
        generation = self.generation + 1
        self.set(generation=generation)
        if removal:
            self.set(removal=generation)
        return generation

    def set(self, **values: int) -> None:
        """Set counters."""
        self._connection.executemany(
            "UPDATE state SET value = ? WHERE key = ?",
            [(value, key) for key, value in values.items()],
        )

    def _value(self, key: str) -> int:
        row = self._connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        return int(row[0])
