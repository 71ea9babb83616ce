"""The segmenter's model file: magic, version, checksum, provenance, then compressed arrays."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import ModelError
from lunheng.tokenize import container

MAGIC = b"LUNHENG\x01"
VERSION = 1
_ALIGNMENT = 64


@dataclass(frozen=True, slots=True, eq=False)
class SegmenterModel:
    """What a `lunheng.tokenize.Tokenizer` knows: codes, weights, and where they come from.

    Attributes:
        codes: code of every code point, uint16 of shape (0x110000,).
        characters: int8 of shape (n, 8), weights of every code.
        table: the grams' table, uint8, 64 bytes a line, aligned to 64 bytes.
        scale: weight of one unit in log odds.
        provenance: name, licence, training texts with their hashes, settings.
    """

    codes: NDArray[np.uint16]
    characters: NDArray[np.int8]
    table: NDArray[np.uint8]
    scale: float
    provenance: Mapping[str, object] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return the model as the bytes of a model file."""
        edges = np.flatnonzero(np.diff(self.codes.astype(np.int32))) + 1
        starts = np.concatenate([[0], edges]).astype("<u4")
        codes = zlib.compress(starts.tobytes() + self.codes[starts].astype("<u2").tobytes(), 9)
        head = {
            "codes": [len(codes), len(starts)],
            "characters": len(self.characters),
            "table": len(self.table),
            "scale": self.scale,
            "provenance": dict(self.provenance),
        }
        parts = codes + self.characters.tobytes() + self.table.tobytes()
        return container.packed(MAGIC, VERSION, head, parts)

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "<bytes>") -> SegmenterModel:
        """Read a model from the bytes of a model file.

        Raises:
            ModelError: the bytes are foreign, of another version, truncated or corrupt.
        """
        head, body = container.unpacked(data, MAGIC, VERSION, "segmenter", name)
        try:
            at, n_starts = head["codes"]
            packed = zlib.decompress(body[:at])
            starts = np.frombuffer(packed, "<u4", n_starts).astype(np.int64)
            values = np.frombuffer(packed, "<u2", n_starts, 4 * n_starts)
            codes = np.repeat(values, np.diff(starts, append=0x110000)).astype(np.uint16)
            size = 8 * head["characters"]
            characters = np.frombuffer(body[at : at + size], np.int8).reshape(-1, 8).copy()
            at += size
            table = _aligned(body[at : at + head["table"]])
            return cls(codes, characters, table, head["scale"], head["provenance"])
        except (KeyError, TypeError, ValueError, zlib.error) as error:
            raise ModelError(f"{name}: the model's parts do not fit together: {error}") from error

    def with_provenance(self, provenance: Mapping[str, object]) -> SegmenterModel:
        """Return the same model with another account of where it comes from."""
        return replace(self, provenance=provenance)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model file ``path``."""
        Path(path).write_bytes(self.to_bytes())

    @classmethod
    def load(cls, path: str | PathLike[str]) -> SegmenterModel:
        """Read the model file ``path``.

        Raises:
            ModelError: the file cannot be read, or is no whole model of this version.
        """
        return cls.from_bytes(container.read(path), str(path))


def _aligned(data: memoryview) -> NDArray[np.uint8]:
    """Copy ``data`` to an address that is a multiple of a cache line."""
    room = np.empty(len(data) + _ALIGNMENT, np.uint8)
    start = -room.ctypes.data % _ALIGNMENT
    table = room[start : start + len(data)]
    table[:] = np.frombuffer(data, np.uint8)
    return table
