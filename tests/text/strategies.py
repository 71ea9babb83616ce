"""Texts and edits for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from lunheng.documents import Edit

LATIN_1 = st.text(st.characters(max_codepoint=0xFF), max_size=60)
BASIC = st.text(st.characters(max_codepoint=0xFFFF, categories=["L", "P", "Z", "N"]), max_size=60)
ANY = st.text(st.characters(), max_size=60)
PROSE = st.text('他说大模型關后。！？，、；：…“”‘’「」『』《》（）()".!? \n　aZ0@𠮷', max_size=80)

texts = st.one_of(LATIN_1, BASIC, ANY, PROSE)


@st.composite
def edits(draw: st.DrawFn, length: int) -> list[Edit]:
    """Draw edits of a text of ``length`` characters, ascending and without overlap."""
    cuts = sorted(draw(st.lists(st.integers(0, length), max_size=12)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [Edit(start, end, draw(st.text(max_size=4))) for start, end in pairs]


@st.composite
def texts_with_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(texts)
    return text, draw(edits(len(text)))
