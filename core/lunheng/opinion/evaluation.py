"""Score a model of stance: F1 of each label, and accuracy where it is surest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lunheng.opinion.features import OpinionFeatures
from lunheng.opinion.model import LABELS, OpinionModel
from lunheng.opinion.training import LabelledOpinion


@dataclass(frozen=True, slots=True)
class OpinionScores:
    """F1 by label in the order of `LABELS`, accuracy of all and of the surer half."""

    f1: tuple[float, ...]
    accuracy: float
    accuracy_of_half: float
    examples: int

    @property
    def macro(self) -> float:
        """Return the mean F1 of the labels."""
        return sum(self.f1) / len(self.f1)

    @property
    def opinions(self) -> float:
        """Return the mean F1 of favor and against, as NLPCC 2016 counts."""
        return (self.f1[0] + self.f1[1]) / 2


def evaluate(model: OpinionModel, examples: Sequence[LabelledOpinion]) -> OpinionScores:
    """Compare a model with labelled examples, each judged by itself."""
    maker = OpinionFeatures()
    chances = model.probabilities([maker.of(e.text, e.target) for e in examples])
    gold = np.array([example.label for example in examples])
    found = chances.argmax(axis=1)
    right = found == gold
    surest = np.argsort(-chances.max(axis=1), kind="stable")[: max(1, len(gold) // 2)]
    shares = []
    for label in range(len(LABELS)):
        both = np.sum(right & (gold == label))
        shares.append(float(2 * both / max(1, np.sum(gold == label) + np.sum(found == label))))
    return OpinionScores(tuple(shares), float(right.mean()), float(right[surest].mean()), len(gold))
