"""A pattern tried at its anchors alone matches wherever it would match if tried everywhere."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.text import AnchoredPattern, byte_shift
from lunheng_plugins.cleaners import censored, controls, html_remnants, mojibake, punctuation
from lunheng_plugins.cleaners import pinyin_brackets as pinyin
from text.strategies import texts

PATTERNS = {
    "torn": byte_shift._ANCHOR,
    "torn_sound": byte_shift._TORN_SOUND,
    "censored": censored._MASK,
    "controls": controls._CONTROLS,
    "html": html_remnants._REMNANT,
    "lost": mojibake._LOST,
    "reading": pinyin._READING,
    "punctuation": punctuation._DOUBLED,
}
DIRTY = st.lists(
    st.sampled_from([
        *"?？！，,。、；;：:(（）)<>/&*#\r\n\x00\x85\u200b\u200d\ufe0f👨\ud800他的读音字關a*＊",
        "qū)", "(guān)", "（ā)", "</p>", "/p>", "<b class=x>", "&nbsp;", "&#x4e00;", "<!--a-->",
        "锟斤拷", "烫烫烫", "\ufffd", "读作", "这个字",
    ]),
    max_size=30,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("name", PATTERNS)
@given(st.one_of(DIRTY, texts))
def test_no_match_is_lost(name: str, text: str) -> None:
    anchored = PATTERNS[name]
    everywhere = [match.span() for match in anchored.pattern.finditer(text)]
    assert [match.span() for match in anchored.finditer(text)] == everywhere


def test_it_can_be_pickled() -> None:
    copy = pickle.loads(pickle.dumps(AnchoredPattern("a+", [("a", "")])))
    assert [match[0] for match in copy.finditer("baac")] == ["aa"]
