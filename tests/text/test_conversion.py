"""Display conversion: the text, and the map that goes with it."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.errors import UsageError
from lunheng.text import ScriptConverter, fold
from lunheng.text.conversion import TARGETS, changed_phrases

pytest.importorskip("opencc", reason="the extra opencc is not installed")
CONVERTERS = {target: ScriptConverter(target) for target in TARGETS}
TEXTS = st.text(st.sampled_from("软件信息鼠标着了后里发干面，。a😀\n 服务器打印机"), max_size=40)


@pytest.mark.parametrize(
    ("target", "text", "converted"),
    [
        ("t2s", "騰訊發布了軟體", "腾讯发布了软体"),
        ("s2t", "头发发展", "頭髮發展"),
        ("tw", "这个软件里的信息", "這個軟體裡的資訊"),
        ("hk", "这个软件里的信息", "這個軟件裏的信息"),
    ],
)
def test_phrases_are_converted(target: str, text: str, converted: str) -> None:
    assert CONVERTERS[target].convert(text).text == converted


def test_phrases_of_another_length_are_mapped_whole() -> None:
    text = "他用鼠标，打印机和计算机程序里的奔馳。"
    converted, aligned = CONVERTERS["tw"].convert(text)
    assert len(converted) != len(text) or "滑鼠" in converted
    for phrase in ("，", "和", "。"):
        at = text.index(phrase)
        start, end = aligned.to_target(at, at + 1) or (0, 0)
        assert converted[start:end] == phrase


@given(TEXTS, st.sampled_from(sorted(TARGETS)))
def test_the_map_leads_from_each_character_to_its_own(text: str, target: str) -> None:
    converted, aligned = CONVERTERS[target].convert(text)
    assert (aligned.source_length, aligned.target_length) == (len(text), len(converted))
    for at, character in enumerate(text):
        if character in "，。a😀\n ":
            start, end = aligned.to_target(at, at + 1) or (0, 0)
            assert converted[start:end] == character


@given(st.text(max_size=30), st.sampled_from(sorted(TARGETS)))
def test_any_text_is_converted(text: str, target: str) -> None:
    converted, aligned = CONVERTERS[target].convert(text)
    assert (aligned.source_length, aligned.target_length) == (len(text), len(converted))


@given(st.text(st.sampled_from("ab"), max_size=70), st.text(st.sampled_from("ab"), max_size=70))
def test_the_edits_turn_one_text_into_the_other(before: str, after: str) -> None:
    at, made = 0, ""
    for edit in changed_phrases(before, after, after):
        kept = edit.start - at
        made = after[: len(made) + kept] + edit.text
        at = edit.end
    assert len(made) + len(before) - at == len(after)
    assert after.startswith(made)


def test_a_converter_can_be_pickled_and_names_its_targets() -> None:
    copy = pickle.loads(pickle.dumps(CONVERTERS["hk"]))
    assert copy.convert("发").text == "發"
    with pytest.raises(UsageError, match="t2s, s2t, tw, hk"):
        ScriptConverter("jp")


def test_folding_and_conversion_agree_on_plain_characters() -> None:
    text = "我们支持开源，也尊重闭源。"
    assert fold(CONVERTERS["s2t"].convert(text).text) == fold(text)
