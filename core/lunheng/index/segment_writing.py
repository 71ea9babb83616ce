"""Write one segment of an index: text, postings, dictionary, fields, checksums, header."""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import UsageError
from lunheng.index.fields import FieldsWriter, field_keys
from lunheng.index.layout import BLOCK, BODY, FORMAT, HEADER, MAGIC, NEARBY
from lunheng.index.manifest import SegmentEntry
from lunheng.native.checksum import block_checksums, xxh64
from lunheng.native.segment_writer import PostingsBuilder, TextEncoder

if TYPE_CHECKING:
    from lunheng.native.symbols import SymbolMap

STRETCH = 1 << 22
MAX_CODES = 1 << 31
BYTES_PER_POSTING = 12


class SegmentWriter:
    """Write one segment: ``add`` every document, then ``finish``.

    Args:
        path: the file to make.
        symbols: what the index keeps apart.
        memory: bytes that sorting the postings may take.
    """

    def __init__(self, path: Path, symbols: SymbolMap, memory: int) -> None:
        self._path = path
        self._symbols = symbols
        self._memory = memory
        self._encoder = TextEncoder()
        self._fields = FieldsWriter()
        self._ends = array("I")
        self._ids = array("Q")
        self._codes = 0
        self._flushed = 0
        self._file = path.open("w+b", buffering=0)
        self._write(b"\0" * BODY)

    @property
    def documents(self) -> int:
        """How many documents were added."""
        return len(self._ends)

    def add(self, document: int, text: str, fields: Mapping[str, object]) -> bool:
        """Add a document; say whether it fits in, ``False`` means: begin another segment.

        Raises:
            lunheng.errors.UsageError: no segment can hold the text, or a field has a wrong type.
        """
        keys = field_keys(fields)
        if self._codes + len(text) >= MAX_CODES or not self._encoder.append(text):
            if self._ends:
                return False
            raise UsageError(
                "a document may have at most 65,535 different and 2**31 characters altogether; "
                "split it"
            )
        self._codes += len(text) + 1
        self._ends.append(self._codes)
        self._ids.append(document)
        self._fields.add(keys)
        if self._encoder.used >= STRETCH:
            self._flush()
        return True

    def discard(self) -> None:
        """Give up the segment and remove its file."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def finish(self) -> SegmentEntry:
        """Write what is still missing, durably, and return the segment's entry."""
        numbers, code_points, counts = self._encoder.symbols(self._symbols)
        starts = np.concatenate([np.zeros(1, np.uint32), np.frombuffer(self._ends, np.uint32)])
        builder = PostingsBuilder(numbers, counts, starts)
        short = np.frombuffer(self._encoder.pending(), np.uint16).copy()
        self._flush()
        sections = {"text": (BODY, self._codes * 2), "postings": self._postings(builder, short)}
        arrays: dict[str, NDArray[Any]] = {
            "starts": starts,
            "nearby": first_documents(starts),
            "alphabet": self._encoder.alphabet(),
            "code_points": code_points,
            "by_code_point": (np.argsort(code_points[1:], kind="stable") + 1).astype(np.uint16),
            "counts": counts,
            **builder.tables(),
            **self._fields.sections(),
        }
        ids = np.frombuffer(self._ids, np.uint64)
        if int(ids[-1]) - int(ids[0]) + 1 != len(ids):
            arrays["ids"] = ids
        for name, values in arrays.items():
            start = self._align()
            self._write(np.ascontiguousarray(values).data.cast("B"))
            sections[name] = (start, values.nbytes)
        return self._seal({"sections": sections, "first_id": int(ids[0])})

    def _write(self, data: bytes | memoryview) -> None:
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]

    def _read(self, start: int, target: NDArray[Any]) -> None:
        self._file.seek(start)
        view = target.data.cast("B")
        while view:
            view = view[self._file.readinto(view) :]

    def _flush(self) -> None:
        self._write(self._encoder.pending())
        self._flushed += self._encoder.used
        self._encoder.discard()

    def _align(self) -> int:
        end = self._file.seek(0, os.SEEK_END)
        self._write(b"\0" * (-end % 8))
        return end + -end % 8

    def _postings(self, builder: PostingsBuilder, short: NDArray[np.uint16]) -> tuple[int, int]:
        start = self._align()
        size = 0
        for first, last in builder.ranges(max(self._memory // BYTES_PER_POSTING, 1 << 16)):
            builder.begin(first, last)
            if len(short) == self._codes:
                builder.scan(short, 0)
            else:
                self._scan_file(builder)
            self._file.seek(0, os.SEEK_END)
            lists = builder.finish()
            size += lists.nbytes
            self._write(lists.data)
        return start, size

    def _scan_file(self, builder: PostingsBuilder) -> None:
        buffer = np.empty(STRETCH + 1, np.uint16)
        for position in range(0, self._codes, STRETCH):
            part = buffer[: min(STRETCH + 1, self._codes - position)]
            self._read(BODY + position * 2, part)
            builder.scan(part, position)

    def _seal(self, table: Mapping[str, object]) -> SegmentEntry:
        end = self._align()
        text = json.dumps(table, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        footer = text + self._checksums(end).tobytes()
        self._file.seek(end)
        self._write(footer)
        documents = len(self._ends)
        header = HEADER.pack(
            MAGIC, FORMAT, BLOCK, self._codes, documents, end, len(text), len(footer), xxh64(footer)
        )
        seal = xxh64(header)
        self._file.seek(0)
        self._write(header + seal.to_bytes(8, "little"))
        os.fsync(self._file.fileno())
        self._file.close()
        size = end + len(footer)
        return SegmentEntry(
            self._path.name, documents, self._codes - documents, size, f"{seal:016x}"
        )

    def _checksums(self, end: int) -> NDArray[np.uint64]:
        buffer = np.empty(BLOCK * 256, np.uint8)
        sums = []
        for position in range(BODY, end, len(buffer)):
            part = buffer[: min(len(buffer), end - position)]
            self._read(position, part)
            sums.append(block_checksums(part, BLOCK))
        return np.concatenate(sums)


def first_documents(starts: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the document that holds the first of each ``NEARBY`` codes, and the last document."""
    every = np.arange(0, int(starts[-1]), NEARBY, dtype=np.uint32)
    holding = np.searchsorted(starts, every, "right") - 1
    return np.append(holding, len(starts) - 2).astype(np.uint32)
