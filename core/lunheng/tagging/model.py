"""The tagger's model file: what it looks at, its labels, weights, and where they come from."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import ModelError
from lunheng.tagging.templates import View
from lunheng.tokenize import container

MAGIC = b"LUNHENT\x01"
VERSION = 1


@dataclass(frozen=True, slots=True, eq=False)
class TaggerModel:
    """What a `lunheng.tagging.Tagger` knows.

    Attributes:
        view: what is labelled, ``words`` or ``characters``.
        templates: the features, in the notation of `lunheng.tagging.templates`.
        labels: names of the labels, at most 128.
        hashes: uint32, the features that have weights, ascending.
        rows: int8 of shape (features, labels).
        bigrams: int16 of shape (labels + 2, labels): weight of a label after each label, at the
            beginning and at the end; -32768 forbids.
        classes: class of known words or phrases.
        provenance: name, licence, training texts with their hashes, settings.
    """

    view: View
    templates: tuple[str, ...]
    labels: tuple[str, ...]
    hashes: NDArray[np.uint32]
    rows: NDArray[np.int8]
    bigrams: NDArray[np.int16]
    classes: Mapping[str, str] = field(default_factory=dict)
    provenance: Mapping[str, object] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return the model as the bytes of a model file."""
        known = json.dumps(dict(self.classes), ensure_ascii=False, separators=(",", ":"))
        gaps = np.diff(self.hashes, prepend=np.uint32(0)).astype("<u4")
        # Bytes of one place side by side, and weights of one label: so they compress best.
        parts = [
            known.encode(),
            gaps.view(np.uint8).reshape(-1, 4).T.tobytes(),
            self.rows.T.tobytes(),
            self.bigrams.astype("<i2").tobytes(),
        ]
        compressed = [zlib.compress(part, 9) for part in parts]
        head = {
            "view": self.view,
            "templates": self.templates,
            "labels": self.labels,
            "features": len(self.hashes),
            "parts": [len(part) for part in compressed],
            "provenance": dict(self.provenance),
        }
        return container.packed(MAGIC, VERSION, head, b"".join(compressed))

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "<bytes>") -> TaggerModel:
        """Read a model from the bytes of a model file.

        Raises:
            ModelError: the bytes are foreign, of another version, truncated or corrupt.
        """
        head, body = container.unpacked(data, MAGIC, VERSION, "tagger", name)
        try:
            ends = np.cumsum([0, *head["parts"]]).tolist()
            known, gaps, rows, bigrams = (
                zlib.decompress(body[start:end]) for start, end in pairwise(ends)
            )
            n, labels = head["features"], tuple(head["labels"])
            bytes_ = np.frombuffer(gaps, np.uint8).reshape(4, n)
            steps = np.ascontiguousarray(bytes_.T).view("<u4").ravel()
            return cls(
                head["view"],
                tuple(head["templates"]),
                labels,
                np.cumsum(steps, dtype=np.uint32),
                np.ascontiguousarray(np.frombuffer(rows, np.int8).reshape(len(labels), n).T),
                np.frombuffer(bigrams, "<i2")
                .reshape(len(labels) + 2, len(labels))
                .astype(np.int16),
                json.loads(known),
                head["provenance"],
            )
        except (KeyError, TypeError, ValueError, zlib.error) as error:
            raise ModelError(f"{name}: the model's parts do not fit together: {error}") from error

    def with_provenance(self, provenance: Mapping[str, object]) -> TaggerModel:
        """Return the same model with another account of where it comes from."""
        return replace(self, provenance=provenance)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model file ``path``."""
        Path(path).write_bytes(self.to_bytes())

    @classmethod
    def load(cls, path: str | PathLike[str]) -> TaggerModel:
        """Read the model file ``path``.

        Raises:
            ModelError: the file cannot be read, or is no whole model of this version.
        """
        return cls.from_bytes(container.read(path), str(path))
