"""Open several indexes side by side and ask them as one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import UsageError
from lunheng.index.manifest import Manifest
from lunheng.index.segment import Segment
from lunheng.index.snapshot import Snapshot
from lunheng.index.view import IndexView

if TYPE_CHECKING:
    from lunheng.index.manifest import SegmentEntry


class ShardSegment(Segment):
    """A segment whose documents bear their shard's ids plus ``shift``."""

    def __init__(self, shift: int, folder: Path, entry: SegmentEntry) -> None:
        super().__init__(folder, entry)
        self._shift = shift

    def ids(self, documents: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Return the ids of documents."""
        return super().ids(documents) + self._shift

    def document(self, identifier: int) -> int | None:
        """Return the document that has an id, ``None`` if it is deleted or elsewhere."""
        return super().document(identifier - self._shift)


class ShardedView(IndexView):
    """Indexes opened side by side: counts, ranking and answers are those of one merged index.

    It is asked as an :class:`IndexView` is, and holds the newest commit of each shard when it was
    opened. The ids of a shard's documents are moved up by as many ids as the shards before it have
    given, so they are those that one index would have given to all documents in this order.
    ``origin`` says which shard a document is in; another commit to a shard moves the ids of those
    behind it when they are opened again.
    """

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.shards = folders
        self._shifts: list[int] = []
        parts: list[Snapshot] = []
        shift = 0
        for folder in folders:
            self._shifts.append(shift)
            parts.append(Snapshot.open(folder, partial(ShardSegment, shift)))
            shift += parts[-1].manifest.next_id
        manifest = Manifest(
            generation=sum(part.manifest.generation for part in parts),
            next_id=shift,
            segments=tuple(entry for part in parts for entry in part.manifest.segments),
        )
        segments = tuple(segment for part in parts for segment in part.segments)
        super().__init__(folders[0], Snapshot(manifest, segments))
        for folder, part in zip(folders, parts, strict=True):
            part.manifest.verify_symbols(folder, self.symbols().digest)

    def __reduce__(self) -> tuple[object, tuple[tuple[Path, ...]]]:
        return type(self), (self.shards,)

    def origin(self, identifier: int) -> tuple[Path, int]:
        """Return the folder of the shard that has a document, and its id there.

        Raises:
            lunheng.errors.UsageError: there is no such document.
        """
        if not self._snapshot.has(identifier):
            raise UsageError(f"the index has no document {identifier}")
        place = bisect_right(self._shifts, identifier) - 1  # the last of those that begin there
        return self.shards[place], identifier - self._shifts[place]


def open_shards(paths: Iterable[str | Path]) -> ShardedView:
    """Open indexes side by side.

    Raises:
        lunheng.errors.UsageError: there is no index at a path, none is given, or one twice.
        lunheng.errors.NgramIndexError: an index is damaged or of another format version.
    """
    folders = tuple(Path(path) for path in paths)
    if not folders:
        raise UsageError("expected the folders of one index or more, got none")
    if len({folder.resolve() for folder in folders}) < len(folders):
        raise UsageError(f"expected each index once, got {', '.join(map(str, folders))}")
    return ShardedView(folders)
