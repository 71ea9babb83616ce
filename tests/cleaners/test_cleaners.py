"""Each cleaner on what it repairs, and on what it must leave alone."""

from __future__ import annotations

from functools import cache
from importlib import import_module

import pytest
from hypothesis import given

from lunheng.contracts import check_edits
from lunheng.protocols import Cleaner
from lunheng.text import apply_edits
from text.strategies import texts

NAMES = [
    "controls",
    "mojibake",
    "misdecoded",
    "html_remnants",
    "pinyin_brackets",
    "punctuation",
    "censored",
]


@cache
def cleaner(name: str) -> Cleaner:
    made = import_module(f"lunheng_plugins.cleaners.{name}").lunheng_cleaners(None)
    assert isinstance(made, Cleaner)
    return made


def cleaned(name: str, text: str) -> str:
    return apply_edits(text, cleaner(name).edits(text)).text


GLOSS = "“乾(qián)”读作前，不读干；这个字在名字里念qián，别的地方不这么念。"

CASES = [
    ("controls", "他\u200b说\ufeff：走\r\n吧\x00。", "他说：走\n吧。"),
    ("controls", "笑👨\u200d👩\u200d👧了", "笑👨\u200d👩\u200d👧了"),
    ("controls", "坏\ud800字", "坏\ufffd字"),
    ("mojibake", "他说：å¤§æ¨¡å\x9e\x8b很好", "他说：大模型很好"),
    ("mojibake", "这是ÎÒÃÇµÄÉú»î啊", "这是我们的生活啊"),
    ("mojibake", "前言鎴戜滑鐨勭敓娲", "前言我们的生娲"),
    ("mojibake", "前言鎴戜滑鐨勭敓娲?，后来", "前言我们的生\ufffd，后来"),
    ("mojibake", "谈鍑忚偉鍜岃繍鍔ㄧ殑", "谈减肥和运动的"),
    ("mojibake", "阿里Â·木沙和ä½\xa0好", "阿里·木沙和你好"),
    ("mojibake", "“ä¸\xadå\x9b½”人", "“中国”人"),
    ("mojibake", "Müßig geht der œuvré, “°C”与……", "Müßig geht der œuvré, “°C”与……"),
    ("mojibake", "Café Zoë à Paris 很好", "Café Zoë à Paris 很好"),
    ("misdecoded", "「走吧?！?/p>", "「走吧。」"),
    ("misdecoded", "他們實驗?，F(xiàn)在好了", "他們實驗。現在好了"),
    ("misdecoded", "他們能夠?qū)崿F(xiàn)目標", "他們能夠實現目標"),
    ("misdecoded", "他說：“會栽在大坑裏?！?\n他走了", "他說：“會栽在大坑裏。”\n他走了"),
    ("misdecoded", "一共八十家??。其中三家", "一共八十家??。其中三家"),
    ("misdecoded", "真的嗎？！我不信?！", "真的嗎？！我不信?！"),
    ("html_remnants", "一&nbsp;二&amp;三</p><p>四<br/>五", "一 二&三\n四\n五"),
    ("html_remnants", "一句话。\n&lt;/div&gt;\n又&lt;b&gt;一句", "一句话。\n\n又一句"),
    ("html_remnants", "若a<b且b>c，则a小于c", "若a<b且b>c，则a小于c"),
    ("html_remnants", "见 https://a.example/p/1 和AT&T", "见 https://a.example/p/1 和AT&T"),
    ("pinyin_brackets", "發(fā)展關(guān)係，以O(shè)penAI為例", "發展關係，以OpenAI為例"),
    ("pinyin_brackets", GLOSS, GLOSS),
    ("pinyin_brackets", "微软(Microsoft)和谷歌(see)", "微软(Microsoft)和谷歌(see)"),
    ("punctuation", "他走了,，她没走,。真的,？", "他走了，她没走。真的？"),
    ("punctuation", "他走了，，她没走。", "他走了，她没走。"),
    ("punctuation", "赞，，，，很好。。。", "赞，，，，很好。。。"),
    ("punctuation", "数组 a[1,,2] 不变", "数组 a[1,,2] 不变"),
    ("censored", "行业*的问题", "行业*的问题"),
]


@pytest.mark.parametrize(("name", "dirty", "clean"), CASES)
def test_repairs(name: str, dirty: str, clean: str) -> None:
    assert cleaned(name, dirty) == clean


@pytest.mark.parametrize("name", NAMES)
@given(texts)
def test_edits_of_any_text_keep_the_contract(name: str, text: str) -> None:
    check_edits(cleaner(name).edits(text), text)


def test_masks_are_flagged_but_bold_is_not() -> None:
    edits = cleaner("censored").edits("行业*的问题，最**的公司。\n**重要**的话")
    assert [(edit.start, edit.text) for edit in edits] == [(2, "*"), (8, "**")]


def test_lost_bytes_are_flagged() -> None:
    text = "开头锟斤拷锟斤拷结尾"
    edits = cleaner("mojibake").edits(text)
    assert [(edit.start, edit.end, edit.text) for edit in edits] == [(2, 8, "锟斤拷锟斤拷")]


def test_torn_text_of_private_use_is_flagged() -> None:
    text = "推荐阅读?。\ue3ac》劢z團"
    edits = cleaner("misdecoded").edits(text)
    assert [(edit.start, edit.text) for edit in edits] == [(4, "?。\ue3ac》劢z")]
