"""The built-in extractor: names, their types and canonical names, in both scripts."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.documents import Block, Document, Turn
from lunheng.text import OffsetMap
from lunheng_plugins.entities.rules import RuleExtractor, RulesSettings

EXTRACTOR = RuleExtractor(RulesSettings())


def document(text: str, words: str | None = None, **fields: object) -> Document:
    """Return a document; ``words`` is the text cut by spaces."""
    tokens = None
    if words is not None:
        lengths = np.cumsum([0, *map(len, words.split(" "))])
        tokens = np.stack([lengths[:-1], lengths[1:]], axis=1).astype(np.int32)
    source_map = OffsetMap.identity(len(text))
    return Document("d", text, text, source_map, tokens=tokens, **fields)  # type: ignore[arg-type]


def found(text: str, type_: str, words: str | None = None) -> list[tuple[str, str]]:
    mentions = EXTRACTOR.mentions(document(text, words))
    return [(m.text, m.name) for m in mentions if m.type == type_]


def test_both_scripts_bear_one_name() -> None:
    assert found("騰訊和腾讯,微軟", "ORG") == [("騰訊", "腾讯"), ("腾讯", "腾讯"), ("微軟", "微软")]


def test_products_take_their_version() -> None:
    assert [text for text, _ in found("从GPT-4到Llama 3.1,再到文心一言4.0", "PRODUCT")] == [
        "GPT-4",
        "Llama 3.1",
        "文心一言4.0",
    ]


def test_a_name_is_not_a_piece_of_a_word() -> None:
    assert found("openair", "ORG") == []
    assert ("北大", "北京大学") not in found("在北大荒种地", "ORG", "在 北大荒 种地")


def test_titles_resolve_to_the_only_person_of_that_surname() -> None:
    assert found("马斯克说,雷军来了。雷总笑了", "PERSON") == [
        ("马斯克", "埃隆·马斯克"),
        ("雷军", "雷军"),
        ("雷总", "雷军"),
    ]


def test_foreign_names_and_their_parts() -> None:
    text = "哈维尔·莫拉莱斯到了。莫拉莱斯说"
    assert found(text, "PERSON") == [
        ("哈维尔·莫拉莱斯", "哈维尔·莫拉莱斯"),
        ("莫拉莱斯", "哈维尔·莫拉莱斯"),
    ]


def test_labels_of_turns_are_names() -> None:
    text = "林若海:你好\n南湖财经:请讲"
    turns = (Turn("林若海", 4, 6, 0, 4), Turn("南湖财经", 12, 14, 7, 12))
    mentions = EXTRACTOR.mentions(document(text, turns=turns))
    assert [(m.text, m.type) for m in mentions] == [("林若海", "PERSON"), ("南湖财经", "ORG")]


def test_organisations_by_suffix() -> None:
    assert found("他在南湖大学读书", "ORG", "他 在 南湖 大学 读书") == [("南湖大学", "南湖大学")]
    assert found("他上了重点大学", "ORG", "他 上 了 重点 大学") == []


def test_titles_of_works() -> None:
    assert found("他写了《云上的河》", "WORK") == [("《云上的河》", "云上的河")]


def test_furniture_is_passed_over() -> None:
    text = "腾讯\n腾讯"
    blocks = (Block("paragraph", 0, 2), Block("furniture", 3, 5))
    assert [m.start for m in EXTRACTOR.mentions(document(text, blocks=blocks))] == [0]


def test_the_user_has_the_last_word(tmp_path: Path) -> None:
    names = tmp_path / "names.toml"
    names.write_text(
        'ignore = ["谷歌"]\n[[name]]\nname = "星河"\ntype = "ORG"\naliases = ["小米"]\n', "utf-8"
    )
    extractor = RuleExtractor(RulesSettings(names=(str(names),)))
    mentions = extractor.mentions(document("谷歌与小米"))
    assert [(m.text, m.name, m.type) for m in mentions] == [("小米", "星河", "ORG")]


@given(
    st.text(
        st.sampled_from("腾讯李王总说在的《》年月日1234567890.%万亿元个a-GPT 𠮷\n·:"), max_size=60
    )
)
def test_mentions_are_sorted_and_apart(text: str) -> None:
    mentions = EXTRACTOR.mentions(document(text))
    ends = [0, *(m.end for m in mentions)]
    for mention, end in zip(mentions, ends, strict=False):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.text == text[mention.start : mention.end]
        assert mention.text.strip() == mention.text


def test_a_pickled_extractor_finds_the_same() -> None:
    text = document("雷军在2021年6月说,小米花了100亿元。")
    copy = pickle.loads(pickle.dumps(EXTRACTOR))
    assert copy.mentions(text) == EXTRACTOR.mentions(text)


@pytest.mark.parametrize("text", ["", "\n", "。"])
def test_nothing_in_nothing(text: str) -> None:
    assert EXTRACTOR.mentions(document(text)) == []
