"""Text stays text, whatever it holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lunheng_plugins.reports.escaping import cell, markdown, plain, replace_surrogates


@given(st.text())
def test_plain_text_neither_reorders_nor_hides(text: str) -> None:
    shown = plain(text)
    assert not set(shown) & {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
    shown.encode("utf-8")


@given(st.text())
def test_a_cell_is_never_a_formula(text: str) -> None:
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text(alphabet="*_`<>|[]#\n甲1.-"))
def test_markdown_stays_on_one_line_and_has_no_live_marks(text: str) -> None:
    shown = markdown(text)
    assert "\n" not in shown
    for place, character in enumerate(shown):
        if character in "*_`<>|[]":
            assert shown[place - 1] == "\\"
    assert not shown.startswith(("#", "-"))
    assert not shown.startswith("1.")


def test_lone_surrogates_encode() -> None:
    assert replace_surrogates("甲\ud800") == "甲\ufffd"
