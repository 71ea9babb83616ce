"""The native clause cutter equals its twin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.native.clauses import clauses
from reference.clauses import clauses as plain

TEXTS = st.text(st.sampled_from('甲乙a𠮷，,：—…。！?？；\n”」“「（）" \u3000'), max_size=60)


@given(TEXTS, st.data())
def test_sentences_and_clauses(text: str, data: st.DataObject) -> None:
    places = st.integers(0, len(text))
    edges = sorted(data.draw(st.lists(places, max_size=6)))
    regions = list(zip(edges[::2], edges[1::2], strict=False))
    cuts = sorted(set(data.draw(st.lists(places, max_size=5))))
    sentences, spans = clauses(
        text, np.array(regions, np.int32).reshape(-1, 2), np.array(cuts, np.int32)
    )
    expected = plain(text, regions, cuts)
    assert [tuple(row) for row in sentences.tolist()] == expected[0]
    assert [tuple(row) for row in spans.tolist()] == expected[1]


def test_a_region_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match=r"within 2 code points, found region 0 \[0, 3\)"):
        clauses("甲乙", np.array([[0, 3]], np.int32), np.empty(0, np.int32))
