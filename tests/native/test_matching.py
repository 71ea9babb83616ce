"""The native phrase matcher equals its twin, on every width of str."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.native.matching import PhraseMatcher
from reference.matching import find, longest

LETTERS = st.sampled_from("ab\xe9論衡论𠮷🐉\ud800")
TEXT = st.text(LETTERS, max_size=40)
PHRASES = st.lists(st.text(LETTERS, min_size=1, max_size=5), max_size=12)


@given(PHRASES, TEXT)
def test_every_occurrence_is_found(phrases: list[str], text: str) -> None:
    assert [tuple(row) for row in PhraseMatcher(phrases).find(text).tolist()] == find(phrases, text)


@given(PHRASES, TEXT)
def test_the_longest_without_overlap(phrases: list[str], text: str) -> None:
    assert [tuple(row) for row in PhraseMatcher(phrases).longest(text).tolist()] == longest(
        phrases, text
    )


@given(PHRASES, TEXT)
def test_a_pickled_matcher_finds_the_same(phrases: list[str], text: str) -> None:
    matcher = PhraseMatcher(phrases)
    copy = pickle.loads(pickle.dumps(matcher))
    assert copy.find(text).tolist() == matcher.find(text).tolist()


def test_more_matches_than_characters() -> None:
    phrases = ["a" * n for n in range(1, 30)]
    assert PhraseMatcher(phrases).find("a" * 200).tolist() == [
        list(row) for row in find(phrases, "a" * 200)
    ]


def test_an_empty_phrase_is_refused() -> None:
    with pytest.raises(ValueError, match="phrase 1 is empty"):
        PhraseMatcher(["论", ""])


def test_a_phrase_must_be_a_str() -> None:
    with pytest.raises(TypeError, match="expected str as phrase 0, found bytes"):
        PhraseMatcher([b"lun"])  # type: ignore[list-item]
