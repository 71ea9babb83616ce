"""Native columns equal their twin, on every width of text; what does not fit is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.native.columns import character_columns
from lunheng.tagging.columns import Alphabet
from reference import columns as twin

WORDS = st.lists(st.text("騰a9。𠮷é", min_size=1, max_size=5), min_size=1, max_size=6)
ALPHABET = Alphabet()


def spans_of(words: list[str]) -> np.ndarray:
    ends = np.cumsum([len(word) for word in words], dtype=np.int32)
    return np.stack([ends - [len(word) for word in words], ends], axis=1).astype(np.int32)


@given(WORDS)
def test_columns_equal_their_twin(words: list[str]) -> None:
    points, types = ALPHABET.read("".join(words))
    spans = spans_of(words)
    hashes = ALPHABET.words(points, spans)
    expected = twin.character_columns(points.tolist(), types.tolist(), spans.tolist())
    assert hashes.tolist() == [twin.word_hash(points[s:e].tolist()) for s, e in spans.tolist()]
    assert character_columns(points, types, spans, hashes).tolist() == expected


@pytest.mark.parametrize("words", [[(0, 1)], [(0, 1), (2, 3)], [(0, 4)], [(1, 3)]])
def test_words_must_cover_the_text(words: list[tuple[int, int]]) -> None:
    points, types = ALPHABET.read("甲乙丙")
    spans = np.array(words, np.int32)
    with pytest.raises(ValueError, match=r"adjoin|cover"):
        character_columns(points, types, spans, np.zeros(len(words), np.uint32))


def test_words_lie_within_the_text() -> None:
    points, _ = ALPHABET.read("甲乙丙")
    with pytest.raises(ValueError, match="outside"):
        ALPHABET.words(points, np.array([[2, 4]], np.int32))
