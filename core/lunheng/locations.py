"""Read files where they are: on this machine, or at a URL such as ``s3://…`` that fsspec knows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import Any

from lunheng.errors import ReadError, UsageError
from lunheng.extras import require

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def is_url(path: str) -> bool:
    r"""Return whether a path is a URL; the letter of a Windows drive makes none.

    >>> is_url("s3://texts/a.txt"), is_url("C:\\texts"), is_url("a.txt")
    (True, False, False)
    """
    return _URL.match(path) is not None


def read_bytes(file: str) -> bytes:
    """Return the content of a file.

    Raises:
        OSError: it cannot be read.
        UsageError: it is at a URL, and what is needed to read such is not installed.
    """
    if not is_url(file):
        return Path(file).read_bytes()
    system, path = _system(file)
    content: bytes = system.cat_file(path)
    return content


def size(file: str) -> int:
    """Return the size of a file in bytes, 0 where it cannot be told."""
    try:
        if not is_url(file):
            return Path(file).stat().st_size
        system, path = _system(file)
        return int(system.size(path) or 0)
    except OSError:
        return 0


def fingerprint(file: str) -> str:
    """Return a hash that changes when a file does: of its content, or of what a store says of it.

    At a URL this is the store's own mark (such as an ETag, or size and time), so that the file
    need not be read to learn that it is unchanged.

    Raises:
        OSError: it cannot be read.
        ReadError: it is no regular file.
    """
    if is_url(file):
        system, path = _system(file)
        return hashlib.blake2b(str(system.ukey(path)).encode(), digest_size=16).hexdigest()
    if not S_ISREG(Path(file).stat().st_mode):
        raise ReadError("expected a regular file")
    with Path(file).open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def head(file: str, n_bytes: int) -> bytes:
    """Return the first bytes of a file.

    Raises:
        OSError: it cannot be read.
    """
    if not is_url(file):
        with Path(file).open("rb") as stream:
            return stream.read(n_bytes)
    system, path = _system(file)
    with system.open(path, "rb") as stream:
        first: bytes = stream.read(n_bytes)
        return first


def files_at(url: str) -> Iterator[tuple[str, PurePosixPath | None]]:
    """Yield the URL of each file below a URL with its path from there, or of the file itself.

    A file that is named has no path from there.

    Raises:
        UsageError: there is nothing, or what is needed to read such URLs is not installed.
        OSError: the store cannot be asked.
    """
    system, root = _system(url)
    if system.isfile(root):
        yield url, None
        return
    found = system.find(root)
    if not found:
        raise UsageError(f"expected a file or a folder, found nothing at {url!r}.")
    for path in sorted(found):
        below = path[len(root.rstrip("/")) :].lstrip("/")
        yield f"{url.rstrip('/')}/{below}", PurePosixPath(below)


def _system(url: str) -> tuple[Any, str]:
    """Return the file system of a URL, and the path in it.

    Raises:
        UsageError: fsspec, or what it needs for such URLs, is not installed.
    """
    fsspec = require("fsspec.core", "fsspec")
    try:
        system, path = fsspec.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise UsageError(f"cannot read {url}: {error}") from error
    return system, str(path)
