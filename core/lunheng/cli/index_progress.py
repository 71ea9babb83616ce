"""Show on a terminal how far indexing is: documents, rate and time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from lunheng.i18n import Catalog

INTERVAL = 0.5


class IndexProgress:
    """A line on standard error that is written over twice a second; silent in a pipe.

    The time left follows from how far the files are read, of all their bytes.
    """

    def __init__(self, files: Iterable[Path], say: Catalog) -> None:
        self._total = sum(file.stat().st_size for file in files if file.is_file())
        self._say = say
        self._shown = sys.stderr.isatty()
        self._documents = self._characters = self._read = 0
        self._file: BinaryIO | None = None
        self._begun = self._last = time.monotonic()

    def __enter__(self) -> IndexProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown and self._last > self._begun:
            sys.stderr.write("\r\033[K")

    def watch(self, file: BinaryIO) -> None:
        """Follow the file that is read now."""
        self._read += self._place()
        self._file = file

    def _place(self) -> int:
        if self._file is None:
            return 0
        return self._file.tell() if not self._file.closed else Path(self._file.name).stat().st_size

    def added(self, text: str) -> None:
        """Count a document and show the line when it is time."""
        self._documents += 1
        self._characters += len(text)
        now = time.monotonic()
        if self._shown and now - self._last >= INTERVAL:
            self._last = now
            sys.stderr.write("\r\033[K" + self._line(now - self._begun))
            sys.stderr.flush()

    def _line(self, seconds: float) -> str:
        read = self._read + self._place()
        left = seconds * (self._total - read) / read if 0 < read <= self._total else 0.0
        return self._say(
            "index_progress",
            documents=self._documents,
            rate=round(self._characters / seconds),
            left=round(left),
        )
