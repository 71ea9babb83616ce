"""Native labelling equals its twin: the features, and the best of all label sequences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.native.tagging import LabelScorer, hash_features
from reference import tagging as twin

TEMPLATES = [[(0, 0)], [(0, -1), (1, 0)], [(1, 1)], [(0, -2), (0, 0), (0, 2)]]
PARTS = np.array([part for template in TEMPLATES for part in template], np.int32)
ENDS = np.cumsum([len(template) for template in TEMPLATES]).astype(np.int32)
VALUES = st.sampled_from([0, 1, 2, 97, 0x4E00, 0x1F600, 0xFFFFFFFF])


@st.composite
def columns(draw: st.DrawFn, longest: int) -> list[list[int]]:
    length = draw(st.integers(1, longest))
    row = st.lists(VALUES, min_size=length, max_size=length)
    return [draw(row), draw(row)]


def hash_alone(sequence: list[list[int]]) -> list[list[int]]:
    length = len(sequence[0])
    offsets = np.array([0, length], np.int64)
    return hash_features(np.array(sequence, np.uint32), offsets, PARTS, ENDS).tolist()


@given(columns(12))
def test_features_equal_their_twin(sequence: list[list[int]]) -> None:
    assert hash_alone(sequence) == twin.features(sequence, TEMPLATES)


@given(st.lists(columns(4), min_size=1, max_size=4))
def test_sequences_do_not_see_one_another(sequences: list[list[list[int]]]) -> None:
    joined = np.concatenate([np.array(s, np.uint32) for s in sequences], axis=1)
    offsets = np.cumsum([0, *(len(s[0]) for s in sequences)]).astype(np.int64)
    together = hash_features(np.ascontiguousarray(joined), offsets, PARTS, ENDS).tolist()
    assert together == [row for sequence in sequences for row in hash_alone(sequence)]


@given(columns(5), st.integers(1, 3), st.data())
def test_labels_score_best(sequence: list[list[int]], n: int, data: st.DataObject) -> None:
    found = twin.features(sequence, TEMPLATES)
    known = sorted({feature for row in found for feature in row if feature})
    weight = st.integers(-127, 127)
    rows = data.draw(
        st.lists(st.lists(weight, min_size=n, max_size=n), min_size=len(known), max_size=len(known))
    )
    bond = st.integers(-500, 500) | st.just(twin.FORBIDDEN)
    bigrams = data.draw(
        st.lists(st.lists(bond, min_size=n, max_size=n), min_size=n + 2, max_size=n + 2)
    )
    scorer = LabelScorer(
        PARTS,
        ENDS,
        2,
        np.array(known, np.uint32),
        np.array(rows, np.int8).reshape(len(known), n),
        np.array(bigrams, np.int16),
    )
    offsets = np.array([0, len(sequence[0])], np.int64)
    labels = scorer.labels(np.array(sequence, np.uint32), offsets).tolist()
    emitted = twin.emissions(found, dict(zip(known, rows, strict=True)), n)
    assert max(labels) < n
    assert twin.score(labels, emitted, bigrams) == twin.best_score(emitted, bigrams)


def test_a_long_sequence_stays_exact() -> None:
    length = 200_000
    bigrams = np.array([[32000, 31999], [31999, 32000], [0, 5], [0, 0]], np.int16)
    rows = np.array([[100, 101]], np.int8)
    known = np.array(hash_alone([[7], [0]])[0][:1], np.uint32)
    scorer = LabelScorer(PARTS, ENDS, 2, known, rows, bigrams)
    values = np.stack([np.full(length, 7, np.uint32), np.zeros(length, np.uint32)])
    labels = scorer.labels(np.ascontiguousarray(values), np.array([0, length], np.int64))
    assert labels.all()


@pytest.mark.parametrize(
    ("parts", "ends", "message"),
    [
        ([(2, 0)], [1], "expected a column below 2, found 2"),
        ([(0, 0)], [2], "expected 1 parts in the templates, found 2"),
        ([(0, 0)], [0, 1], "template 0 has no part"),
    ],
)
def test_templates_are_checked(parts: list[tuple[int, int]], ends: list[int], message: str) -> None:
    values = np.zeros((2, 1), np.uint32)
    with pytest.raises(ValueError, match=message):
        hash_features(
            values,
            np.array([0, 1], np.int64),
            np.array(parts, np.int32),
            np.array(ends, np.int32),
        )


def test_offsets_must_end_where_the_positions_do() -> None:
    with pytest.raises(ValueError, match="offsets of sequences from 0 to 3"):
        hash_features(np.zeros((2, 3), np.uint32), np.array([0, 2], np.int64), PARTS, ENDS)


def test_a_feature_cannot_have_two_rows() -> None:
    twice, rows = np.array([5, 5], np.uint32), np.zeros((2, 1), np.int8)
    with pytest.raises(ValueError, match="feature 1 is there twice"):
        LabelScorer(PARTS, ENDS, 2, twice, rows, np.zeros((3, 1), np.int16))
