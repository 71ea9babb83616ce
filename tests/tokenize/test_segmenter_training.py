"""Training a segmenter: what it knows before it starts, and what it makes of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lunheng.native.grams import gram_row
from lunheng.text import fold_table
from lunheng.tokenize import SegmenterModel, Tokenizer
from lunheng.tokenize.codes import ID_BITS, character_codes
from lunheng.tokenize.prior import Prior, frequent_words
from lunheng.tokenize.tokenizer import default_model
from lunheng.tokenize.training import BoundaryText, TrainingSettings, train

LINES = ["漢語 語言 研究", "研究 語言", "漢語 很 難"] * 4


@pytest.fixture(scope="module")
def model() -> SegmenterModel:
    return default_model()


def test_traditional_gold_teaches_the_folded_characters() -> None:
    settings = TrainingSettings(max_grams=300, start_share=0.0)
    tokenizer = Tokenizer(train(BoundaryText.from_words(LINES), {}, settings))
    codes = tokenizer.model.codes
    assert len({int(codes[ord(character)]) for character in "漢語言研究很難"}) == 7
    assert tokenizer.cut("漢語研究") == ["漢語", "研究"]
    assert tokenizer.cut("汉语研究") == ["汉语", "研究"]


@pytest.fixture(scope="module")
def codes() -> NDArray[np.uint16]:
    return character_codes(fold_table(), "界世能智工人龘的们我变改")


@given(units=st.lists(st.sampled_from("人工智能改变世界，我们的龘"), min_size=2, max_size=4))
def test_prior_gives_the_rows_of_the_model_whatever_the_codes(
    model: SegmenterModel, codes: NDArray[np.uint16], units: list[str]
) -> None:
    key = len(units) << 60 - ID_BITS * len(units)
    for character in units:
        key = key << ID_BITS | int(codes[ord(character)])
    theirs = tuple(int(model.codes[ord(character)]) for character in units)
    rows = Prior(model, 0.5).grams(np.array([key], np.uint64), len(units), codes)
    expected = np.zeros(8) if "龘" in units else np.array(gram_row(model.table, theirs)[0])
    assert np.allclose(rows[0], expected * model.scale * 0.5)


def test_prior_gives_the_characters_of_the_model(
    model: SegmenterModel, codes: NDArray[np.uint16]
) -> None:
    rows = Prior(model, 1.0).characters(codes)
    known = model.characters[model.codes[ord("的")]] * model.scale
    assert np.allclose(rows[codes[ord("的")]], known)
    assert np.allclose(rows[codes[ord("7")]], model.characters[model.codes[ord("7")]] * model.scale)


def test_what_gold_lacks_is_taken_from_the_start() -> None:
    gold = BoundaryText.from_words(["我们 改变 世界", "他们 研究 世界"] * 4)
    settings = TrainingSettings(max_grams=60_000)
    assert Tokenizer(train(gold, settings=settings)).cut("人工智能公司") == ["人工智能", "公司"]


def test_gold_of_another_standard_wins() -> None:
    gold = BoundaryText.from_words(["人 工 智 能 改 变 世 界", "我 们 改 变 世 界"] * 20)
    tokenizer = Tokenizer(train(gold, settings=TrainingSettings(max_grams=60_000)))
    assert tokenizer.cut("我们改变世界") == list("我们改变世界")


def test_frequent_words_are_folded_words_of_two_to_four_characters() -> None:
    words = frequent_words()
    fold = fold_table()
    assert len(words) > 100_000
    assert all(2 <= len(word) <= 4 and count > 1 for word, count in words.items())
    assert all(fold[ord(character)] == ord(character) for word in words for character in word)
