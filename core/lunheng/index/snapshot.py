"""Ask the segments of one commit: an immutable view that later commits leave as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn, Self

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import NgramIndexError, UsageError
from lunheng.index.filters import matching
from lunheng.index.manifest import Manifest
from lunheng.index.segment import Segment
from lunheng.native.symbols import Phrase

if TYPE_CHECKING:
    from lunheng.index.fields import Value
    from lunheng.index.filters import Condition
    from lunheng.index.manifest import SegmentEntry

OPENING_ATTEMPTS = 10


class Positions(NamedTuple):
    """Occurrences in ascending order: ids of documents, and offsets of code points in them."""

    ids: NDArray[np.int64]
    starts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ConcordanceLine:
    """One occurrence with what stands around it; ``start:end`` lies in the document's text."""

    id: int
    start: int
    end: int
    left: str
    match: str
    right: str

    @classmethod
    def of(cls, identifier: int, start: int, end: int, context: str, before: int) -> Self:
        """Cut a context, of which the first ``before`` characters stand before ``start:end``."""
        after = before + end - start
        left, match, right = context[:before], context[before:after], context[after:]
        return cls(identifier, start, end, left, match, right)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The segments of one manifest."""

    manifest: Manifest
    segments: tuple[Segment, ...]

    @classmethod
    def open(
        cls, folder: Path, segment: Callable[[Path, SegmentEntry], Segment] = Segment
    ) -> Snapshot:
        """Open the newest commit; a commit that comes between is followed.

        ``segment`` opens each of its segments.

        Raises:
            lunheng.errors.UsageError: there is no index in the folder.
            lunheng.errors.NgramIndexError: the index is damaged.
        """
        for _ in range(OPENING_ATTEMPTS):
            manifest = Manifest.read(folder)
            try:
                return cls(manifest, tuple(segment(folder, entry) for entry in manifest.segments))
            except FileNotFoundError as error:
                missing = error.filename
        raise NgramIndexError(
            f"{missing} is missing though the manifest names it; "
            "restore the file or build the index again"
        )

    def count(self, phrase: Phrase) -> int:
        """Return how often a phrase occurs, overlapping occurrences included."""
        return sum(segment.count(phrase) for segment in self.segments)

    def docs(self, phrase: Phrase) -> NDArray[np.int64]:
        """Return the ids of the documents that have a phrase, ascending."""
        found = []
        for segment in self.segments:
            documents, _ = segment.frequencies(phrase)
            if len(documents):
                found.append(segment.ids(documents))
        if len(found) == 1:
            return found[0]
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def positions(self, phrase: Phrase) -> Positions:
        """Return every occurrence of a phrase."""
        ids, starts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for segment in self.segments:
            documents, offsets = segment.occurrences(phrase)
            ids.append(segment.ids(documents))
            starts.append(offsets.astype(np.int64))
        return Positions(np.concatenate(ids), np.concatenate(starts))

    def kwic(self, phrase: Phrase, width: int, limit: int | None) -> Iterator[ConcordanceLine]:
        """Yield occurrences with ``width`` characters on either side, at most ``limit``."""
        left = limit
        for segment in self.segments:
            if left == 0:
                return
            documents, offsets = segment.occurrences(phrase, left)
            for document, identifier, offset in zip(
                documents.tolist(), segment.ids(documents).tolist(), offsets.tolist(), strict=True
            ):
                yield self._line(segment, document, identifier, offset, len(phrase), width)
            left = None if left is None else left - len(documents)

    @staticmethod
    def _line(
        segment: Segment, document: int, identifier: int, offset: int, length: int, width: int
    ) -> ConcordanceLine:
        start, end = segment.bounds(document)
        before = min(width, offset)
        at = start + offset
        text = segment.text(at - before, min(at + length + width, end))
        return ConcordanceLine.of(identifier, offset, offset + length, text, before)

    def text(self, identifier: int, start: int = 0, end: int | None = None) -> str:
        """Return the text of a document, or a stretch of it.

        Raises:
            lunheng.errors.UsageError: there is no such document.
        """
        segment, document = self._find(identifier)
        first, last = segment.bounds(document)
        start, end, _ = slice(start, end).indices(last - first)
        return segment.text(first + start, first + max(start, end))

    def fields(self, identifier: int) -> Mapping[str, Value]:
        """Return the fields of a document that have a value.

        Raises:
            lunheng.errors.UsageError: there is no such document.
        """
        segment, document = self._find(identifier)
        values = {}
        for name in segment.field_names():
            column = segment.field(name)
            value = column.of(document) if column else None
            if value is not None:
                values[name] = value
        return values

    def ids(self, where: Mapping[str, Condition]) -> NDArray[np.int64]:
        """Return the ids of the documents that meet every condition, ascending."""
        found = [np.empty(0, np.int64)]
        for segment in self.segments:
            kept = segment.live() & matching(segment, where)
            found.append(segment.ids(np.flatnonzero(kept).astype(np.uint32)))
        return np.concatenate(found)

    def lengths(self) -> NDArray[np.int64]:
        """Return how many characters each document has, in the order of ids."""
        lengths = [segment.lengths()[segment.live()] for segment in self.segments]
        return np.concatenate([np.empty(0, np.int64), *lengths])

    def values(self, name: str) -> list[Value | None]:
        """Return the value of a field in each document, in the order of ids."""
        found: list[Value | None] = []
        for segment in self.segments:
            column = segment.field(name)
            if column is None:
                found += [None] * segment.documents
            else:
                table = [None, *map(column.value, range(1, len(column) + 1))]
                found += [table[code] for code in column.codes[segment.live()].tolist()]
        return found

    def has_text(self, name: str) -> bool:
        """Say whether a field has a value that is text."""
        columns = (segment.field(name) for segment in self.segments)
        return any(column and isinstance(column.value(len(column)), str) for column in columns)

    def field_names(self) -> list[str]:
        """Return the names of all fields, sorted."""
        return sorted({name for segment in self.segments for name in segment.field_names()})

    def has(self, identifier: int) -> bool:
        """Say whether there is a document with an id."""
        return any(segment.document(identifier) is not None for segment in self.segments)

    def _find(self, identifier: int) -> tuple[Segment, int]:
        for segment in self.segments:
            document = segment.document(identifier)
            if document is not None:
                return segment, document
        raise UsageError(f"the index has no document {identifier}")


class ClosedSnapshot:
    """What stands in a closed index's place of a snapshot: whatever is asked of it is refused."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getattr__(self, name: str) -> NoReturn:
        raise UsageError(
            f"the index in {self._folder} was closed; ask it before that, or open it again "
            "with NgramIndex.open"
        )
