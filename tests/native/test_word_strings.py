"""Words as strings are the slices of their text, whatever was kept before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.native.word_strings import WordStrings

KEEPER = WordStrings()
pieces = st.text(st.sampled_from("中国的a\x00é\ud800\U00020000"), min_size=1, max_size=6)


@given(words=st.lists(pieces, max_size=20))
def test_words_are_slices(words: list[str]) -> None:
    text = "".join(words)
    ends = np.cumsum([len(word) for word in words], dtype=np.int32)
    found = KEEPER.words(text, ends)
    assert found == words
    assert [hash(word) for word in found] == [hash(word) for word in words]


def test_words_that_share_a_place_are_told_apart() -> None:
    many = [chr(0x4E00 + n % 5000) + chr(0x4E00 + n // 7) for n in range(20000)]
    ends = np.arange(2, 40001, 2, dtype=np.int32)
    assert KEEPER.words("".join(many), ends) == many


@pytest.mark.parametrize("ends", [[2, 1], [1, 1], [-1], [9]])
def test_ends_outside_the_text_are_refused(ends: list[int]) -> None:
    with pytest.raises(ValueError, match="expected"):
        KEEPER.words("中国人", np.array(ends, np.int32))
