"""Hashed features and a linear model over them, in plain Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, sqrt

START = 0x811C9DC5
WORD = 0xFFFFFFFF


def stirred(h: int, value: int) -> int:
    h = ((h ^ value) * 0x9E3779B1) & WORD
    return h ^ (h >> 15)


def finished(h: int) -> int:
    h ^= h >> 16
    h = (h * 0x85EBCA6B) & WORD
    h ^= h >> 13
    h = (h * 0xC2B2AE35) & WORD
    return h ^ (h >> 16)


def hashed(values: Sequence[int]) -> int:
    h = START
    for value in values:
        h = stirred(h, value)
    return finished(h)


def gram_hashes(codes: Sequence[int], longest: int, seed: int) -> list[int]:
    """Return the hashes of all runs of 1 to ``longest`` codes, in order of their start."""
    return [
        hashed([seed, *codes[start:end], end - start])
        for start in range(len(codes))
        for end in range(start + 1, min(start + longest, len(codes)) + 1)
    ]


def span_hashes(codes: Sequence[int], spans: Sequence[tuple[int, int]]) -> list[int]:
    """Return one hash a span of codes."""
    return [hashed(codes[start:end]) for start, end in spans]


def pair_hashes(left: Sequence[int], right: Sequence[int], seed: int) -> list[int]:
    """Return the hashes of all pairs of a feature of each side."""
    return [hashed([seed, a, b]) for a in left for b in right]


def scores(
    examples: Sequence[Sequence[int]], weights: Sequence[Sequence[int]], scale: float
) -> Iterator[list[float]]:
    """Yield the score of every class for each example."""
    for features in examples:
        rows = [weights[feature % len(weights)] for feature in features]
        total = [sum(row[y] for row in rows) for y in range(len(weights[0]))]
        yield [scale * value / sqrt(max(1, len(features))) for value in total]


def learned(
    features: Sequence[int],
    label: int,
    weights: list[list[float]],
    squares: list[list[float]],
    rate: float,
    decay: float,
) -> None:
    """Change weights by one example: a step of AdaGrad against the log loss."""
    rows = [feature % len(weights) for feature in features]
    norm = 1 / sqrt(len(rows))
    classes = range(len(weights[0]))
    value = [norm * sum(weights[row][y] for row in rows) for y in classes]
    total = sum(exp(v) for v in value)
    errors = [(exp(value[y]) / total - (y == label)) * norm for y in classes]
    for row in rows:
        for y in classes:
            gradient = errors[y] + decay * weights[row][y]
            squares[row][y] += gradient * gradient
            weights[row][y] -= rate * gradient / sqrt(squares[row][y])
