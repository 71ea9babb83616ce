"""The model: weights of hashed features, calibration, and the file that holds them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lunheng.documents import Polarity
from lunheng.errors import ModelError
from lunheng.native.hashed_linear import scores

LABELS: tuple[Polarity, ...] = ("favor", "against", "neutral")
_FORMAT = "lunheng-opinion-1"


@dataclass(frozen=True, slots=True, eq=False)
class OpinionModel:
    """Weights and how sure they may be.

    Attributes:
        weights: int16 of shape (rows, 3), rows a power of two; columns as `LABELS`.
        scale: what one unit of a weight is worth.
        temperature: what scores are divided by, so that probabilities mean what they say.
        threshold: below this probability of the best label the model should abstain.
        provenance: training files with their hashes, settings, scores.
    """

    weights: NDArray[np.int16]
    scale: float
    temperature: float = 1.0
    threshold: float = 0.0
    provenance: Mapping[str, object] = field(default_factory=dict)

    def probabilities(self, examples: Sequence[NDArray[np.uint32]]) -> NDArray[np.float64]:
        """Return the probability of each label for each example, shape (examples, 3)."""
        if not examples:
            return np.empty((0, len(LABELS)))
        features, offsets = joined(examples)
        raw = scores(features, offsets, self.weights, self.scale) / self.temperature
        powers = np.exp(raw - raw.max(axis=1, keepdims=True), dtype=np.float64)
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model to a file."""
        head = {
            "format": _FORMAT,
            "labels": LABELS,
            "scale": self.scale,
            "temperature": self.temperature,
            "threshold": self.threshold,
            "provenance": dict(self.provenance),
        }
        rows = np.flatnonzero(self.weights.any(axis=1)).astype(np.uint32)
        with Path(path).open("wb") as file:
            np.savez_compressed(
                file,
                head=np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), np.uint8),
                size=np.array([len(self.weights)]),
                rows=np.diff(rows, prepend=np.uint32(0)),
                weights=np.ascontiguousarray(self.weights[rows].T),
            )

    @classmethod
    def load(cls, path: str | PathLike[str]) -> OpinionModel:
        """Read a model from a file.

        Raises:
            ModelError: the file cannot be read, or is no such model.
        """
        try:
            with np.load(path, allow_pickle=False) as parts:
                head = json.loads(parts["head"].tobytes())
                if head["format"] != _FORMAT or tuple(head["labels"]) != LABELS:
                    raise ValueError(f"format {head['format']!r}, labels {head['labels']}")
                rows = np.cumsum(parts["rows"], dtype=np.int64)
                weights = np.zeros((int(parts["size"][0]), len(LABELS)), np.int16)
                weights[rows] = parts["weights"].T
        except OSError as error:
            raise ModelError(f"{path}: cannot be read: {error.strerror or error}") from error
        except (ValueError, KeyError, IndexError, zipfile.BadZipFile) as error:
            raise ModelError(
                f"{path}: expected a stance model of format {_FORMAT!r}, found {error}; make one "
                "with `lunheng train stance`"
            ) from error
        return cls(
            weights, head["scale"], head["temperature"], head["threshold"], head["provenance"]
        )


def joined(
    examples: Sequence[NDArray[np.uint32]],
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the features of examples in one array, and where each example begins."""
    offsets = np.zeros(len(examples) + 1, np.int64)
    np.cumsum([len(example) for example in examples], out=offsets[1:])
    return np.concatenate(examples), offsets
