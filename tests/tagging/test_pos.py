"""The part-of-speech model that is shipped: what it knows, and that it says its licence."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from lunheng.contracts import UNIVERSAL_TAGS
from lunheng.errors import UsageError
from lunheng.tagging import Tagger, default_tagger
from lunheng.tokenize import Tokenizer


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return default_tagger()


def tags(tagger: Tagger, text: str) -> Sequence[str]:
    return tagger.tags(text, Tokenizer().spans(text))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("他 买 了 三 本 书 。", "PRON VERB AUX NUM NOUN NOUN PUNCT"),
        ("李明 和 王芳 去 了 上海", "PROPN CCONJ PROPN VERB AUX PROPN"),
        ("公司 发布 了 产品", "NOUN VERB AUX NOUN"),
    ],
)
def test_plain_sentences(tagger: Tagger, words: str, expected: str) -> None:
    ends = np.cumsum([len(word) for word in words.split()], dtype=np.int32)
    spans = np.stack([np.concatenate([[0], ends[:-1]]), ends], axis=1).astype(np.int32)
    assert tagger.tags(words.replace(" ", ""), spans) == tuple(expected.split())


def test_either_script_is_tagged_alike(tagger: Tagger) -> None:
    assert tags(tagger, "我們認為這個觀點是錯的。") == tags(tagger, "我们认为这个观点是错的。")


def test_labels_are_universal(tagger: Tagger) -> None:
    assert set(tagger.model.labels) <= UNIVERSAL_TAGS


def test_the_model_says_its_licence(tagger: Tagger) -> None:
    assert tagger.model.provenance["licence"] == "CC-BY-SA-4.0"


def test_threads_agree(tagger: Tagger) -> None:
    texts = ["他在北京买了三本书。" * n for n in range(1, 40)]
    expected = [tags(tagger, text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(lambda text: tags(tagger, text), texts)] == expected


def test_the_tokenizer_tags(tagger: Tagger) -> None:
    tagged = Tokenizer().tag("他买了书。")
    assert tagged[0] == ("他", "PRON")
    assert [word for word, _ in tagged] == Tokenizer().cut("他买了书。")
    assert tagged.tags() == tags(tagger, "他买了书。")


def test_overlapping_words_are_not_tagged() -> None:
    with pytest.raises(UsageError, match="expected the mode 'default'"):
        Tokenizer(mode="search").tag("人工智能改变世界")


def test_an_empty_text_has_no_words(tagger: Tagger) -> None:
    assert tags(tagger, "") == ()
