"""Hashed linear models: the native routines equal their readable twins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.native import hashed_linear as native
from reference import hashed_linear as plain

CODES = st.lists(st.integers(0, 2**32 - 1), max_size=20)
SEEDS = st.integers(0, 2**32 - 1)
TEXTS = st.text(st.characters(min_codepoint=1, max_codepoint=0x10FFFF, exclude_categories=["Cs"]))


def codes(values: list[int]) -> np.ndarray:
    return np.array(values, np.uint32)


@given(TEXTS, st.integers(1, 4), SEEDS)
def test_grams(text: str, longest: int, seed: int) -> None:
    points = [ord(c) for c in text]
    found = native.gram_hashes(codes(points), longest, seed)
    assert found.tolist() == plain.gram_hashes(points, longest, seed)


@given(CODES, st.data())
def test_spans(values: list[int], data: st.DataObject) -> None:
    edge = st.integers(0, len(values))
    spans = [tuple(sorted(pair)) for pair in data.draw(st.lists(st.tuples(edge, edge)))]
    array = np.array(spans, np.int32).reshape(-1, 2)
    assert native.span_hashes(codes(values), array).tolist() == plain.span_hashes(values, spans)


@given(CODES, CODES, SEEDS)
def test_pairs(left: list[int], right: list[int], seed: int) -> None:
    found = native.pair_hashes(codes(left), codes(right), seed)
    assert found.tolist() == plain.pair_hashes(left, right, seed)


EXAMPLES = st.lists(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=8), min_size=1)


def joined(examples: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    offsets = np.cumsum([0, *map(len, examples)], dtype=np.int64)
    return codes([f for example in examples for f in example]), offsets


@given(EXAMPLES, st.integers(0, 2**32 - 1))
def test_scores(examples: list[list[int]], seed: int) -> None:
    weights = np.random.default_rng(seed).integers(-999, 999, (8, 3)).astype(np.int16)
    found = native.scores(*joined(examples), weights, 0.01)
    assert np.allclose(found, list(plain.scores(examples, weights.tolist(), 0.01)), atol=1e-3)


@given(EXAMPLES, st.integers(0, 2**32 - 1))
def test_training(examples: list[list[int]], seed: int) -> None:
    random = np.random.default_rng(seed)
    labels = random.integers(0, 3, len(examples)).astype(np.uint8)
    order = random.permutation(len(examples)).astype(np.int64)
    weights, squares = np.zeros((16, 3), np.float32), np.full((16, 3), 0.01, np.float32)
    slow, slow_squares = weights.tolist(), squares.astype(float).tolist()
    native.train_epoch(*joined(examples), labels, order, weights, squares, 0.1, 1e-3, 0.0, 0)
    for number in order.tolist():
        plain.learned(examples[number], int(labels[number]), slow, slow_squares, 0.1, 1e-3)
    assert np.allclose(weights, slow, atol=1e-2)


def test_wrong_arguments_are_refused() -> None:
    features, offsets = joined([[1, 2], [3]])
    with pytest.raises(ValueError, match="power of two"):
        native.scores(features, offsets, np.zeros((3, 3), np.int16), 1.0)
    with pytest.raises(ValueError, match="offsets"):
        native.scores(features, offsets[:-1], np.zeros((4, 3), np.int16), 1.0)
    with pytest.raises(ValueError, match="span"):
        native.span_hashes(features, np.array([[0, 9]], np.int32))
