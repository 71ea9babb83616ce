"""Read archives: yield the files that a zip, a tar or a compressed file holds, within limits.

Nothing is ever written to disk. Sizes are counted as bytes come out, whatever the headers say.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import IO

from lunheng import hookimpl
from lunheng.documents import Member
from lunheng.errors import ReadError
from lunheng.text import Decoder
from lunheng_plugins.readers.zipped import DAMAGE, Limits, member_names, open_zip, read_member

CHUNK = 1 << 16
TAR_MAGIC = 257


@dataclass(frozen=True, slots=True)
class ArchiveSettings(Limits):
    """How much an archive may hold before it is refused."""


class Metered(io.RawIOBase):
    """A stream that refuses to give more bytes than the limits allow for its packed size."""

    def __init__(self, stream: io.BufferedIOBase, packed: int, limits: Limits, path: str) -> None:
        super().__init__()
        self._stream = stream
        self._packed = packed
        self._limits = limits
        self._path = path
        self._given = 0

    def readable(self) -> bool:
        """Say that this is a stream to read from."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer.

        Raises:
            ReadError: the limits are reached, or the data is damaged.
        """
        try:
            data = self._stream.read(len(buffer))
        except (tarfile.TarError, *DAMAGE) as error:
            raise ReadError(
                f"{self._path}: expected a whole archive, got damage: {error}"
            ) from None
        self._given += len(data)
        self._limits.check_ratio(self._given, self._packed, self._path)
        buffer[: len(data)] = data
        return len(data)


@dataclass(frozen=True, slots=True)
class ArchiveReader:
    """Yields the files within an archive; the framework reads each by its own reader."""

    settings: ArchiveSettings
    suffixes: tuple[str, ...] = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".gz", ".bz2", ".xz")
    signature: re.Pattern[bytes] = re.compile(
        rb"PK\x03\x04|PK\x05\x06|\x1f\x8b|BZh|\xfd7zXZ|.{257}ustar", re.DOTALL
    )
    unpacks: bool = True
    decoder: Decoder = field(default_factory=Decoder)

    def read(self, data: bytes, path: str) -> Iterator[Member]:
        """Yield the files of an archive.

        Raises:
            ReadError: it is none, is damaged, or holds more than the limits allow.
        """
        if data.startswith(b"PK"):
            yield from self._zip(data, path)
            return
        stream = Metered(_unpacked(data), len(data), self.settings, path)
        buffered = io.BufferedReader(stream, CHUNK)
        if buffered.peek(512)[TAR_MAGIC : TAR_MAGIC + 5] == b"ustar" or ".tar" in path.lower():
            yield from self._tar(buffered, path)
        elif data.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ")):
            name = PurePosixPath(path).stem
            yield Member(name, partial(_all_of, buffered, self.settings, f"{path}/{name}"))
        else:
            raise ReadError(f"{path}: expected a zip, tar, gz, bz2 or xz file, got something else")

    def _zip(self, data: bytes, path: str) -> Iterator[Member]:
        """Yield the files of a zip."""
        archive = open_zip(data, path, self.settings)
        entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
        names = member_names(entries, self.decoder)
        self.settings.check_count(len(entries), path)
        for entry, name in zip(entries, names, strict=True):
            place = f"{path}/{name}"
            yield _member(name, partial(read_member, archive, entry, place, self.settings), place)

    def _tar(self, stream: IO[bytes], path: str) -> Iterator[Member]:
        """Yield the files of a tar, in one pass."""
        count = 0
        try:
            with tarfile.open(fileobj=stream, mode="r|", errors="surrogateescape") as archive:
                for entry in archive:
                    # The library keeps every header it has seen.
                    archive.members = []  # type: ignore[attr-defined]
                    count += 1
                    self.settings.check_count(count, path)
                    if entry.isdir():
                        continue
                    name = self._name(entry.name)
                    place = f"{path}/{name}"
                    if not entry.isfile():
                        yield Member(name, partial(_refuse, f"{place}: left out, it is no file but"
                                                   " a link or a device"))  # fmt: skip
                        continue
                    file = archive.extractfile(entry)
                    assert file is not None
                    yield _member(name, partial(_all_of, file, self.settings, place), place)
        except (tarfile.TarError, *DAMAGE) as error:
            raise ReadError(f"{path}: expected a whole tar, got damage: {error}") from None

    def _name(self, name: str) -> str:
        """Return a name whose bytes may be in an old encoding as text."""
        try:
            name.encode("utf-8")
        except UnicodeEncodeError:
            return self.decoder.decode(name.encode("utf-8", "surrogateescape")).text
        return name


def _unpacked(data: bytes) -> io.BufferedIOBase:
    """Return a stream of what is packed in ``data``; of data itself where it is not packed."""
    packed = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=packed)
    if data.startswith(b"BZh"):
        return bz2.BZ2File(packed)
    if data.startswith(b"\xfd7zXZ"):
        return lzma.LZMAFile(packed)
    return packed


def _member(name: str, read: Callable[[], bytes], place: str) -> Member:
    """Return a member; one whose name leads out of the archive is refused when it is read."""
    plain = name.replace("\\", "/")
    parts = PurePosixPath(plain).parts
    if plain.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", plain):
        message = f"{place}: left out, its name leads out of the archive"
        return Member("/".join(part for part in parts if part not in ("/", "..")),
                      partial(_refuse, message))  # fmt: skip
    return Member(plain, read)


def _refuse(message: str) -> bytes:
    """Raise what is wrong with a member when it is read."""
    raise ReadError(message)


def _all_of(stream: IO[bytes], limits: Limits, place: str) -> bytes:
    """Return all bytes of a member."""
    try:
        return limits.read_all(stream, place)
    except (tarfile.TarError, *DAMAGE) as error:
        raise ReadError(f"{place}: expected a whole file, got damage: {error}") from None


@hookimpl
def lunheng_settings() -> type[ArchiveSettings]:
    """Return the limits."""
    return ArchiveSettings


@hookimpl
def lunheng_readers(settings: ArchiveSettings) -> ArchiveReader:
    """Make the reader."""
    return ArchiveReader(settings)
