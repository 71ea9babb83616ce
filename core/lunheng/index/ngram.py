"""The n-gram index: add documents, commit, and ask for any phrase exactly."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from itertools import repeat
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, cast

from lunheng.errors import NgramIndexError, UsageError
from lunheng.index.columns import plain_texts
from lunheng.index.locks import WriteLock
from lunheng.index.manifest import Manifest
from lunheng.index.snapshot import ClosedSnapshot, Snapshot
from lunheng.index.view import IndexView
from lunheng.index.writing import LOCK, IndexWriter

if TYPE_CHECKING:
    from lunheng.index.shards import ShardedView

DEFAULT_MEMORY = 256 << 20


class NgramIndex(IndexView):
    """An index of texts that counts and finds phrases of any length exactly.

    It is asked as an :class:`IndexView` is, for the newest commit it knows of. What is added is
    found after ``commit``. One writer at a time holds the folder's lock, from its first ``add``
    until ``close``; readers need none, and keep the commit they opened until ``refresh``. An
    instance may be asked from many threads; one thread at a time may write.

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
        super().__init__(folder, snapshot)
        self._memory = memory
        self._writing = threading.Lock()
        self._writer: IndexWriter | None = None

    @classmethod
    def create(
        cls, path: str | Path, *, memory: int = DEFAULT_MEMORY, compact: bool = False
    ) -> NgramIndex:
        """Make an empty index in a new or empty folder.

        Args:
            path: the folder.
            memory: bytes that sorting the postings may take while documents are added.
            compact: store frequent sequences of characters as one: a smaller text, for a slower
                build.

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
                Manifest(compact=compact).write(folder)
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

    @staticmethod
    def open_many(paths: Iterable[str | Path]) -> ShardedView:
        """Open the indexes at ``paths`` side by side, to be asked as one.

        Counts and ranking are those of one index with all documents in this order, and so are
        the ids.

        Raises:
            lunheng.errors.UsageError: there is no index at a path, none is given, or one twice.
            lunheng.errors.NgramIndexError: an index is damaged or of another format version.

        >>> import tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> for name, text in ("a", "腾讯发布大模型"), ("b", "騰訊與大模型之爭"):
        ...     with NgramIndex.create(f"{folder.name}/{name}") as index:
        ...         _ = index.add(text)
        >>> shards = NgramIndex.open_many([f"{folder.name}/a", f"{folder.name}/b"])
        >>> shards.count("腾讯"), shards.docs("腾讯").tolist(), shards.origin(1)[1]
        (2, [0, 1], 0)
        >>> folder.cleanup()
        """
        from lunheng.index.shards import open_shards

        return open_shards(paths)

    def __enter__(self) -> NgramIndex:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and not self.closed:
            self.commit()
        self.close()

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return type(self).open, (str(self.path),)

    @property
    def closed(self) -> bool:
        """Whether the index was closed, so that it answers nothing any more."""
        return isinstance(self._snapshot, ClosedSnapshot)

    def view(self) -> IndexView:
        """Return the open commit as a view that outlives later commits and `close`."""
        self._require_open()
        return IndexView(self.path, self._snapshot, self.symbols())

    def refresh(self) -> None:
        """Open the newest commit."""
        self._require_open()
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
        pairs = zip(
            plain_texts(texts), repeat({}) if fields is None else fields, strict=fields is not None
        )
        for text, values in pairs:
            last = self._add(text, values)
            first = last if first is None else first
        return range(0) if first is None or last is None else range(first, last + 1)

    def _require_open(self) -> None:
        _ = self._snapshot.manifest

    def _begin_writing(self) -> IndexWriter:
        self._require_open()
        if self._writer is None:
            self._writer = IndexWriter(self.path, self.symbols(), self._memory)
            self._snapshot = self._writer.snapshot
        return self._writer

    def _add(self, text: str, fields: Mapping[str, object]) -> int:
        with self._writing:
            return self._begin_writing().add(text, fields)

    def delete(self, identifier: int) -> None:
        """Delete a document; it is found until ``commit``.

        Raises:
            lunheng.errors.UsageError: there is no such document.
            lunheng.errors.NgramIndexError: another writer is at work.
        """
        with self._writing:
            self._begin_writing().delete(identifier)

    def update(self, identifier: int, text: str, /, **fields: object) -> int:
        """Replace a document by a new one and return the new id.

        Raises:
            lunheng.errors.UsageError: there is no such document, or a field has a wrong type.
            lunheng.errors.NgramIndexError: another writer is at work, or writing failed.
        """
        with self._writing:
            writer = self._begin_writing()
            writer.require(identifier)
            new = writer.add(text, fields)
            writer.delete(identifier)
            return new

    def commit(self) -> int:
        """Make what was added and deleted durable and visible; return the generation.

        Raises:
            lunheng.errors.NgramIndexError: writing failed; the commit before is untouched, and
                what was to be added is given up.
        """
        with self._writing:
            if self._writer is not None and self._writer.has_changes:
                self._snapshot = self._writer.commit()
            return self.generation

    def merge(self) -> int:
        """Merge all segments, drop deleted documents' texts, and commit; return the generation.

        One segment is left, or as few as hold the text.

        Raises:
            lunheng.errors.NgramIndexError: another writer is at work, or writing failed.
        """
        with self._writing:
            self._snapshot = self._begin_writing().commit(whole=True)
            return self.generation

    def close(self) -> None:
        """Give up what was not committed, the lock and the files; views that were made stay.

        Whatever is asked afterwards raises `lunheng.errors.UsageError`.
        """
        with self._writing:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            self._snapshot = cast("Snapshot", ClosedSnapshot(self.path))
