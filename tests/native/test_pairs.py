"""The native pair finder equals its twin, on every width of str."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.errors import UsageError
from lunheng.native.pairs import CharacterPairs
from reference.pairs import find

LETTERS = st.sampled_from("ab\xe9論衡论。𠮷🐉\ud800\U0010ffff")
TEXT = st.text(LETTERS, max_size=40)
PAIRS = st.lists(st.tuples(st.text(LETTERS, min_size=1, max_size=4), TEXT), max_size=8)


@given(PAIRS, TEXT)
def test_every_pair_is_found(pairs: list[tuple[str, str]], text: str) -> None:
    native = CharacterPairs(pairs)
    assert native.find(text) == find(pairs, text)
    assert pickle.loads(pickle.dumps(native)).find(text) == find(pairs, text)


@pytest.mark.parametrize("pairs", [[("", "a")], [("a", "b")] * 9])
def test_sets_that_do_not_fit_are_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(UsageError, match="at most 8 pairs"):
        CharacterPairs(pairs)
