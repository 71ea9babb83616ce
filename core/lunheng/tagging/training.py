"""Train a tagger: from labelled sequences to a model file's arrays.

See `lunheng.native.tag_training` for the loss. Features that occur too rarely are left out, the
weak ones pruned before the last epochs, and what is left is quantised to eight bits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lunheng.native.tag_training import train_epoch
from lunheng.native.tagging import hash_features
from lunheng.tagging.labels import allowed_bigrams
from lunheng.tagging.model import TaggerModel
from lunheng.tagging.templates import TEMPLATES, View, compiled

FORBIDDEN = -32768


@dataclass(frozen=True, slots=True)
class TaggerSettings:
    """How a tagger is trained.

    Attributes:
        epochs: passes over all sequences, at most.
        final_epochs: how many of them come after weak features are pruned.
        rate: AdaGrad step; it falls to zero over the epochs.
        decay: how strongly weights are drawn to zero.
        margin: what a wrong label scores more while training.
        dropout: share of features left out at random while training.
        min_count: how often a feature must occur.
        max_features: features kept in the end.
        seed: order of the sequences, and the dropout.
    """

    epochs: int = 12
    final_epochs: int = 3
    rate: float = 0.1
    decay: float = 0.0
    margin: float = 0.0
    dropout: float = 0.0
    min_count: int = 1
    max_features: int = 1_000_000
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class LabelledSequences:
    """What a tagger learns from.

    Attributes:
        columns: uint32 of shape (columns, positions), as `lunheng.tagging.columns` makes them.
        labels: uint8, the number of every position's label.
        offsets: int64, where sequences begin, and the number of positions.
    """

    columns: NDArray[np.uint32]
    labels: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    @classmethod
    def joined(
        cls, parts: Sequence[tuple[NDArray[np.uint32], NDArray[np.uint8]]]
    ) -> LabelledSequences:
        """Join the columns and labels of sequences."""
        offsets = np.zeros(len(parts) + 1, np.int64)
        np.cumsum([len(labels) for _, labels in parts], out=offsets[1:])
        columns = np.concatenate([columns for columns, _ in parts], axis=1)
        return cls(
            np.ascontiguousarray(columns), np.concatenate([labels for _, labels in parts]), offsets
        )


@dataclass(slots=True, eq=False)
class _Trainer:
    """Weights under training, one row a feature."""

    hashes: NDArray[np.uint32]
    counts: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: NDArray[np.float32]
    squares: NDArray[np.float32]
    bigrams: NDArray[np.float32]
    bigram_squares: NDArray[np.float32]
    allowed: NDArray[np.uint8]

    def prune(self, features: int) -> None:
        """Keep the features that matter most: by squared weights times how often they occur."""
        if len(self.hashes) <= features:
            return
        strengths = np.square(self.weights).sum(axis=1) * (self.counts + 1)
        kept = np.sort(np.argsort(-strengths, kind="stable")[:features])
        place = np.full(len(self.hashes) + 1, -1, np.int32)
        place[kept] = np.arange(len(kept), dtype=np.int32)
        self.rows = place[self.rows]
        self.hashes, self.counts = self.hashes[kept], self.counts[kept]
        self.weights = np.ascontiguousarray(self.weights[kept])
        self.squares = np.ascontiguousarray(self.squares[kept])


def _start(
    sequences: LabelledSequences,
    parts: NDArray[np.int32],
    ends: NDArray[np.int32],
    labels: Sequence[str],
    min_count: int,
) -> _Trainer:
    hashed = hash_features(sequences.columns, sequences.offsets, parts, ends)
    distinct, counts = np.unique(hashed, return_counts=True)
    often = (counts >= min_count) & (distinct > 0)
    kept = distinct[often]
    rows = np.empty(hashed.shape, np.int32)
    for number in range(hashed.shape[1]):
        place = np.minimum(np.searchsorted(kept, hashed[:, number]), max(len(kept) - 1, 0))
        rows[:, number] = np.where(kept[place] == hashed[:, number], place, -1)
    n = len(labels)
    return _Trainer(
        kept,
        counts[often],
        rows,
        np.zeros((len(kept), n), np.float32),
        np.zeros((len(kept), n), np.float32),
        np.zeros((n + 2, n), np.float32),
        np.zeros((n + 2, n), np.float32),
        allowed_bigrams(labels),
    )


def train(
    sequences: LabelledSequences,
    labels: Sequence[str],
    view: View,
    settings: TaggerSettings | None = None,
    *,
    templates: Sequence[str] | None = None,
    classes: Mapping[str, str] | None = None,
    provenance: Mapping[str, object] | None = None,
    progress: Callable[[int, float, TaggerModel], bool] | None = None,
) -> TaggerModel:
    """Train a tagger.

    Args:
        sequences: what it learns from; their columns were made with the same ``classes``.
        labels: the labels' names.
        view: what the columns describe.
        settings: how; without them the defaults.
        templates: the features; without them those of the view.
        classes: class of known words or phrases, kept in the model.
        provenance: what the model file says about its origin and licence.
        progress: called after every epoch with its number, log loss a position and the model so
            far; training ends when it returns false.
    """
    settings = settings or TaggerSettings()
    chosen = tuple(templates or TEMPLATES[view])
    parts, ends = compiled(view, chosen)
    trainer = _start(sequences, parts, ends, labels, settings.min_count)
    random = np.random.default_rng(settings.seed)
    where = np.stack([sequences.offsets[:-1], np.diff(sequences.offsets)], axis=1)
    where = where[where[:, 1] > 0]

    def packed() -> TaggerModel:
        return _packed(trainer, view, chosen, labels, classes or {}, provenance or {})

    for number in range(settings.epochs):
        if number == settings.epochs - settings.final_epochs:
            trainer.prune(settings.max_features)
        begin, end = (settings.rate * (1 - (number + part) / settings.epochs) for part in (0, 1))
        loss = train_epoch(
            trainer.rows,
            sequences.labels,
            np.ascontiguousarray(where[random.permutation(len(where))]),
            trainer.weights,
            trainer.squares,
            trainer.bigrams,
            trainer.bigram_squares,
            trainer.allowed,
            (begin, end),
            settings.decay,
            settings.margin,
            settings.dropout,
            settings.seed + number,
        )
        if progress and not progress(number + 1, loss, packed()):
            break
    trainer.prune(settings.max_features)
    return packed()


def _packed(
    trainer: _Trainer,
    view: View,
    templates: tuple[str, ...],
    labels: Sequence[str],
    classes: Mapping[str, str],
    provenance: Mapping[str, object],
) -> TaggerModel:
    """Quantise the weights; features whose weights all vanish are left out."""
    peak = float(np.quantile(np.abs(trainer.weights), 0.9999)) if trainer.weights.size else 0.0
    scale = max(peak, 1e-3) / 127
    rows = np.clip(np.rint(trainer.weights / scale), -127, 127).astype(np.int8)
    bigrams = np.clip(np.rint(trainer.bigrams / scale), -32000, 32000).astype(np.int16)
    bigrams[trainer.allowed == 0] = FORBIDDEN
    some = rows.any(axis=1)
    return TaggerModel(
        view,
        templates,
        tuple(labels),
        np.ascontiguousarray(trainer.hashes[some]),
        np.ascontiguousarray(rows[some]),
        bigrams,
        classes,
        {**provenance, "scale": scale},
    )
