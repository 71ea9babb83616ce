"""The native bigram table equals its twin, on every width of str."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lunheng.native.bigrams import BigramTable
from reference.bigrams import Bigrams

ALPHABET = "ab\xe9論衡论𠮷🐉"
TEXT = st.text(st.sampled_from(ALPHABET + "z水\U0002f800"), max_size=30)
# Exact in a float, so that sums may be compared for equality.
SCORES = st.integers(-400, 0).map(lambda n: n / 16)
NUMBERS_BY_CODE = np.zeros(0x110000, np.uint32)
NUMBERS_BY_CODE[[ord(char) for char in ALPHABET]] = range(1, len(ALPHABET) + 1)
NUMBERS = st.integers(0, len(ALPHABET))


@st.composite
def twins(draw: st.DrawFn) -> tuple[BigramTable, Bigrams]:
    """Draw a model, in both forms."""
    size = len(ALPHABET) + 1
    unigram = draw(st.lists(SCORES, min_size=size, max_size=size))
    gain = draw(st.dictionaries(st.tuples(NUMBERS, NUMBERS), SCORES, max_size=40))
    number = {char: i for i, char in enumerate(ALPHABET, 1)}
    pairs = sorted(gain)
    table = BigramTable(
        NUMBERS_BY_CODE,
        np.array(unigram, np.float32),
        np.array([first * size + second for first, second in pairs], np.uint32),
        np.array([gain[pair] for pair in pairs], np.float32),
    )
    return table, Bigrams(number, dict(enumerate(unigram)), gain)


@given(twins(), TEXT)
def test_scores_are_the_twins(models: tuple[BigramTable, Bigrams], text: str) -> None:
    native, plain = models
    assert native.scores(text).tolist() == plain.scores(text)


@settings(max_examples=5)
@given(twins())
def test_a_pickled_table_scores_the_same(models: tuple[BigramTable, Bigrams]) -> None:
    native, plain = models
    assert pickle.loads(pickle.dumps(native)).scores(ALPHABET).tolist() == plain.scores(ALPHABET)


@given(twins(), st.sampled_from(["", *ALPHABET, "z"]), TEXT)
def test_candidates_score_as_the_twins(
    models: tuple[BigramTable, Bigrams], previous: str, candidates: str
) -> None:
    native, plain = models
    wanted = [plain.after(previous, char) for char in candidates]
    assert native.following(previous, candidates) == pytest.approx(wanted)
