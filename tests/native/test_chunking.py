"""The native cutter of phrases equals its twin, with the classes that the stance stage uses."""

from __future__ import annotations

import pickle
from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.native.chunking import PhraseCutter, WordClasses
from lunheng_plugins.stance.lexicon import Lexicon
from reference.chunking import PhraseCutter as Plain

CLASSES = Lexicon.load().words.classes
WORDS = st.sampled_from(
    [
        *("大模型", "应用", "显卡", "开源", "便宜", "贵", "GPU", "a", "𠮷", "判断", "决定", "认为"),
        *("觉得", "这个", "这样", "两家", "之地", "20%", "十年", " ", "\u3000", "\n"),
        *"很不说的之、，这那一三3个条项些上里后时去来出掉了吧真对在有是某种“",
    ]
)
TAGS = st.sampled_from(("NOUN", "VERB", "ADJ", "NUM", "DET", "PART", "ADP", "PUNCT", "X", "ADV"))


@given(st.lists(st.tuples(WORDS, TAGS), max_size=25), st.booleans(), st.integers(2, 16), st.data())
def test_phrases(
    tagged: list[tuple[str, str]], given_tags: bool, longest: int, data: st.DataObject
) -> None:
    text = "".join(word for word, _ in tagged)
    spans = list(pairwise(accumulate((len(word) for word, _ in tagged), initial=0)))
    tags = tuple(tag for _, tag in tagged) if given_tags else None
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    cutter = PhraseCutter(
        pickle.loads(pickle.dumps(CLASSES)),
        text,
        np.array(spans, np.int32).reshape(-1, 2),
        tags,
        longest,
    )
    twin = Plain(CLASSES.classes, text, spans, tags, longest)
    assert cutter.within(start, end) == twin.within(start, end)


def test_words_outside_the_text_and_missing_tags_are_refused() -> None:
    classes = WordClasses({"的": 8})
    with pytest.raises(ValueError, match=r"within 2 code points, found word 0 \[0, 3\)"):
        PhraseCutter(classes, "甲乙", np.array([[0, 3]], np.int32), None, 16)
    with pytest.raises(ValueError, match="expected 1 tags, found 0"):
        PhraseCutter(classes, "甲乙", np.array([[0, 2]], np.int32), (), 16)
