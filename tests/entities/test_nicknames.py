"""Nicknames, announced names, names by the tagger: where people act, not in plain words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lunheng.documents import Document
from lunheng.text import OffsetMap
from lunheng.tokenize import Tokenizer
from lunheng_plugins.entities.rules import RuleExtractor, RulesSettings


@pytest.fixture(scope="module")
def extractor() -> RuleExtractor:
    return RuleExtractor(RulesSettings())


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer()


def names(extractor: RuleExtractor, tokenizer: Tokenizer, text: str, type_: str) -> set[str]:
    document = Document("d", text, text, OffsetMap.identity(len(text)))
    found = extractor.mentions(replace(document, tokens=tokenizer.spans(text)))
    return {mention.text for mention in found if mention.type == type_}


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("阿敏说她不去，大鹏觉得也好。", {"阿敏", "大鹏"}),
        ("网友“晚风不冷”留言，读者「爱吃鱼的猫」也同意。", {"晚风不冷", "爱吃鱼的猫"}),
        ("谢谢@半夏 的提醒", {"半夏"}),
        ("小鸟飞走了，老师说大家都好，阿姨笑了。", set()),
        ("记者 闻人澜报道，创始人禹知秋表示要继续。", {"闻人澜", "禹知秋"}),
        ("员工周休两天，用户关系管理很重要。", set()),
        ("桓总：不会降价。", {"桓总"}),
    ],
)
def test_persons(
    extractor: RuleExtractor, tokenizer: Tokenizer, text: str, persons: set[str]
) -> None:
    assert names(extractor, tokenizer, text, "PERSON") == persons


def test_the_tagger_finds_what_no_list_has(extractor: RuleExtractor, tokenizer: Tokenizer) -> None:
    text = "昨天，柳若溪在会上告诉大家，她和郑一帆已经离开公司。"
    assert names(extractor, tokenizer, text, "PERSON") == {"柳若溪", "郑一帆"}


def test_kinds_of_firms_are_no_firms(extractor: RuleExtractor, tokenizer: Tokenizer) -> None:
    text = "大公司和科技公司都在招人，创业公司也是。"
    assert names(extractor, tokenizer, text, "ORG") == set()
