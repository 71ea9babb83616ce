"""The n-gram index: add documents, commit, and ask for any phrase exactly."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import NgramIndexError, UsageError
from lunheng.index.files import sync_folder
from lunheng.index.locks import WriteLock
from lunheng.index.manifest import Manifest, SegmentEntry
from lunheng.index.marks import SUFFIX as MARKS_SUFFIX
from lunheng.index.marks import write_marks
from lunheng.index.merging import must_rewrite, run_to_merge
from lunheng.index.ranking import Hit, Query, search
from lunheng.index.segment import Segment
from lunheng.index.segment_writing import MAX_CODES, SPILL_SUFFIX, SegmentWriter
from lunheng.index.snapshot import ConcordanceLine, Positions, Snapshot
from lunheng.index.snippets import Snippet, snippet
from lunheng.native.symbols import Phrase, SymbolMap

if TYPE_CHECKING:
    from lunheng.index.fields import Value
    from lunheng.index.filters import Condition
    from lunheng.native.segment_reader import SegmentReader

DEFAULT_MEMORY = 256 << 20
LOCK = "lock"
SUFFIX = ".seg"
MAX_N = 64


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index holds and takes; ``size`` is in bytes, text included."""

    generation: int
    documents: int
    deleted: int
    characters: int
    segments: int
    size: int


Variants = Literal["written", "all"]


class NgramIndex:
    """An index of texts that counts and finds phrases of any length exactly.

    Look-up folds traditional to simplified characters and full to half width; characters that
    writers keep apart though they fold alike (后 and 後) match only themselves, unless
    ``variants="all"`` is asked for. Offsets are code points of a document's text, half-open.

    What is added is found after ``commit``. One writer at a time holds the folder's lock, from
    its first ``add`` until ``close``; readers need none, and keep the commit they opened until
    ``refresh``. An instance may be asked from many threads; one thread at a time may write.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> with NgramIndex.create(folder.name) as index:
    ...     first = index.add("腾讯发布大模型", date="2023-09-07")
    ...     second = index.add("騰訊與大模型之爭")
    >>> with NgramIndex.open(folder.name) as index:
    ...     index.count("腾讯"), index.docs("大模型").tolist()
    ...     [(line.left, line.match) for line in index.kwic("大模型", width=2)]
    (2, [0, 1])
    [('发布', '大模型'), ('訊與', '大模型')]
    >>> folder.cleanup()
    """

    def __init__(self, folder: Path, snapshot: Snapshot, memory: int) -> None:
        self.path = folder
        self._snapshot = snapshot
        self._memory = memory
        self._symbols: SymbolMap | None = None
        self._writing = threading.Lock()
        self._lock: WriteLock | None = None
        self._writer: SegmentWriter | None = None
        self._finished: list[SegmentEntry] = []
        self._deleted: set[int] = set()
        self._next_segment = 0
        self._next_id = 0

    @classmethod
    def create(cls, path: str | Path, *, memory: int = DEFAULT_MEMORY) -> NgramIndex:
        """Make an empty index in a new or empty folder.

        Args:
            path: the folder.
            memory: bytes that sorting the postings may take while documents are added.

        Raises:
            lunheng.errors.UsageError: the folder holds something.
            lunheng.errors.NgramIndexError: the folder cannot be written.
        """
        folder = Path(path)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise UsageError(f"{folder} is not empty; choose a new folder for the index")
            lock = WriteLock(folder / LOCK)
            try:
                Manifest().write(folder)
            finally:
                lock.release()
        except OSError as error:
            raise NgramIndexError(f"cannot make an index in {folder}: {error}") from error
        return cls.open(folder, memory=memory)

    @classmethod
    def open(cls, path: str | Path, *, memory: int = DEFAULT_MEMORY) -> NgramIndex:
        """Open an index at its newest commit.

        Raises:
            lunheng.errors.UsageError: there is no index in the folder.
            lunheng.errors.NgramIndexError: the index is damaged or of another format version.
        """
        folder = Path(path)
        return cls(folder, Snapshot.open(folder), memory)

    def __enter__(self) -> NgramIndex:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.commit()
        self.close()

    def __len__(self) -> int:
        """Return the number of documents of the commit that is open."""
        return sum(segment.documents for segment in self._snapshot.segments)

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return type(self).open, (str(self.path),)

    @property
    def generation(self) -> int:
        """Which commit is open: 0 for a new index, one more with each commit."""
        return self._snapshot.manifest.generation

    @property
    def characters(self) -> int:
        """How many characters the open commit holds, deleted documents' included."""
        return sum(entry.characters for entry in self._snapshot.manifest.segments)

    def refresh(self) -> None:
        """Open the newest commit."""
        self._snapshot = Snapshot.open(self.path)

    def add(self, text: str, /, **fields: object) -> int:
        """Add a document and return its id; ids ascend and are never given twice.

        Args:
            text: what to index; it is stored as it is.
            fields: str, int, float or bool values by name; ``None`` is no value.

        Raises:
            lunheng.errors.UsageError: a field has a wrong type.
            lunheng.errors.NgramIndexError: another writer is at work, or writing failed.
        """
        return self._add(text, fields)

    def add_many(
        self,
        texts: Iterable[object],
        fields: Iterable[Mapping[str, object]] | None = None,
    ) -> range:
        """Add documents and return their ids.

        Args:
            texts: an iterable of str, or an Arrow column of strings; null is an empty text.
            fields: the fields of each, as many as there are texts.

        Raises:
            lunheng.errors.UsageError: a text is no string, or a field has a wrong type.
            lunheng.errors.NgramIndexError: another writer is at work, or writing failed.
        """
        first = last = None
        pairs = zip(texts, repeat({}) if fields is None else fields, strict=fields is not None)
        for text, values in pairs:
            last = self._add(text if isinstance(text, str) else _from_arrow(text), values)
            first = last if first is None else first
        return range(0) if first is None or last is None else range(first, last + 1)

    def _add(self, text: str, fields: Mapping[str, object]) -> int:
        with self._writing:
            try:
                self._begin_writing()
                writer = self._writer or self._begin_segment()
                if not writer.add(self._next_id, text, fields):
                    self._finish_segment()
                    self._begin_segment().add(self._next_id, text, fields)
            except OSError as error:
                self._give_up()
                raise NgramIndexError(f"cannot write to {self.path}: {error}") from error
            self._next_id += 1
            return self._next_id - 1

    def delete(self, identifier: int) -> None:
        """Delete a document; it is found until ``commit``.

        Raises:
            lunheng.errors.UsageError: there is no such document.
            lunheng.errors.NgramIndexError: another writer is at work.
        """
        with self._writing:
            self._begin_writing()
            known = self._snapshot.manifest.next_id <= identifier < self._next_id
            if identifier in self._deleted or not (known or self._snapshot.has(identifier)):
                raise UsageError(f"the index has no document {identifier}")
            self._deleted.add(identifier)

    def update(self, identifier: int, text: str, /, **fields: object) -> int:
        """Replace a document by a new one and return the new id.

        Raises:
            lunheng.errors.UsageError: there is no such document, or a field has a wrong type.
            lunheng.errors.NgramIndexError: another writer is at work, or writing failed.
        """
        self.delete(identifier)
        return self._add(text, fields)

    def _begin_writing(self) -> None:
        if self._lock is not None:
            return
        lock = WriteLock(self.path / LOCK)
        try:
            self._snapshot = Snapshot.open(self.path)
            manifest = self._snapshot.manifest
            self.symbols()
            self._next_id = manifest.next_id
            used = [int(file.stem) for file in self._own_files()]
            self._next_segment = max([manifest.next_segment - 1, *used]) + 1
            self._remove_unused(manifest)
        except BaseException:
            lock.release()
            raise
        self._lock = lock

    def _own_files(self) -> list[Path]:
        return [
            file
            for suffix in (SUFFIX, MARKS_SUFFIX, SPILL_SUFFIX)
            for file in self.path.glob("*" + suffix)
            if file.stem.isdecimal()
        ]

    def _remove_unused(self, manifest: Manifest) -> None:
        """Remove files that no manifest names; Windows keeps those a reader has mapped."""
        named = {name for entry in manifest.segments for name in entry.files}
        for file in self._own_files():
            if file.name not in named:
                try:
                    file.unlink(missing_ok=True)
                except PermissionError:
                    continue

    def _new_file(self, suffix: str) -> Path:
        path = self.path / f"{self._next_segment:08d}{suffix}"
        self._next_segment += 1
        return path

    def _new_segment(self) -> SegmentWriter:
        return SegmentWriter(self._new_file(SUFFIX), self.symbols(), self._memory)

    def _begin_segment(self) -> SegmentWriter:
        self._writer = self._new_segment()
        return self._writer

    def _finish_segment(self) -> None:
        if self._writer is not None and self._writer.documents:
            self._finished.append(self._writer.finish())
        elif self._writer is not None:
            self._writer.discard()
        self._writer = None

    def _give_up(self) -> None:
        """Forget what was not committed."""
        if self._writer is not None:
            self._writer.discard()
        self._writer = None
        self._finished = []
        self._deleted = set()

    def commit(self) -> int:
        """Make what was added and deleted durable and visible; return the generation.

        Raises:
            lunheng.errors.NgramIndexError: writing failed; the commit before is untouched, and
                what was to be added is given up.
        """
        with self._writing:
            if self._writer is None and not self._finished and not self._deleted:
                return self.generation
            return self._commit(automatic=True)

    def merge(self) -> int:
        """Merge all segments, drop deleted documents' texts, and commit; return the generation.

        One segment is left, or as few as hold the text.

        Raises:
            lunheng.errors.NgramIndexError: another writer is at work, or writing failed.
        """
        with self._writing:
            self._begin_writing()
            return self._commit(automatic=False)

    def _commit(self, automatic: bool) -> int:
        try:
            self._finish_segment()
            segments = self._marked((*self._snapshot.manifest.segments, *self._finished))
            if automatic:
                segments = self._merged(segments)
            elif len(segments) > 1 or any(entry.deleted for entry in segments):
                segments = tuple(self._merge(segments))
            return self._publish(segments)
        except OSError as error:
            self._give_up()
            raise NgramIndexError(f"cannot write to {self.path}: {error}") from error

    def _publish(self, segments: tuple[SegmentEntry, ...]) -> int:
        manifest = replace(
            self._snapshot.manifest,
            generation=self.generation + 1,
            next_segment=self._next_segment,
            next_id=self._next_id,
            symbols=f"{self.symbols().digest:016x}",
            segments=segments,
        )
        sync_folder(self.path)
        manifest.write(self.path)
        kept = {segment.entry: segment for segment in self._snapshot.segments}
        self._snapshot = Snapshot(
            manifest,
            tuple(kept.get(entry) or Segment(self.path, entry) for entry in segments),
        )
        self._finished = []
        self._deleted = set()
        self._remove_unused(manifest)
        return manifest.generation

    def _marked(self, segments: tuple[SegmentEntry, ...]) -> tuple[SegmentEntry, ...]:
        """Return the entries with marks for what is to be deleted, without emptied segments."""
        if not self._deleted:
            return segments
        marked = []
        for entry in segments:
            segment = Segment(self.path, entry)
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

    def _merged(self, segments: tuple[SegmentEntry, ...]) -> tuple[SegmentEntry, ...]:
        for place, entry in reversed(list(enumerate(segments))):
            if must_rewrite(entry.documents, entry.deleted):
                segments = (*segments[:place], *self._merge([entry]), *segments[place + 1 :])
        while run := run_to_merge([entry.characters for entry in segments], MAX_CODES // 2):
            start, end = run
            segments = (*segments[:start], *self._merge(segments[start:end]), *segments[end:])
        return segments

    def _merge(self, entries: Iterable[SegmentEntry]) -> list[SegmentEntry]:
        """Write the documents of segments that are not deleted to a new one."""
        writer = self._new_segment()
        merged = []
        for entry in entries:
            for identifier, text, fields in Segment(self.path, entry).contents():
                if not writer.add(identifier, text, fields):
                    merged.append(writer.finish())
                    writer = self._new_segment()
                    writer.add(identifier, text, fields)
        if writer.documents:
            merged.append(writer.finish())
        else:
            writer.discard()
        return merged

    def close(self) -> None:
        """Give up what was not committed, and the lock."""
        with self._writing:
            self._give_up()
            if self._lock is not None:
                self._remove_unused(self._snapshot.manifest)
                self._lock.release()
                self._lock = None

    def check(self) -> None:
        """Verify every block of every segment.

        Raises:
            lunheng.errors.NgramIndexError: a file is damaged; the message names file and block.
        """
        for segment in self._snapshot.segments:
            segment.check()

    def info(self) -> IndexInfo:
        """Return what the open commit holds and takes."""
        entries = self._snapshot.manifest.segments
        return IndexInfo(
            generation=self.generation,
            documents=len(self),
            deleted=sum(entry.deleted for entry in entries),
            characters=self.characters,
            segments=len(entries),
            size=sum(entry.size for entry in entries),
        )

    def symbols(self) -> SymbolMap:
        """Return what the index folds and what it keeps apart.

        Raises:
            lunheng.errors.NgramIndexError: the index was built with another folding.
        """
        if self._symbols is None:
            from lunheng.text import fold_table, merged_characters

            symbols = SymbolMap(fold_table(), merged_characters())
            built = self._snapshot.manifest.symbols
            if built and built != f"{symbols.digest:016x}":
                raise NgramIndexError(
                    f"{self.path} was built with another table of variants; "
                    "build the index again with this version"
                )
            self._symbols = symbols
        return self._symbols

    def readers(self) -> tuple[SegmentReader, ...]:
        """Return the native readers of the open commit, for other Cython code to ask.

        Deleted documents are still in them; positions count codes from a segment's start.
        """
        return tuple(segment.reader for segment in self._snapshot.segments)

    def _phrase(self, phrase: str, variants: Variants) -> Phrase:
        if variants not in ("written", "all"):
            raise UsageError(f"variants: expected 'written' or 'all', got {variants!r}")
        if not phrase:
            raise UsageError("the phrase is empty; ask for at least one character")
        return Phrase(self.symbols(), phrase, variants == "all")

    def count(self, phrase: str, *, variants: Variants = "written") -> int:
        """Return how often a phrase occurs, overlapping occurrences included.

        Args:
            phrase: one character or more, of any kind.
            variants: ``"all"`` lets characters match all that fold alike (后 also 後).

        Raises:
            lunheng.errors.UsageError: the phrase is empty.
            lunheng.errors.NgramIndexError: a block that the answer needs is damaged.
        """
        return self._snapshot.count(self._phrase(phrase, variants))

    def docs(self, phrase: str, *, variants: Variants = "written") -> NDArray[np.int64]:
        """Return the ids of the documents that have a phrase, ascending."""
        return self._snapshot.docs(self._phrase(phrase, variants))

    def positions(self, phrase: str, *, variants: Variants = "written") -> Positions:
        """Return every occurrence: ids and start offsets, two int64 arrays, ascending."""
        return self._snapshot.positions(self._phrase(phrase, variants))

    def kwic(
        self,
        phrase: str,
        width: int = 20,
        limit: int | None = 20,
        *,
        variants: Variants = "written",
    ) -> list[ConcordanceLine]:
        """Return concordance lines: key words in context, in the order of documents.

        Args:
            phrase: what to find.
            width: characters on either side, within the document.
            limit: lines at most; ``None`` for all.
            variants: as for :meth:`count`.
        """
        if width < 0 or (limit is not None and limit < 0):
            raise UsageError(f"width and limit must not be negative, got {width} and {limit}")
        return list(self._snapshot.kwic(self._phrase(phrase, variants), width, limit))

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        where: Mapping[str, Condition] | None = None,
        k1: float = 1.2,
        b: float = 0.75,
        variants: Variants = "written",
    ) -> list[Hit]:
        """Return the ``k`` documents that fit a query best, by BM25 over character bigrams.

        Args:
            query: words; phrases in quotation marks must occur.
            k: how many documents.
            where: conditions on fields: a value, a tuple (least, most), or a list of values.
            k1: how fast repeated terms saturate.
            b: how much long documents are held back, 0 to 1.
            variants: as for :meth:`count`.

        Raises:
            lunheng.errors.UsageError: the query has no letter, or a parameter is out of range.
        """
        asked = Query.parse(query)
        if not asked.terms and not asked.required:
            raise UsageError(f"the query {query!r} has nothing to look for")
        if k < 1 or k1 < 0 or not 0 <= b <= 1:
            raise UsageError(f"expected k >= 1, k1 >= 0, 0 <= b <= 1, got {k}, {k1}, {b}")
        return search(
            self._snapshot.segments,
            [self._phrase(term, variants) for term in asked.terms or asked.required],
            [self._phrase(phrase, variants) for phrase in asked.required],
            where or {},
            k,
            k1,
            b,
        )

    def snippet(self, identifier: int, query: str, width: int = 60) -> Snippet:
        """Return the stretch of a document that shows best why a query found it.

        Raises:
            lunheng.errors.UsageError: there is no such document.
        """
        if width < 1:
            raise UsageError(f"the width must be positive, got {width}")
        from lunheng.text import fold

        text, asked = self.text(identifier), Query.parse(query)
        terms = [fold(term) for term in (*asked.terms, *asked.required)]
        return snippet(text, fold(text), terms, width)

    def top(
        self, n_min: int = 2, n_max: int = 5, k: int = 100, *, letters: bool = True
    ) -> list[tuple[str, int]]:
        """Return the ``k`` most frequent n-grams with their counts, most frequent first.

        N-grams are those of the folded texts (simplified, half width), so that a count is that
        of ``count(ngram, variants="all")``; ties are in code-point order.

        Args:
            n_min: characters at least, from 1.
            n_max: characters at most.
            k: how many n-grams.
            letters: only n-grams of letters, digits and Chinese characters, without
                punctuation and space.
        """
        if not 1 <= n_min <= n_max <= MAX_N or k < 1:
            raise UsageError(
                f"expected 1 <= n_min <= n_max <= {MAX_N} and k >= 1, got {n_min}, {n_max}, {k}"
            )
        from lunheng.index.frequent import top

        return top(self._snapshot.segments, self.symbols().folding(), n_min, n_max, k, letters)

    def text(self, identifier: int) -> str:
        """Return the text of a document.

        Raises:
            lunheng.errors.UsageError: there is no such document.
        """
        return self._snapshot.text(identifier)

    def fields(self, identifier: int) -> Mapping[str, Value]:
        """Return the fields of a document by name.

        Raises:
            lunheng.errors.UsageError: there is no such document.
        """
        return self._snapshot.fields(identifier)


def _from_arrow(value: object) -> str:
    """Return the text of an Arrow scalar; null is an empty text."""
    plain = value.as_py() if hasattr(value, "as_py") else value
    if plain is None:
        return ""
    if not isinstance(plain, str):
        raise UsageError(f"expected a text, got {type(plain).__name__}")
    return plain
