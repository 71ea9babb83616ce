"""Train a model of stance from labelled texts and targets, and calibrate it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from lunheng.native.hashed_linear import train_epoch
from lunheng.opinion.features import OpinionFeatures
from lunheng.opinion.model import LABELS, OpinionModel, joined

_LARGEST = 32000


@dataclass(frozen=True, slots=True)
class LabelledOpinion:
    """A text, a target, and the label between them: its place in `LABELS`."""

    text: str
    target: str
    label: int


@dataclass(frozen=True, slots=True)
class OpinionSettings:
    """How a model is trained.

    Attributes:
        epochs: passes over all examples; the weights of the later half are averaged.
        rate: AdaGrad step; it falls to zero over the epochs.
        decay: how strongly weights are drawn to zero.
        dropout: share of features left out at random while training.
        bits: the table has 2 to the power of this many rows.
        held_out: share of texts kept from training to calibrate on.
        coverage: share of the held-out examples that the threshold lets through.
        seed: order of the examples, what is held out, and the dropout.
    """

    epochs: int = 10
    rate: float = 0.2
    decay: float = 1e-3
    dropout: float = 0.2
    bits: int = 20
    held_out: float = 0.05
    coverage: float = 0.5
    seed: int = 0


def train(
    examples: Sequence[LabelledOpinion],
    settings: OpinionSettings | None = None,
    provenance: Mapping[str, object] | None = None,
    progress: Callable[[int, float], None] = lambda epoch, loss: None,
) -> OpinionModel:
    """Return a model trained on the examples.

    Texts, not examples, are held out for calibration: temperature (Guo et al., 2017) by the
    likelihood, threshold by ``coverage``. ``progress`` is called after each epoch with its number
    and the mean log loss.

    Raises:
        ValueError: there are no examples.
    """
    settings = settings or OpinionSettings()
    if not examples:
        raise ValueError("expected labelled examples, found none")
    made = _features(examples)
    labels = np.array([example.label for example in examples], np.uint8)
    held = _held_out([example.text for example in examples], settings)
    order = np.flatnonzero(~held).astype(np.int64)
    weights = _averaged(made, labels, order, settings, progress)
    scale = max(float(np.abs(weights).max()), 1e-9) / _LARGEST
    model = OpinionModel(np.round(weights / scale).astype(np.int16), scale)
    return _calibrated(
        model,
        [made[i] for i in np.flatnonzero(held)],
        labels[held],
        settings,
        {**(provenance or {}), "settings": asdict(settings)},
    )


def _features(examples: Sequence[LabelledOpinion]) -> list[NDArray[np.uint32]]:
    """Return the features of the examples; a text with several targets is read once."""
    maker = OpinionFeatures()
    places: dict[str, list[int]] = {}
    for number, example in enumerate(examples):
        places.setdefault(example.text, []).append(number)
    made: dict[int, NDArray[np.uint32]] = {}
    for text, numbers in places.items():
        targets = [examples[number].target for number in numbers]
        made.update(zip(numbers, maker.of_targets(text, targets), strict=True))
    return [made[number] for number in range(len(examples))]


def _held_out(texts: Sequence[str], settings: OpinionSettings) -> NDArray[np.bool_]:
    different = sorted(set(texts))
    random = np.random.default_rng(settings.seed)
    size = int(len(different) * settings.held_out)
    chosen = {different[i] for i in random.permutation(len(different))[:size]}
    return np.array([text in chosen for text in texts])


def _averaged(
    examples: Sequence[NDArray[np.uint32]],
    labels: NDArray[np.uint8],
    order: NDArray[np.int64],
    settings: OpinionSettings,
    progress: Callable[[int, float], None],
) -> NDArray[np.float32]:
    features, offsets = joined(examples)
    weights = np.zeros((1 << settings.bits, len(LABELS)), np.float32)
    squares = np.full_like(weights, 1e-2)
    total = np.zeros_like(weights)
    random = np.random.default_rng(settings.seed)
    first = settings.epochs // 2
    for epoch in range(settings.epochs):
        loss = train_epoch(
            features,
            offsets,
            labels,
            random.permutation(order),
            weights,
            squares,
            settings.rate * (1 - epoch / settings.epochs),
            settings.decay,
            settings.dropout,
            settings.seed * 1000 + epoch,
        )
        if epoch >= first:
            total += weights
        progress(epoch + 1, loss)
    mean: NDArray[np.float32] = total / np.float32(settings.epochs - first)
    return mean


def _calibrated(
    model: OpinionModel,
    examples: Sequence[NDArray[np.uint32]],
    labels: NDArray[np.uint8],
    settings: OpinionSettings,
    provenance: Mapping[str, object],
) -> OpinionModel:
    """Return the model with the temperature and threshold that suit the held-out examples."""
    if not examples:
        return OpinionModel(model.weights, model.scale, provenance=provenance)

    def likelihood(temperature: float) -> float:
        trial = OpinionModel(model.weights, model.scale, temperature)
        chances = trial.probabilities(examples)[np.arange(len(labels)), labels]
        return float(np.log(np.maximum(chances, 1e-12)).sum())

    temperature = max(np.geomspace(0.25, 4, 33).tolist(), key=likelihood)
    calibrated = OpinionModel(model.weights, model.scale, temperature)
    best = calibrated.probabilities(examples).max(axis=1)
    threshold = float(np.quantile(best, 1 - settings.coverage))
    return OpinionModel(model.weights, model.scale, temperature, threshold, provenance)
