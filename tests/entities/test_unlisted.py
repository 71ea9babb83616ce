"""Names no list has: by bylines, by what announces them, by what stands around them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lunheng.documents import Document
from lunheng.text import OffsetMap
from lunheng.text.structure import blocks
from lunheng.tokenize import Tokenizer
from lunheng_plugins.entities.rules import RuleExtractor, RulesSettings


@pytest.fixture(scope="module")
def extractor() -> RuleExtractor:
    return RuleExtractor(RulesSettings())


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer()


def found(extractor: RuleExtractor, tokenizer: Tokenizer, text: str) -> set[tuple[str, str]]:
    document = Document("d", text, text, OffsetMap.identity(len(text)), blocks=blocks(text))
    mentions = extractor.mentions(replace(document, tokens=tokenizer.spans(text)))
    return {(mention.text, mention.type) for mention in mentions}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("作者丨柳半夏\n正文开始了，今天没有别的。", {("柳半夏", "PERSON")}),
        ("撰文/柳半夏 插畫:肥鳥", {("柳半夏", "PERSON"), ("肥鳥", "PERSON")}),
        ("来源：竹影观察", {("竹影观察", "ORG")}),
        ("出品丨竹影之外\n竹影之外的编辑说，不是。", {("竹影之外", "ORG")}),
        ("文章写完了，（采访：柳半夏 校对：米酒）", {("柳半夏", "PERSON"), ("米酒", "PERSON")}),
        ("作者：我觉得不是这样，你说呢？他没有回答。", set()),
    ],
)
def test_bylines(
    extractor: RuleExtractor, tokenizer: Tokenizer, text: str, names: set[tuple[str, str]]
) -> None:
    got = {pair for pair in found(extractor, tokenizer, text) if pair[1] in ("PERSON", "ORG")}
    assert got == names


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("昨天云鹭3.0降价了。", "云鹭3.0"),
        ("他们发布了霁光大模型。", "霁光大模型"),
        ("公司靠一款叫问问通的物流助手活了下来。", "问问通"),
        ("他们上线了Whistler，用户不少，Whistler 模型也开源了。", "Whistler"),
        ("开源项目AlphaHeron很火。", "AlphaHeron"),
        ("客服机器人阿满签下了医院。", "阿满"),
        ("车型霁岚K9卖得不好。", "霁岚K9"),
        ("该公司推出的霁写助手有人用。", "霁写助手"),
        ("鹭鸣一号去年量产，鹭鸣二号还没有。", "鹭鸣二号"),
        ("小岚由青屿智能开发，会说方言。", "小岚"),
    ],
)
def test_products(extractor: RuleExtractor, tokenizer: Tokenizer, text: str, product: str) -> None:
    assert (product, "PRODUCT") in found(extractor, tokenizer, text)


@pytest.mark.parametrize(
    "text",
    [
        "第3名拿了2.0分",
        "拆掉旧机房，最心疼什么",
        "搞得特别装13",
        "小模型“底子太薄”",
        "买了八张H900",
    ],
)
def test_no_products(extractor: RuleExtractor, tokenizer: Tokenizer, text: str) -> None:
    assert not {pair for pair in found(extractor, tokenizer, text) if pair[1] == "PRODUCT"}


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("上月底，岸边数据宣布开源。", "岸边数据"),
        ("——易小舟，山海机器人创始人", "山海机器人"),
        ("一家叫Tidewater的公司融资了，Tidewater团队很小。", "Tidewater"),
        ("霁岚工坊的创始人不来。", "霁岚工坊"),
        ("青屿之外成立于2019年。", "青屿之外"),
        ("另一家是青屿纪元，四十多人的小店。", "青屿纪元"),
        ("我们很感谢DeepSeek。", "DeepSeek"),
        ("那家公司叫霁界，做机器人。", "霁界"),
        ("收购波音公司的传闻。", "波音公司"),
    ],
)
def test_firms(extractor: RuleExtractor, tokenizer: Tokenizer, text: str, firm: str) -> None:
    assert (firm, "ORG") in found(extractor, tokenizer, text)


def test_a_firm_known_by_its_product_is_one_where_it_acts(
    extractor: RuleExtractor, tokenizer: Tokenizer
) -> None:
    assert ("DeepSeek", "PRODUCT") in found(extractor, tokenizer, "我用DeepSeek写代码。")
    assert ("DeepSeek", "ORG") in found(extractor, tokenizer, "谷歌和DeepSeek都没说话。")


def test_a_first_name_alone_is_a_person_who_acts(
    extractor: RuleExtractor, tokenizer: Tokenizer
) -> None:
    text = "经理Marcus来了，Marcus没有说话。"
    assert found(extractor, tokenizer, text) == {("Marcus", "PERSON")}
    assert found(extractor, tokenizer, "Grace这个词不好译。") == set()


def test_a_service_among_firms_is_used(extractor: RuleExtractor, tokenizer: Tokenizer) -> None:
    assert ("知乎", "PRODUCT") in found(extractor, tokenizer, "他在知乎上写道，OpenAI不行。")
    assert ("知乎", "ORG") in found(extractor, tokenizer, "知乎宣布裁员，OpenAI没有。")


def test_glosses_are_no_second_mention(extractor: RuleExtractor, tokenizer: Tokenizer) -> None:
    got = found(extractor, tokenizer, "微软(Microsoft)和Robin(李彦宏)都来了，OpenAI没来。")
    assert {("微软", "ORG"), ("李彦宏", "PERSON")} <= got
    assert ("Microsoft", "ORG") not in got


def test_what_bears_a_name_is_not_its_bearer(
    extractor: RuleExtractor, tokenizer: Tokenizer
) -> None:
    got = found(extractor, tokenizer, "图灵提出了图灵测试，他拿了图灵奖吗？")
    assert sorted(got) == [("图灵", "PERSON")]
    mentions = extractor.mentions(Document("d", *("图灵测试",) * 2, OffsetMap.identity(4)))
    assert not mentions
