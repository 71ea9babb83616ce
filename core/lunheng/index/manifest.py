"""The manifest of an index: which segments it is made of, replaced as a whole at each commit."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from lunheng.errors import NgramIndexError, UsageError
from lunheng.index.files import replace_file
from lunheng.index.layout import FORMAT
from lunheng.native.checksum import xxh64

NAME = "manifest"
MAGIC = "lunheng-index"


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """One segment: its file, what it holds, and the checksum of its header.

    ``marks`` is the file of its deleted documents, if it has any.
    """

    name: str
    documents: int
    characters: int
    size: int
    header: str
    marks: str = ""
    deleted: int = 0

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the segment's files."""
        return (self.name, self.marks) if self.marks else (self.name,)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The state of an index after one commit.

    ``generation`` counts commits; ``compact`` says how the text of new segments is stored.
    """

    generation: int = 0
    compact: bool = False
    next_segment: int = 1
    next_id: int = 0
    symbols: str = ""
    segments: tuple[SegmentEntry, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read and verify the manifest of an index folder; the file is closed again.

        Raises:
            lunheng.errors.UsageError: there is no index in the folder.
            lunheng.errors.NgramIndexError: the manifest is damaged or of another format version.
        """
        path = folder / NAME
        try:
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            lacks = f"it has no file {NAME!r}" if folder.is_dir() else "there is no such folder"
            raise UsageError(
                f"{folder} is no index: {lacks}; make one with `lunheng index build`"
            ) from error
        except OSError as error:
            raise NgramIndexError(f"cannot read {path}: {error.strerror}") from error
        first, _, body = content.partition(b"\n")
        words = first.decode("ascii", "replace").split(" ")
        if len(words) != 3 or words[0] != MAGIC:
            raise NgramIndexError(f"{path} is not the manifest of a Lunheng index")
        if words[1] != str(FORMAT):
            raise NgramIndexError(
                f"{path}: expected index format {FORMAT}, found {words[1]}; "
                "build the index again with this version"
            )
        if words[2] != f"{xxh64(body):016x}":
            raise NgramIndexError(
                f"{path} is damaged: it does not fit its checksum; restore it or build again"
            )
        fields = json.loads(body)
        segments = tuple(SegmentEntry(**entry) for entry in fields.pop("segments"))
        return cls(segments=segments, **fields)

    def verify_symbols(self, folder: Path, digest: int) -> None:
        """Make sure that the index folds characters as this version does.

        Raises:
            lunheng.errors.NgramIndexError: the index was built with another folding.
        """
        if self.symbols and self.symbols != f"{digest:016x}":
            raise NgramIndexError(
                f"{folder} was built with another table of variants; "
                "build the index again with this version"
            )

    def write(self, folder: Path) -> None:
        """Replace the manifest of an index folder, durably."""
        body = json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":")).encode()
        head = f"{MAGIC} {FORMAT} {xxh64(body):016x}\n".encode()
        replace_file(folder / NAME, head + body)
