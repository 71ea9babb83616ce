"""The native choice of cues equals its twin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.native.cue_words import CueKind, counting
from reference.cue_words import counting as plain

LENGTH = 30
SPANS = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, 4)).map(
    lambda s: (s[0], min(s[0] + s[1], LENGTH))
)
KINDS = st.lists(st.integers(0, 15), min_size=4, max_size=4)


def array(spans: list[tuple[int, ...]], width: int = 2) -> np.ndarray:
    return np.array(spans, np.int32).reshape(-1, width)


def apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ascending spans that do not overlap."""
    kept: list[tuple[int, int]] = []
    for span in sorted(spans):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


@given(
    st.dictionaries(SPANS, st.integers(0, 3), max_size=20),
    KINDS,
    st.none() | st.lists(SPANS, max_size=12),
    st.lists(SPANS, max_size=4),
    st.lists(SPANS, max_size=4),
)
def test_cues_that_count(
    places: dict[tuple[int, int], int],
    kinds: list[int],
    words: list[tuple[int, int]] | None,
    taken: list[tuple[int, int]],
    names: list[tuple[int, int]],
) -> None:
    rows = sorted((*span, number) for span, number in places.items())
    taken, names = apart(taken), sorted(names, key=lambda span: span[0])
    found = counting(
        array(rows, 3),
        np.array(kinds, np.uint8),
        None if words is None else array(words),
        LENGTH,
        array(taken),
        array(names),
    )
    assert [tuple(row) for row in found.tolist()] == plain(rows, kinds, words, taken, names)


def test_a_leading_cue_gives_way_to_one_that_decides() -> None:
    rows = array([(0, 2, 0), (1, 3, 1)], 3)
    nothing = array([])
    kinds = np.array([CueKind.LEADS, CueKind.DECIDES], np.uint8)
    assert counting(rows, kinds, array([(0, 1), (1, 3)]), 3, nothing, nothing).tolist() == [
        [1, 3, 1]
    ]


def test_numbers_without_a_kind_are_refused() -> None:
    nothing = array([])
    with pytest.raises(ValueError, match="numbers below 0, found 0"):
        counting(array([(0, 1, 0)], 3), np.empty(0, np.uint8), None, 3, nothing, nothing)
