"""Write one segment of an index: text, postings, dictionary, fields, checksums, header."""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import UsageError
from lunheng.index.fields import FieldsWriter, field_keys
from lunheng.index.layout import BLOCK, BLOCK_CODES, BODY, FORMAT, HEADER, MAGIC, NEARBY
from lunheng.index.manifest import SegmentEntry
from lunheng.index.phrases import choose_phrases, sample
from lunheng.native.checksum import block_checksums, xxh64
from lunheng.native.segment_writer import PostingsBuilder, TextEncoder
from lunheng.native.text_coding import TextPacker, word_lengths

if TYPE_CHECKING:
    from lunheng.native.symbols import SymbolMap

STRETCH = 1 << 22
MAX_CODES = 1 << 31
BYTES_PER_POSTING = 12
SPILL_SUFFIX = ".codes"


class SegmentWriter:
    """Write one segment: ``add`` every document, then ``finish``.

    Args:
        path: the file to make.
        symbols: what the index keeps apart.
        memory: bytes that sorting the postings may take.
        compact: whether frequent sequences of characters are stored as one.
    """

    def __init__(self, path: Path, symbols: SymbolMap, memory: int, compact: bool) -> None:
        self._path = path
        self._symbols = symbols
        self._memory = memory
        self._compact = compact
        self._encoder = TextEncoder()
        self._fields = FieldsWriter()
        self._ends = array("I")
        self._ids = array("Q")
        self._codes = 0
        self._spill: BinaryIO | None = None
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
            self._spill_codes()
        return True

    def discard(self) -> None:
        """Give up the segment and remove its files."""
        self._file.close()
        self._path.unlink(missing_ok=True)
        self._drop_spill()

    def finish(self) -> SegmentEntry:
        """Write what is still missing and return the entry; the caller makes it durable."""
        numbers, code_points, counts = self._encoder.symbols(self._symbols)
        starts = np.concatenate([np.zeros(1, np.uint32), np.frombuffer(self._ends, np.uint32)])
        builder = PostingsBuilder(numbers, counts, starts)
        if self._spill:
            self._spill_codes()
        sections, tables = self._text()
        sections["postings"] = self._postings(builder)
        self._drop_spill()
        arrays: dict[str, NDArray[Any]] = {
            "starts": starts,
            "nearby": first_documents(starts),
            "alphabet": self._encoder.alphabet(),
            **tables,
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
        write_all(self._file, data)

    def _spill_codes(self) -> None:
        """Put the codes that memory holds into a file beside the segment's."""
        if self._spill is None:
            self._spill = self._path.with_suffix(SPILL_SUFFIX).open("w+b", buffering=0)
        write_all(self._spill, self._encoder.pending())
        self._encoder.discard()

    def _drop_spill(self) -> None:
        if self._spill is not None:
            self._spill.close()
            self._path.with_suffix(SPILL_SUFFIX).unlink(missing_ok=True)

    def _stretches(self, beyond: int) -> Iterator[tuple[int, NDArray[np.uint16]]]:
        """Yield where a stretch of the text begins, and its codes with ``beyond`` of the next."""
        if self._spill is None:
            yield 0, np.frombuffer(self._encoder.pending(), np.uint16)
            return
        buffer = np.empty(STRETCH + beyond, np.uint16)
        for position in range(0, self._codes, STRETCH):
            part = buffer[: min(len(buffer), self._codes - position)]
            read_all(self._spill, position * 2, part)
            yield position, part

    def _align(self) -> int:
        end = self._file.seek(0, os.SEEK_END)
        self._write(b"\0" * (-end % 8))
        return end + -end % 8

    def _text(self) -> tuple[dict[str, tuple[int, int]], dict[str, NDArray[Any]]]:
        """Write the packed text; return its section, and the tables that reading it takes."""
        start = self._align()
        tables: dict[str, NDArray[Any]] = {}
        phrases = None
        frequencies = self._encoder.frequencies()
        if self._compact:
            part = sample((codes for _, codes in self._stretches(0)), self._codes)
            phrases = choose_phrases(part, self._encoder.n_codes, BLOCK_CODES)
            frequencies = phrases.frequencies
            tables.update(phrase_lengths=phrases.lengths, phrases=phrases.codes)
        lengths = word_lengths(frequencies)
        packer = TextPacker(lengths)
        for _, codes in self._stretches(0):
            if phrases:
                tokens, ends = phrases.parser.parse(codes, BLOCK_CODES)
            else:
                tokens, ends = codes, block_ends(len(codes))
            self._write(packer.pack(tokens, ends).data)
        last, groups, blocks = packer.finish()
        self._write(last)
        tables.update(word_lengths=lengths, text_groups=groups, text_blocks=blocks)
        return {"text": (start, self._file.tell() - start)}, tables

    def _postings(self, builder: PostingsBuilder) -> tuple[int, int]:
        start = self._align()
        for first, last in builder.ranges(max(self._memory // BYTES_PER_POSTING, 1 << 16)):
            builder.begin(first, last)
            for position, codes in self._stretches(1):
                builder.scan(codes, position)
            self._write(builder.finish().data)
        return start, self._file.tell() - start

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
            read_all(self._file, position, part)
            sums.append(block_checksums(part, BLOCK))
        return np.concatenate(sums)


def write_all(file: BinaryIO, data: bytes | memoryview) -> None:
    """Write to a file without buffer, in as many calls as it takes."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def read_all(file: Any, start: int, target: NDArray[Any]) -> None:
    """Fill an array from a file without buffer."""
    file.seek(start)
    view = target.data.cast("B")
    while view:
        view = view[file.readinto(view) :]


def block_ends(codes: int) -> NDArray[np.uint32]:
    """Return where the blocks of a text end whose tokens are its codes."""
    ends = np.arange(BLOCK_CODES, codes + BLOCK_CODES, BLOCK_CODES, dtype=np.uint32)
    return np.minimum(ends, np.uint32(codes))


def first_documents(starts: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the document that holds the first of each ``NEARBY`` codes, and the last document."""
    every = np.arange(0, int(starts[-1]), NEARBY, dtype=np.uint32)
    holding = np.searchsorted(starts, every, "right") - 1
    return np.append(holding, len(starts) - 2).astype(np.uint32)
