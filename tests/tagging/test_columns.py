"""Columns: the same word has the same values wherever it stands and however it is written."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lunheng.tagging.columns import Alphabet, CharacterColumns, WordColumns
from lunheng.tagging.templates import COLUMNS, TEMPLATES, View, compiled

WORD = st.text("騰腾讯科a9。𠮷", min_size=1, max_size=4)


def spans_of(words: list[str]) -> np.ndarray:
    ends = np.cumsum([len(word) for word in words], dtype=np.int32)
    return np.stack([ends - [len(word) for word in words], ends], axis=1).astype(np.int32)


@given(st.lists(WORD, min_size=1, max_size=6))
def test_equal_words_have_equal_hashes(words: list[str]) -> None:
    alphabet = Alphabet()
    text = "".join(words)
    hashes = alphabet.words(alphabet.read(text)[0], spans_of(words)).tolist()
    for word, hashed in zip(words, hashes, strict=True):
        alone = alphabet.words(alphabet.read(word)[0], spans_of([word])).tolist()
        assert alone == [hashed]
        assert hashed > 1


def test_words_differ_by_order_and_length() -> None:
    alphabet = Alphabet()
    words = ["上海", "海上", "海", "海海", "海海海"]
    hashes = alphabet.words(alphabet.read("".join(words))[0], spans_of(words))
    assert len(set(hashes.tolist())) == len(words)


def test_classes_of_words_are_found_in_either_script() -> None:
    columns = WordColumns({"腾讯": "firm", "很": "adverb"})
    words = ["騰訊", "很", "腾"]
    classes = columns.of("".join(words), spans_of(words))[COLUMNS["words"].index("class")]
    assert classes.tolist() == [3, 2, 0]


def test_known_phrases_are_marked_and_respect_words() -> None:
    columns = CharacterColumns({"印度": "place", "星河科技": "firm"})
    row = COLUMNS["characters"].index("class")

    def classes(*words: str) -> list[int]:
        return columns.of("".join(words), spans_of(list(words)))[row].tolist()

    assert classes("在", "星河", "科技") == [0, 4, 5, 5, 6]
    assert classes("印度", "的") == [8, 10, 0]
    assert classes("印度尼西亚") == [0] * 5


def test_every_view_has_its_columns() -> None:
    words = ["星河", "发布", "A1", "。"]
    makers = {"words": WordColumns({}), "characters": CharacterColumns({})}
    for view, maker in makers.items():
        name: View = "words" if view == "words" else "characters"
        columns = maker.of("".join(words), spans_of(words))
        assert len(columns) == len(COLUMNS[name])
        parts, _ = compiled(name, TEMPLATES[name])
        assert parts[:, 0].max() < len(columns)
