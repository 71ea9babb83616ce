"""Write an index: what one writer adds and deletes between commits, and how a commit is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lunheng.errors import NgramIndexError, UsageError
from lunheng.index.files import sync_file, sync_folder
from lunheng.index.locks import WriteLock
from lunheng.index.marks import SUFFIX as MARKS_SUFFIX
from lunheng.index.marks import write_marks
from lunheng.index.merging import first_to_merge, must_rewrite
from lunheng.index.segment import Segment
from lunheng.index.segment_writing import MAX_CODES, SPILL_SUFFIX, SegmentWriter
from lunheng.index.snapshot import Snapshot

if TYPE_CHECKING:
    from lunheng.index.manifest import Manifest, SegmentEntry
    from lunheng.native.symbols import SymbolMap

LOCK = "lock"
SUFFIX = ".seg"


class IndexWriter:
    """Hold an index's lock, and what was added and deleted since its last commit.

    Args:
        folder: the index.
        symbols: what it keeps apart.
        memory: bytes that sorting the postings may take.

    Raises:
        lunheng.errors.NgramIndexError: another writer is at work, the folder cannot be written,
            or the index was built with other symbols.
    """

    def __init__(self, folder: Path, symbols: SymbolMap, memory: int) -> None:
        self._folder = folder
        self._symbols = symbols
        self._memory = memory
        self._segment: SegmentWriter | None = None
        self._finished: list[SegmentEntry] = []
        self._deleted: set[int] = set()
        self._lock = WriteLock(folder / LOCK)
        try:
            self.snapshot = Snapshot.open(folder)
            manifest = self.snapshot.manifest
            manifest.verify_symbols(folder, symbols.digest)
            self._next_id = manifest.next_id
            used = [int(file.stem) for file in self._own_files()]
            self._next_segment = max([manifest.next_segment - 1, *used]) + 1
            self._remove_unused()
        except BaseException:
            self._lock.release()
            raise

    @property
    def has_changes(self) -> bool:
        """Whether something was added or deleted since the last commit."""
        return bool(self._segment or self._finished or self._deleted)

    def add(self, text: str, fields: Mapping[str, object]) -> int:
        """Add a document and return its id.

        Raises:
            lunheng.errors.UsageError: a field has a wrong type.
            lunheng.errors.NgramIndexError: writing failed; what was added is given up.
        """
        try:
            segment = self._segment or self._begin_segment()
            if not segment.add(self._next_id, text, fields):
                self._finish_segment()
                self._begin_segment().add(self._next_id, text, fields)
        except OSError as error:
            raise self._failed(error) from error
        self._next_id += 1
        return self._next_id - 1

    def require(self, identifier: int) -> None:
        """Make sure that there is a document to delete.

        Raises:
            lunheng.errors.UsageError: there is none with this id.
        """
        added = self.snapshot.manifest.next_id <= identifier < self._next_id
        if identifier in self._deleted or not (added or self.snapshot.has(identifier)):
            raise UsageError(f"the index has no document {identifier}")

    def delete(self, identifier: int) -> None:
        """Delete a document with the next commit."""
        self.require(identifier)
        self._deleted.add(identifier)

    def commit(self, whole: bool = False) -> Snapshot:
        """Make what was added and deleted durable; ``whole`` merges all segments into one.

        Raises:
            lunheng.errors.NgramIndexError: writing failed; what was added is given up.
        """
        try:
            self._finish_segment()
            segments = self._marked((*self.snapshot.manifest.segments, *self._finished))
            if not whole:
                segments = self._tidied(segments)
            elif len(segments) > 1 or any(entry.deleted for entry in segments):
                segments = tuple(self._merged(segments))
            return self._publish(segments)
        except OSError as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Give up what was not committed, and the lock."""
        self._give_up()
        self._remove_unused()
        self._lock.release()

    def _failed(self, error: OSError) -> NgramIndexError:
        self._give_up()
        return NgramIndexError(
            f"cannot write to {self._folder}: {error}; the last commit is untouched, "
            "what was added since is given up"
        )

    def _give_up(self) -> None:
        if self._segment is not None:
            self._segment.discard()
        self._segment = None
        self._finished = []
        self._deleted = set()

    def _own_files(self) -> list[Path]:
        return [
            file
            for suffix in (SUFFIX, MARKS_SUFFIX, SPILL_SUFFIX)
            for file in self._folder.glob("*" + suffix)
            if file.stem.isdecimal()
        ]

    def _remove_unused(self) -> None:
        """Remove files that no manifest names; Windows keeps those a reader has mapped."""
        named = {name for entry in self.snapshot.manifest.segments for name in entry.files}
        for file in self._own_files():
            if file.name not in named:
                try:
                    file.unlink(missing_ok=True)
                except PermissionError:
                    continue

    def _new_file(self, suffix: str) -> Path:
        path = self._folder / f"{self._next_segment:08d}{suffix}"
        self._next_segment += 1
        return path

    def _new_segment(self) -> SegmentWriter:
        return SegmentWriter(
            self._new_file(SUFFIX), self._symbols, self._memory, self.snapshot.manifest.compact
        )

    def _begin_segment(self) -> SegmentWriter:
        self._segment = self._new_segment()
        return self._segment

    def _finish_segment(self) -> None:
        if self._segment is not None and self._segment.documents:
            self._finished.append(self._segment.finish())
        elif self._segment is not None:
            self._segment.discard()
        self._segment = None

    def _publish(self, segments: tuple[SegmentEntry, ...]) -> Snapshot:
        before = self.snapshot.manifest
        manifest: Manifest = replace(
            before,
            generation=before.generation + 1,
            next_segment=self._next_segment,
            next_id=self._next_id,
            symbols=f"{self._symbols.digest:016x}",
            segments=segments,
        )
        for entry in segments:
            if entry.name not in {known.name for known in before.segments}:
                sync_file(self._folder / entry.name)
        sync_folder(self._folder)
        manifest.write(self._folder)
        kept = {segment.entry: segment for segment in self.snapshot.segments}
        self.snapshot = Snapshot(
            manifest,
            tuple(kept.get(entry) or Segment(self._folder, entry) for entry in segments),
        )
        self._finished = []
        self._deleted = set()
        self._remove_unused()
        return self.snapshot

    def _marked(self, segments: tuple[SegmentEntry, ...]) -> tuple[SegmentEntry, ...]:
        """Return the entries with marks for what is to be deleted, without emptied segments."""
        if not self._deleted:
            return segments
        marked = []
        for entry in segments:
            segment = Segment(self._folder, entry)
            live = segment.live()
            documents = [segment.document(identifier) for identifier in self._deleted]
            found = [document for document in documents if document is not None]
            if not found:
                marked.append(entry)
                continue
            live[found] = False
            if live.any():
                path = self._new_file(MARKS_SUFFIX)
                write_marks(path, ~live)
                deleted = int(np.count_nonzero(~live))
                marked.append(replace(entry, marks=path.name, deleted=deleted))
        return tuple(marked)

    def _tidied(self, segments: tuple[SegmentEntry, ...]) -> tuple[SegmentEntry, ...]:
        """Merge the last segments that are due, and rewrite what holds many deleted documents."""
        for place, entry in reversed(list(enumerate(segments))):
            if must_rewrite(entry.documents, entry.deleted):
                segments = (*segments[:place], *self._merged([entry]), *segments[place + 1 :])
        first = first_to_merge([entry.characters for entry in segments], MAX_CODES // 2)
        if first < len(segments) - 1:
            segments = (*segments[:first], *self._merged(segments[first:]))
        return segments

    def _merged(self, entries: Iterable[SegmentEntry]) -> list[SegmentEntry]:
        """Write the documents of segments that are not deleted to a new one."""
        writer = self._new_segment()
        merged = []
        try:
            for entry in entries:
                for identifier, text, fields in Segment(self._folder, entry).contents():
                    if not writer.add(identifier, text, fields):
                        merged.append(writer.finish())
                        writer = self._new_segment()
                        writer.add(identifier, text, fields)
            if writer.documents:
                merged.append(writer.finish())
            else:
                writer.discard()
        except BaseException:
            writer.discard()
            raise
        return merged
