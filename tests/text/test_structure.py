"""Blocks and sentences: equal to the plain cutter, and as a reader would cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from lunheng.native.structure import line_spans, sentence_spans
from lunheng.text import blocks, fold, sentences, structure
from reference import structure as plain
from text.strategies import texts


@given(texts)
def test_sentences_agree_with_plain(text: str) -> None:
    assert [tuple(span) for span in sentence_spans(text).tolist()] == plain.sentence_spans(text)


@given(texts)
def test_lines_agree_with_plain(text: str) -> None:
    assert [tuple(span) for span in line_spans(text).tolist()] == plain.line_spans(text)


@given(texts)
def test_every_visible_character_is_in_one_block_and_one_sentence(text: str) -> None:
    for spans in (blocks(text), sentences(text)):
        covered = [i for span in spans for i in range(span.start, span.end)]
        assert covered == sorted(set(covered))
        assert all(text[i] in plain.SPACES or plain.NEWLINES.match(text[i])
                   for i in set(range(len(text))) - set(covered))  # fmt: skip


@pytest.mark.parametrize(
    "cut",
    [
        ["他走了。", "她没走！", "真的？！", "是。"],
        ["他说：“走吧。快走！”", "大家都走了。"],
        ["“走吧。”的意思是再见。"],
        ["「為什麼？」", "她問。"],
        ["“走吧。”，他说。", "完了。"],
        ["《你好！明天》是一部电影。", "它很好。"],
        ["增长了3.5倍。", "见 a.b.c?x=1 这一页。"],
        ["他想了想……", "还是去吧。"],
        ["Mr X. Li is good. ", "Yes."],
        ["他说“没有关上。", "后来又说没有。"],
    ],
)
def test_cuts(cut: list[str]) -> None:
    text = "".join(cut)
    assert [span.of(text) for span in sentences(text)] == [piece.strip() for piece in cut]


def test_long_quotations_are_cut() -> None:
    text = "“" + "今天天气很好。" * 60 + "”"
    assert len(sentences(text)) == 60


@pytest.mark.parametrize("mark", ["「", "（", "“", "”", "。", '"', "("])
def test_marks_without_end_are_cut_in_linear_time(mark: str) -> None:
    assert len(sentences(mark * 300_000)) == 1


LONG = "这一段说的是事情的来龙去脉，并且说得很长很长，长到不会是标题。"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("0 评论 4870 浏览 12 收藏 51 分钟", "furniture"),
        ("原文來源：某某週刊", "furniture"),
        ("圖片來源：某某圖庫", "caption"),
        ("（图源：某某网站截图）", "caption"),
        ("转载请注明出处", "furniture"),
        ("上一篇 2023-05-09 01:05", "furniture"),
        ("相关推荐", "furniture"),
        ("https://example.org/a", "furniture"),
        ("作者丨林若海", "furniture"),
        ("记者：林若海 责编：张三", "furniture"),
        ("记者：那么第一点，您是怎么看的呢", "paragraph"),
        ("编辑：您是说这个模型没有什么用处", "paragraph"),
        ("微信扫码分享", "furniture"),
        ("赞 (0)", "furniture"),
        ("阅读 1.2万", "furniture"),
        ("举报/反馈", "furniture"),
        ("声明：本文为作者独立观点", "furniture"),
        ("- END -", "furniture"),
        ("文章来源于网络，如有侵权请联系删除", "furniture"),
        ("#人工智能 #大模型", "furniture"),
        ("编辑于 2023-05-01 10:20 · IP 属地南湖", "furniture"),
        ("APP内打开", "furniture"),
        ("展开阅读全文", "furniture"),
        ("版权归原作者所有", "furniture"),
        ("资料图", "caption"),
        ("新华社记者 林若海 摄", "caption"),
        ("第二章 起点", "heading"),
        ("一、起点", "heading"),
        ("02 没有退路", "heading"),
        ("## 起点", "heading"),
        ("起点在哪儿？", "heading"),
        ("谁会用？怎么收钱？", "paragraph"),
        ("- 一条意见", "list_item"),
        ("（1）第一条意见。", "list_item"),
        ("林若海：是的", "paragraph"),
        ("记者：您怎么看？", "paragraph"),
        ("八、“一个人的公司”", "heading"),
        ("他没有走。", "paragraph"),
    ],
)
def test_kinds(line: str, kind: str) -> None:
    assert fold(line[0]) in structure.BEGINNINGS or kind not in ("caption", "furniture")
    text = f"大标题\n{LONG}\n{line}\n{LONG}"
    assert [block.kind for block in blocks(text)] == ["heading", "paragraph", kind, "paragraph"]


def test_no_furniture_begins_otherwise() -> None:
    """Whatever word of the patterns begins a line: it is found whether or not looked up first."""
    words = {
        word
        for pattern in (structure._CAPTION, structure._FURNITURE)
        for word in re.findall(r"[\u4e00-\u9fff]+|[A-Za-z]+|[▲△↑©#]", pattern.pattern)
    }
    for word in words:
        for line in (word, f"{word}: 1", f"{word}/网", f"{word}微信", f"{word}3 图"):
            matched = structure._CAPTION.match(line) or structure._FURNITURE.match(line)
            assert not matched or line[0] in structure.BEGINNINGS, line


@pytest.mark.parametrize("line", ["记者：您" + "/" * 150 + "？", "编辑：" + "丨甲" * 90])
def test_lines_that_almost_are_furniture_are_cut_in_linear_time(line: str) -> None:
    assert [block.kind for block in blocks(line + "。")] == ["paragraph"]
