"""Open zip files safely: count before listing, meter while unpacking."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from lunheng.errors import ReadError
from lunheng.text import Decoder

# What the standard library raises on damaged files, as fuzzers found.
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(ValueError, OverflowError, NotImplementedError, RuntimeError),
)
CHUNK = 1 << 16
SMALL = 1 << 20
# A directory with more bytes than this for each entry allowed is not even listed.
ENTRY_BYTES = 256
END, END64 = b"PK\x05\x06", b"PK\x06\x06"
END_SEARCH = 22 + 65535
ENCRYPTED, UTF8 = 0x1, 0x800
NAMES = 4096


@dataclass(frozen=True, slots=True)
class Limits:
    """How many files an archive may hold, and how large they may be, in bytes.

    ``ratio`` is how many times as large as its packed form anything above a megabyte may be.
    """

    members: int = 100_000
    member_bytes: int = 1 << 28
    ratio: int = 200

    def check_count(self, count: int, path: str) -> None:
        """Refuse an archive of too many files.

        Raises:
            ReadError: there are more than ``members``.
        """
        if count > self.members:
            raise ReadError(
                f"{path}: expected at most {self.members} files in an archive, found more; set"
                " plugins.archive.members higher to read it"
            )

    def check_ratio(self, size: int, packed: int, path: str) -> None:
        """Refuse what grows out of all proportion when it is unpacked.

        Raises:
            ReadError: it is larger than a megabyte and than ``ratio`` times its packed form.
        """
        if size > SMALL and size > self.ratio * packed:
            raise ReadError(
                f"{path}: left out, it grows more than {self.ratio} times when unpacked, as an"
                " archive bomb does; set plugins.archive.ratio higher to read it"
            )

    def read_all(self, stream: IO[bytes], path: str, packed: int | None = None) -> bytes:
        """Return all bytes of a stream.

        Raises:
            ReadError: there are more than ``member_bytes``, or too many for the packed size.
        """
        pieces: list[bytes] = []
        size = 0
        while piece := stream.read(CHUNK):
            pieces.append(piece)
            size += len(piece)
            if packed is not None:
                self.check_ratio(size, packed, path)
            if size > self.member_bytes:
                raise ReadError(
                    f"{path}: left out, it has more than {self.member_bytes} bytes; set"
                    " plugins.archive.member_bytes higher to read it"
                )
        return b"".join(pieces)


def open_zip(data: bytes, path: str, limits: Limits) -> zipfile.ZipFile:
    """Open a zip file, unless its directory alone is too long.

    Raises:
        ReadError: it is no zip file, is damaged, or has too many entries.
    """
    limits.check_count(_directory_bytes(data) // ENTRY_BYTES, path)
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except DAMAGE as error:
        raise ReadError(f"{path}: expected a whole zip file, got damage: {error}") from None


def _directory_bytes(data: bytes) -> int:
    """Return how long the directory of a zip says it is: 0 where none is found."""
    at = data.rfind(END, max(0, len(data) - END_SEARCH))
    if at < 0 or at + 22 > len(data):
        return 0
    (size,) = struct.unpack_from("<I", data, at + 12)
    at64 = data.rfind(END64, max(0, at - 128), at)
    if size == 0xFFFFFFFF and at64 >= 0 and at64 + 56 <= len(data):
        (size,) = struct.unpack_from("<Q", data, at64 + 40)
    return min(int(size), len(data))


def read_member(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, limits: Limits
) -> bytes:
    """Return the bytes of one file of a zip.

    Raises:
        ReadError: it is encrypted, damaged, or larger than the limits allow.
    """
    if entry.flag_bits & ENCRYPTED:
        raise ReadError(f"{path}: left out, it is encrypted; unpack it with its password first")
    try:
        with archive.open(entry) as stream:
            return limits.read_all(stream, path, entry.compress_size)
    except DAMAGE as error:
        raise ReadError(f"{path}: expected a whole file, got damage: {error}") from None


def member_names(entries: Sequence[zipfile.ZipInfo], decoder: Decoder) -> list[str]:
    """Return the names of a zip's files; those not in UTF-8 are read by what is plausible.

    Windows in Chinese writes names in GBK or Big5 and does not say so.
    """
    raw = [
        None if entry.flag_bits & UTF8 else entry.orig_filename.encode("cp437", "replace")
        for entry in entries
    ]
    old = [name for name in raw if name is not None and not name.isascii()]
    encoding = decoder.decode(b"\n".join(old[:NAMES])).encoding if old else "utf-8"
    return [
        entry.filename if name is None else name.decode(encoding, "replace").replace("\\", "/")
        for entry, name in zip(entries, raw, strict=True)
    ]
