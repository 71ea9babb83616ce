"""Hashed features, and the likeliest chain of labels by trying all: the twin of native.tagging."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product

GOLDEN, ODD, MASK = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, (1 << 64) - 1
EDGE, FORBIDDEN = 1, -32768

Template = Sequence[tuple[int, int]]


def hashed(template: int, values: Sequence[int]) -> int:
    """Return the feature of a template with these values; 0 where one of them is nothing."""
    mixed = (template + 1) * GOLDEN & MASK
    for value in values:
        if value == 0:
            return 0
        mixed = (mixed ^ value) * ODD & MASK
        mixed ^= mixed >> 32
    return (mixed * GOLDEN & MASK) >> 32 or 1


def features(columns: Sequence[Sequence[int]], templates: Sequence[Template]) -> list[list[int]]:
    """Return the features of every position of one sequence."""
    length = len(columns[0])

    def value(column: int, place: int) -> int:
        return columns[column][place] if 0 <= place < length else EDGE

    return [
        [
            hashed(number, [value(column, at + offset) for column, offset in template])
            for number, template in enumerate(templates)
        ]
        for at in range(length)
    ]


def score(
    labels: Sequence[int],
    emitted: Sequence[Sequence[float]],
    bigrams: Sequence[Sequence[float]],
) -> float:
    """Return the score of a sequence of labels; minus infinity where a bigram is forbidden."""
    n = len(bigrams[0])
    before = [n, *labels[:-1]]
    bonds = [bigrams[a][b] for a, b in zip(before, labels, strict=True)]
    bonds.append(bigrams[n + 1][labels[-1]])
    if FORBIDDEN in bonds:
        return -math.inf
    return sum(row[label] for row, label in zip(emitted, labels, strict=True)) + sum(bonds)


def emissions(
    found: Sequence[Sequence[int]], weights: Mapping[int, Sequence[int]], n: int
) -> list[list[int]]:
    """Return the sums of the weights of every position's features."""
    nothing = [0] * n
    return [
        [sum(weights.get(feature, nothing)[label] for feature in row) for label in range(n)]
        for row in found
    ]


def best_score(emitted: Sequence[Sequence[float]], bigrams: Sequence[Sequence[float]]) -> float:
    """Return the score of the best sequence of labels."""
    every = product(range(len(bigrams[0])), repeat=len(emitted))
    return max(score(labels, emitted, bigrams) for labels in every)


def log_loss(
    emitted: Sequence[Sequence[float]],
    bigrams: Sequence[Sequence[float]],
    gold: Sequence[int],
    margin: float,
) -> float:
    """Return minus the log likelihood of the gold labels, wrong ones scoring a margin more."""
    totals = []
    for labels in product(range(len(bigrams[0])), repeat=len(emitted)):
        wrong = sum(a != b for a, b in zip(labels, gold, strict=True))
        totals.append(score(labels, emitted, bigrams) + margin * wrong)
    peak = max(totals)
    partition = peak + math.log(sum(math.exp(total - peak) for total in totals))
    return partition - score(gold, emitted, bigrams)
