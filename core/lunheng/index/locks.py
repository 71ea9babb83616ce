"""The operating system's advisory lock that lets one process at a time write an index."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

from lunheng.errors import NgramIndexError


class WriteLock:
    """Hold an exclusive lock on a file until :meth:`release`; it ends with its process too.

    Raises:
        lunheng.errors.NgramIndexError: another writer holds the lock, or the folder is read-only.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file: BinaryIO = path.open("ab")
        except OSError as error:
            raise NgramIndexError(f"cannot write to {path.parent}: {error.strerror}") from error
        try:
            _lock(self._file.fileno())
        except OSError as error:
            self._file.close()
            raise NgramIndexError(
                f"{path.parent} is being written by another process or thread; "
                "try again when it has finished"
            ) from error

    def release(self) -> None:
        """Let the next writer in."""
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
