"""Train the model of person names from texts whose names another tagger has marked.

``python -m lunheng_plugins.entities.person_training OUT.npz SILVER.jsonl...`` reads lines of
``[[word, tag], …]`` where the tag ``PER`` marks persons.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lunheng.text import fold
from lunheng_plugins.entities import person_model
from lunheng_plugins.entities.person_model import BITS, MARGIN, SCALE, Hashes
from lunheng_plugins.entities.shapes import load_shapes

PERSON = "PER"
EPOCHS = 4
BATCH = 4096
RATE = 0.15
DECAY = 1e-6


def examples(
    lines: Iterable[str], begins: NDArray[np.bool_]
) -> Iterator[tuple[Hashes, NDArray[np.bool_]]]:
    """Yield features and labels of the candidates of each text."""
    for line in lines:
        words = [(str(word), str(tag)) for word, tag in json.loads(line)]
        text, names = "", set()
        for word, tag in words:
            if tag == PERSON:
                names.add((len(text) + MARGIN, len(text) + MARGIN + len(word)))
            text += word
        folded = fold(text, case=True).encode("utf-32-le", "surrogatepass")
        codes = person_model.padded(np.frombuffer(folded, np.uint32))
        starts, ends = person_model.candidates(codes, begins)
        found = [span in names for span in zip(starts.tolist(), ends.tolist(), strict=True)]
        yield person_model.features(codes, starts, ends), np.array(found, np.bool_)


def train(
    rows: Hashes, labels: NDArray[np.bool_], seed: int = 0
) -> tuple[NDArray[np.int16], float]:
    """Fit logistic regression by AdaGrad; return integer weights and the bias."""
    random = np.random.default_rng(seed)
    weights = np.zeros(1 << BITS)
    history = np.full(1 << BITS, 1e-6)
    bias = 0.0
    truth = labels.astype(np.float64)
    for _ in range(EPOCHS):
        order = random.permutation(labels.size)
        for first in range(0, order.size, BATCH):
            batch = order[first : first + BATCH]
            columns = rows[:, batch]
            guess = 1 / (1 + np.exp(-(weights[columns].sum(axis=0) + bias)))
            error = guess - truth[batch]
            flat = columns.ravel()
            gradient = np.bincount(flat, np.tile(error, columns.shape[0]), 1 << BITS)
            touched = np.unique(flat)
            change = gradient[touched] + DECAY * batch.size * weights[touched]
            history[touched] += change**2
            weights[touched] -= RATE * change / np.sqrt(history[touched])
            bias -= 0.001 * error.sum() / np.sqrt(batch.size)
    return np.clip(np.round(weights * SCALE), -32768, 32767).astype(np.int16), bias


def main(out: Path, silver: Iterable[Path]) -> None:
    """Train on silver files and write the model."""
    begins = person_model.surname_flags(load_shapes()[0].surnames)
    rows, labels = [], []
    for path in silver:
        with path.open(encoding="utf-8") as lines:
            for found, names in examples(lines, begins):
                rows.append(found.astype(np.int32))
                labels.append(names)
    weights, bias = train(np.concatenate(rows, axis=1), np.concatenate(labels))
    np.savez_compressed(out, weights=weights, bias=np.float64(bias))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(path) for path in sys.argv[2:]])
