"""Folding and scripts: one code point to one, once and for all."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.errors import UsageError
from lunheng.native.codepoints import CodePointFlags, CodePointMap, classes
from lunheng.text import fold, fold_table, merged_characters, script_of
from reference import codepoints as plain
from text.strategies import texts

TABLE = fold_table()
FOLDING = TABLE.tolist()


@given(texts, st.booleans())
def test_agrees_with_plain_mapping(text: str, case: bool) -> None:
    assert fold(text, case=case) == plain.apply(FOLDING, text, case)


@given(texts)
def test_classes_agree(text: str) -> None:
    assert classes(text).tolist() == [plain.class_of(character) for character in text]


@given(texts)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text, case=True), case=True) == fold(text, case=True)


def test_whole_table_is_its_own_fold() -> None:
    assert (TABLE[TABLE] == TABLE).all()


@pytest.mark.parametrize(
    ("written", "folded"),
    [("騰訊", "腾讯"), ("ＡＩ，", "AI,"), ("裡裏里", "里里里"), ("說著", "说着"), ("𠮷", "𠮷")],
)
def test_written_forms(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_tables_are_checked_and_pickled() -> None:
    with pytest.raises(UsageError):
        CodePointMap(np.zeros(3, np.uint32))
    with pytest.raises(UsageError):
        CodePointMap(np.full(0x110000, 0x110000, np.uint32))
    with pytest.raises(UsageError):
        CodePointFlags(np.zeros(3, np.uint8))
    again = pickle.loads(pickle.dumps(CodePointMap(TABLE)))
    assert again.apply("騰訊") == "腾讯"
    flags = np.zeros(0x110000, np.uint8)
    flags[ord("a")] = 7
    assert pickle.loads(pickle.dumps(CodePointFlags(flags))).count("aab")[7] == 2


def test_merged_characters_fold_together() -> None:
    assert len({fold(character) for character in merged_characters()}) < len(merged_characters())
    assert "腾" not in merged_characters()


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("", "none"),
        ("abc 天下", "none"),
        ("大模型的发展", "simplified"),
        ("大模型的發展", "traditional"),
        ("大模型的发展與應用", "mixed"),
    ],
)
def test_script(text: str, script: str) -> None:
    assert script_of(text) == script
