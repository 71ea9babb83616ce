"""Phrases of whole tokens, and frequent n-grams of tokens, are those of the tokenizer given."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.errors import UsageError
from lunheng.index import NgramIndex
from lunheng.text import fold

TEXTS = ("印度尼西亚和印度", "印度的模型", "印度尼西亚", "開源 開源模型")
WORDS = re.compile(r"印度尼西亚|印度|開源|模型|\S")


@pytest.fixture
def index(tmp_path_factory: pytest.TempPathFactory) -> NgramIndex:
    with NgramIndex.create(tmp_path_factory.mktemp("tokens") / "index") as index:
        for text in TEXTS:
            index.add(text)
            index.commit()
    return NgramIndex.open(index.path)


def test_a_word_within_another_does_not_count(index: NgramIndex) -> None:
    assert index.count("印度") == 4
    assert index.count("印度", tokenizer=WORDS.findall) == 2
    assert index.docs("印度", tokenizer=WORDS.findall).tolist() == [0, 1]
    ids, starts = index.positions("印度", tokenizer=WORDS.findall)
    assert (ids.tolist(), starts.tolist()) == ([0, 1], [6, 0])
    lines = index.kwic("印度", 2, 1, tokenizer=WORDS.findall)
    assert [(line.id, line.left, line.match) for line in lines] == [(0, "亚和", "印度")]


def test_a_phrase_may_be_several_tokens(index: NgramIndex) -> None:
    assert index.count("开源模型", tokenizer=WORDS.findall) == 1
    assert index.count("源模", tokenizer=WORDS.findall) == 0


@given(
    texts=st.lists(st.text(st.sampled_from("大模型開源 ，"), max_size=20), min_size=1, max_size=5),
    n_min=st.integers(1, 3),
    more=st.integers(0, 2),
    k=st.integers(1, 30),
    letters=st.booleans(),
)
def test_frequent_ngrams_of_tokens(
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[str],
    n_min: int,
    more: int,
    k: int,
    letters: bool,
) -> None:
    with NgramIndex.create(tmp_path_factory.mktemp("index")) as index:
        index.add_many(texts)
        index.commit()
        words = re.compile(r"大模|开源|.", re.DOTALL)
        counts: Counter[tuple[str, ...]] = Counter()
        for text in texts:
            for run in re.split(r"[\s，]+" if letters else r"\s+", text):
                tokens = [fold(token) for token in words.findall(run)]
                for n in range(n_min, n_min + more + 1):
                    counts.update(zip(*(tokens[i:] for i in range(n)), strict=False))
        expected = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:k]
        assert index.top_tokens(words.findall, n_min, n_min + more, k, letters=letters) == expected


def test_a_tokenizer_that_changes_the_text_is_refused(index: NgramIndex) -> None:
    with pytest.raises(UsageError, match="which the text does not have"):
        index.count("印度", tokenizer=lambda text: [text + "。"])
