"""A training step follows the gradient of the loss that its twin computes by trying all labels."""

from __future__ import annotations

import numpy as np
import pytest

from lunheng.native.tag_training import train_epoch
from reference.tagging import FORBIDDEN, log_loss

ROWS = np.array([[0, 1], [1, -1], [2, 0], [2, 1]], np.int32)
GOLD = np.array([0, 1, 1, 2], np.uint8)
LABELS = 3


def parameters(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    allowed = np.ones((LABELS + 2, LABELS), np.uint8)
    allowed[2, 0] = 0
    weights = random.normal(size=(3, LABELS)).astype(np.float32)
    return weights, random.normal(size=allowed.shape).astype(np.float32), allowed


def loss_of(weights: np.ndarray, bigrams: np.ndarray, allowed: np.ndarray, margin: float) -> float:
    emitted = [sum(weights[row] for row in rows if row >= 0).tolist() for rows in ROWS]
    bonds = np.where(allowed == 1, bigrams, FORBIDDEN).tolist()
    return log_loss(emitted, bonds, GOLD.tolist(), margin)


def step(
    weights: np.ndarray, bigrams: np.ndarray, allowed: np.ndarray, margin: float, rate: float
) -> None:
    squares, bond_squares = (np.full_like(table, 1e6) for table in (weights, bigrams))
    sequences = np.array([[0, len(GOLD)]], np.int64)
    arguments = (weights, squares, bigrams, bond_squares, allowed)
    train_epoch(ROWS, GOLD, sequences, *arguments, (rate, rate), 0.0, margin, 0.0, 0)


@pytest.mark.parametrize("margin", [0.0, 1.5])
def test_the_step_is_the_gradient(margin: float) -> None:
    weights, bigrams, allowed = parameters(1)
    moved, moved_bigrams = weights.copy(), bigrams.copy()
    step(moved, moved_bigrams, allowed, margin, 1.0)
    for table, after in ((weights, moved), (bigrams, moved_bigrams)):
        for place in np.ndindex(table.shape):
            if table is bigrams and not allowed[place]:
                assert after[place] == table[place]
                continue
            numeric = 0.0
            for sign in (1, -1):
                table[place] += np.float32(sign * 1e-2)
                numeric -= sign * loss_of(weights, bigrams, allowed, margin) / 2e-2
                table[place] -= np.float32(sign * 1e-2)
            # Every feature that is there twice moves twice, each time by its own position's share.
            assert 1000 * (after[place] - table[place]) == pytest.approx(numeric, abs=2e-2)


def test_training_learns_what_is_given() -> None:
    weights, bigrams, allowed = parameters(2)
    before = loss_of(weights, bigrams, allowed, 0.0)
    squares, bond_squares = np.zeros_like(weights), np.zeros_like(bigrams)
    sequences = np.array([[0, len(GOLD)]], np.int64)
    for seed in range(30):
        arguments = (weights, squares, bigrams, bond_squares, allowed)
        train_epoch(ROWS, GOLD, sequences, *arguments, (0.3, 0.3), 0.0, 0.0, 0.2, seed)
    assert loss_of(weights, bigrams, allowed, 0.0) < before / 5


def test_labels_are_checked() -> None:
    weights, bigrams, allowed = parameters(3)
    sequences = np.array([[0, 4]], np.int64)
    tables = (weights, weights, bigrams, bigrams, allowed)
    with pytest.raises(ValueError, match="expected labels below 3, found 9"):
        train_epoch(ROWS, GOLD + np.uint8(7), sequences, *tables, (0.1, 0.1), 0.0, 0.0, 0.0, 0)
    with pytest.raises(ValueError, match="sequence 0 lies outside"):
        train_epoch(ROWS, GOLD, sequences + 1, *tables, (0.1, 0.1), 0.0, 0.0, 0.0, 0)
