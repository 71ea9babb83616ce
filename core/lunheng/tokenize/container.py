"""The file of a model: magic, version, checksum, a head in JSON, then bytes."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from lunheng.errors import ModelError

_HEADER = struct.Struct("<8sIIQI")


def packed(magic: bytes, version: int, head: Mapping[str, object], parts: bytes) -> bytes:
    """Return the bytes of a model file."""
    text = json.dumps(head, ensure_ascii=False, sort_keys=True).encode()
    body = text + parts
    return _HEADER.pack(magic, version, len(text), len(body), zlib.crc32(body)) + body


def unpacked(
    data: bytes, magic: bytes, version: int, kind: str, name: str
) -> tuple[dict[str, Any], memoryview]:
    """Return the head and the bytes after it.

    Args:
        data: a whole model file.
        magic: what it has to begin with.
        version: the only version that can be read.
        kind: what the model is, for errors: "segmenter".
        name: where the file comes from, for errors.

    Raises:
        ModelError: the bytes are foreign, of another version, truncated or corrupt.
    """
    if len(data) < _HEADER.size or not data.startswith(magic):
        raise ModelError(
            f"{name}: expected a {kind} model that begins with {magic!r}, found {bytes(data[:8])!r}"
        )
    _, found, head_length, body_length, checksum = _HEADER.unpack_from(data)
    if found != version:
        raise ModelError(
            f"{name}: expected model version {version}, found {found}; train it anew or get the "
            "model of this release"
        )
    body = memoryview(data)[_HEADER.size :]
    if len(body) != body_length:
        raise ModelError(
            f"{name}: expected {body_length} bytes after the header, found {len(body)}"
        )
    if zlib.crc32(body) != checksum:
        raise ModelError(f"{name}: the checksum does not fit: the file is damaged; get it anew")
    try:
        head = json.loads(bytes(body[:head_length]))
    except ValueError as error:
        raise ModelError(f"{name}: the model's parts do not fit together: {error}") from error
    return head, body[head_length:]


def read(path: str | PathLike[str]) -> bytes:
    """Return the bytes of a model file.

    Raises:
        ModelError: the file cannot be read.
    """
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error
