"""Read one segment of an index: an immutable file, mapped, verified where it is touched."""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import NgramIndexError
from lunheng.index.fields import CODES, OFFSETS, PREFIX, VALUES, FieldReader
from lunheng.index.layout import BODY, FORMAT, HEADER, MAGIC
from lunheng.index.marks import read_marks
from lunheng.native.checksum import xxh64
from lunheng.native.lookups import count_each, documents_of_each, places_of_each
from lunheng.native.segment_reader import SegmentReader
from lunheng.native.text_reader import TextReader
from lunheng.native.verified import VerifiedFile

if TYPE_CHECKING:
    from lunheng.index.fields import Value
    from lunheng.index.manifest import SegmentEntry
    from lunheng.native.symbols import Phrase


class Segment:
    """A segment opened for reading; documents are counted from 0, positions in codes.

    Raises:
        FileNotFoundError: the file is gone, because a later commit merged it away.
        lunheng.errors.NgramIndexError: the file is truncated, damaged or foreign.
    """

    def __init__(self, folder: Path, entry: SegmentEntry) -> None:
        self.entry = entry
        self.path = folder / entry.name
        self._data = self._mapped()
        universe, end, text_size, block = self._verify()
        table = json.loads(self._data[end : end + text_size].tobytes())
        self._sections: dict[str, tuple[int, int]] = {
            name: (start, size) for name, (start, size) in table["sections"].items()
        }
        self.first_id: int = table["first_id"]
        self._file = VerifiedFile(
            str(self.path),
            self._data,
            self._sections,
            self._data[end + text_size :].view(np.uint64),
            BODY,
            end,
            block,
        )
        self.reader = SegmentReader(self._file, universe, entry.documents)
        self._text = TextReader(self._file, universe)
        self._live_characters = None if entry.marks else entry.characters
        self._deleted = read_marks(folder / entry.marks, entry.documents) if entry.marks else None

    def _mapped(self) -> NDArray[np.uint8]:
        try:
            with self.path.open("rb") as file:
                mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except FileNotFoundError:
            raise
        except (OSError, ValueError) as error:
            raise NgramIndexError(f"cannot map {self.path}: {error}") from error
        return np.frombuffer(mapping, np.uint8)

    def _verify(self) -> tuple[int, int, int, int]:
        data = self._data
        if len(data) != self.entry.size:
            raise self._damage(f"expected {self.entry.size} bytes, found {len(data)}")
        header = data[: HEADER.size].tobytes()
        magic, version, block, universe, documents, end, text_size, footer_size, total = (
            HEADER.unpack(header)
        )
        if magic != MAGIC:
            raise self._damage("it is no index segment")
        if version != FORMAT:
            raise NgramIndexError(
                f"{self.path}: expected segment format {FORMAT}, found {version}; "
                "build the index again with this version"
            )
        seal = data[HEADER.size : HEADER.size + 8].tobytes()
        if not xxh64(header) == int.from_bytes(seal, "little") == int(self.entry.header, 16):
            raise self._damage("the header does not fit its checksum")
        if end + footer_size != len(data) or xxh64(data[end:]) != total:
            raise self._damage("the footer does not fit its checksum")
        if documents != self.entry.documents:
            raise self._damage(f"expected {self.entry.documents} documents, found {documents}")
        return universe, end, text_size, block

    def _damage(self, what: str) -> NgramIndexError:
        return NgramIndexError(
            f"{self.path} is damaged: {what}; restore the file or build the index again"
        )

    def _section(self, name: str, dtype: type[np.generic]) -> NDArray[Any]:
        start, size = self._sections[name]
        self._file.verify(start, size)
        return self._data[start : start + size].view(dtype)

    @property
    def documents(self) -> int:
        """How many documents are not deleted."""
        return self.entry.documents - self.entry.deleted

    def live(self) -> NDArray[np.bool_]:
        """Return for each document whether it is not deleted."""
        if self._deleted is None:
            return np.ones(self.entry.documents, np.bool_)
        return ~self._deleted

    def count(self, phrase: Phrase) -> int:
        """Return how often a phrase occurs."""
        if self._deleted is not None:
            return len(self.occurrences(phrase)[0])
        return self.reader.count(phrase)

    def occurrences(
        self, phrase: Phrase, limit: int | None = None
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return the documents of at most ``limit`` occurrences, ascending, and their offsets."""
        found = self.reader.positions(phrase)
        if self._deleted is None:
            return self.reader.locate(found[:limit])
        documents, offsets = self.reader.locate(found)
        kept = ~self._deleted[documents]
        return documents[kept][:limit], offsets[kept][:limit]

    def frequencies(self, phrase: Phrase) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return the documents that have a phrase, ascending, and how often."""
        documents, counts = self.reader.frequencies(phrase)
        if self._deleted is None:
            return documents, counts
        kept = ~self._deleted[documents]
        return documents[kept], counts[kept]

    def count_each(self, phrases: tuple[Phrase, ...]) -> NDArray[np.int64]:
        """Return how often each phrase occurs."""
        return count_each(self.reader, phrases, self.marks())

    def documents_of_each(
        self, phrases: tuple[Phrase, ...]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many documents have each phrase, and the ids of all these."""
        counts, documents = documents_of_each(self.reader, phrases, self.marks())
        return counts, self.ids(documents)

    def places_of_each(
        self, phrases: tuple[Phrase, ...]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return how often each phrase occurs, and ids and offsets of all these occurrences."""
        counts, documents, offsets = places_of_each(self.reader, phrases, self.marks())
        return counts, self.ids(documents), offsets.astype(np.int64)

    def marks(self) -> NDArray[np.uint8] | None:
        """Return for each document whether it is deleted, ``None`` if none is."""
        return None if self._deleted is None else self._deleted.view(np.uint8)

    def live_characters(self) -> int:
        """Return how many characters the documents have that are not deleted.

        They are counted once; two threads may do so at once and find the same.
        """
        if self._live_characters is None:
            self._live_characters = int(self.lengths()[self.live()].sum())
        return self._live_characters

    def lengths(self) -> NDArray[np.int64]:
        """Return how many characters each document has, deleted or not."""
        starts: NDArray[np.uint32] = self._section("starts", np.uint32)
        return np.diff(starts).astype(np.int64) - 1

    def ids(self, documents: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Return the ids of documents."""
        if "ids" in self._sections:
            every = self._section("ids", np.uint64)
            return every[documents].astype(np.int64)
        return documents.astype(np.int64) + self.first_id

    def document(self, identifier: int) -> int | None:
        """Return the document that has an id, ``None`` if it is deleted or elsewhere."""
        place = identifier - self.first_id
        if place < 0:
            return None
        if "ids" in self._sections:
            every = self._section("ids", np.uint64)
            place = int(np.searchsorted(every, np.uint64(identifier)))
            if place < len(every) and int(every[place]) != identifier:
                return None
        if place >= self.entry.documents or (self._deleted is not None and self._deleted[place]):
            return None
        return place

    def bounds(self, document: int) -> tuple[int, int]:
        """Return where a document begins and ends."""
        return self.reader.bounds(document)

    def text(self, start: int, end: int) -> str:
        """Return the text between two positions in one document."""
        return self._text.text(start, end)

    def contents(self) -> Iterator[tuple[int, str, dict[str, Value]]]:
        """Yield id, text and fields of each document that is not deleted."""
        columns = [(name, self.field(name)) for name in self.field_names()]
        documents = np.flatnonzero(self.live())
        ids = self.ids(documents.astype(np.uint32)).tolist()
        for document, identifier in zip(documents.tolist(), ids, strict=True):
            fields = {}
            for name, column in columns:
                value = column.of(document) if column else None
                if value is not None:
                    fields[name] = value
            yield identifier, self.text(*self.bounds(document)), fields

    def alphabet(self) -> NDArray[np.uint32]:
        """Return the character of each code as a code point; code 0 is a document's end."""
        alphabet: NDArray[np.uint32] = self._section("alphabet", np.uint32)
        return alphabet

    def codes(self, stretch: int, beyond: int) -> Iterator[tuple[int, NDArray[np.uint16]]]:
        """Yield the text as codes, a stretch at a time.

        Each item is how many codes are new, and these codes with at most ``beyond`` of the next.
        """
        for start in range(0, self.reader.universe, stretch):
            end = min(start + stretch, self.reader.universe)
            last = min(end + beyond, self.reader.universe)
            codes = self._text.codes(start, last)
            if self._deleted is not None:
                self._blank(codes, start)
            yield end - start, codes

    def _blank(self, codes: NDArray[np.uint16], start: int) -> None:
        """Set the codes of deleted documents to 0, as if the documents were empty."""
        assert self._deleted is not None
        starts: NDArray[np.uint32] = self._section("starts", np.uint32)
        first = int(np.searchsorted(starts, start, "right")) - 1
        last = int(np.searchsorted(starts, start + len(codes)))
        for document in first + np.flatnonzero(self._deleted[first:last]):
            begin, end = starts[document : document + 2].astype(np.int64) - start
            codes[max(begin, 0) : end] = 0

    def pairs(
        self,
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]:
        """Return the symbols' code points, and of each pair its two symbols and its count.

        Deleted documents are counted too.
        """
        points: NDArray[np.uint32] = self._section("code_points", np.uint32)
        return points, *self.reader.dictionary.pairs()

    def field(self, name: str) -> FieldReader | None:
        """Return a field, ``None`` if no document of the segment has it."""
        if PREFIX + name + CODES not in self._sections:
            return None
        return FieldReader(
            self._section(PREFIX + name + CODES, np.uint32),
            self._section(PREFIX + name + OFFSETS, np.uint64),
            self._section(PREFIX + name + VALUES, np.uint8),
        )

    def field_names(self) -> list[str]:
        """Return the names of the segment's fields."""
        return [
            name[len(PREFIX) : -len(CODES)]
            for name in self._sections
            if name.startswith(PREFIX) and name.endswith(CODES)
        ]

    def check(self) -> None:
        """Verify every block.

        Raises:
            lunheng.errors.NgramIndexError: a block is damaged; the message names it.
        """
        self._file.verify(BODY)
