"""What a run tells those who watch it."""

from __future__ import annotations

from typing import Protocol


class Observer(Protocol):
    """Someone who watches a run, such as a progress bar."""

    def begin(self, n_files: int, n_bytes: int) -> None:
        """Take note of how much there is to read."""

    def note(self, key: str, /, **fields: object) -> None:
        """Tell the user something: the key of a message and its fields."""

    def advance(self, n_files: int, n_bytes: int, n_documents: int, n_failures: int) -> None:
        """Take note of what was done since the last call."""

    def skip(self, n_bytes: int) -> None:
        """Take note of a file that is left as it is."""
