"""Marks of deleted documents: one small file for each segment that has some, never changed."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import NgramIndexError
from lunheng.native.checksum import xxh64

MAGIC = b"lunheng-deleted"
SUFFIX = ".del"


def write_marks(path: Path, deleted: NDArray[np.bool_]) -> None:
    """Write which documents of a segment are deleted, durably."""
    bits = np.packbits(deleted).tobytes()
    with path.open("wb") as file:
        file.write(b"%s %d %016x\n" % (MAGIC, len(deleted), xxh64(bits)) + bits)
        file.flush()
        os.fsync(file.fileno())


def read_marks(path: Path, documents: int) -> NDArray[np.bool_]:
    """Read which of a segment's documents are deleted.

    Raises:
        FileNotFoundError: the file is gone, because a later commit replaced it.
        lunheng.errors.NgramIndexError: the file is damaged.
    """
    head, _, bits = path.read_bytes().partition(b"\n")
    if head != b"%s %d %016x" % (MAGIC, documents, xxh64(bits)):
        raise NgramIndexError(
            f"{path} is damaged: its marks do not fit their checksum; "
            "restore the file or build the index again"
        )
    return np.unpackbits(np.frombuffer(bits, np.uint8), count=documents).astype(np.bool_)
