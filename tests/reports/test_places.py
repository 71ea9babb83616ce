"""Lines and columns, and what cleaning changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lunheng.documents import Edit
from lunheng.text import OffsetMap, apply_edits
from lunheng_plugins.reports.places import Change, LineTable, changes

TEXTS = st.text(alphabet="甲乙丙a𠮷,\n", max_size=60)


@given(TEXTS)
def test_line_and_column_lead_back_to_the_offset(text: str) -> None:
    table = LineTable.of(text)
    lines = text.split("\n")
    for offset in range(len(text)):
        line, column = table.at(offset)
        assert sum(len(part) + 1 for part in lines[: line - 1]) + column - 1 == offset


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """Draw a source and edits that leave its first and last character alone."""
    source = "首" + draw(TEXTS) + "尾"
    cuts = sorted(draw(st.sets(st.integers(1, len(source) - 1), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return source, [Edit(a, b, draw(st.text(alphabet="丁b𡃁", max_size=3))) for a, b in pairs]


@given(edited())
def test_undoing_the_changes_gives_the_source(case: tuple[str, list[Edit]]) -> None:
    source, edits = case
    cleaned = apply_edits(source, edits)
    found = changes(cleaned.text, source, cleaned.map)
    assert list(found) == sorted(found, key=lambda c: (c.start, c.end))
    parts, at = [], 0
    for change in found:
        assert change.start >= at
        parts += [cleaned.text[at : change.start], change.before]
        at = change.end
    assert "".join(parts) + cleaned.text[at:] == source


def test_a_deletion_is_an_empty_range() -> None:
    cleaned = apply_edits("O(shè)penAI", [Edit(1, 6, "")])
    assert changes(cleaned.text, "O(shè)penAI", cleaned.map) == (Change(1, 1, "(shè)"),)


def test_what_a_reader_skipped_is_no_change() -> None:
    source = "<p>" + "x" * 300 + "甲乙" + "y" * 300
    cleaned = apply_edits(source, [Edit(0, 303, ""), Edit(305, 605, "")])
    assert changes(cleaned.text, source, cleaned.map) == ()
    assert changes("", "甲", OffsetMap.from_edits(1, [Edit(0, 1, "")])) == ()
