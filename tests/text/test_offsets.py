"""Offset maps: equal to the plain alignment, and lawful."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.documents import Edit
from lunheng.errors import UsageError
from lunheng.text import OffsetMap, apply_edits
from reference.offsets import Alignment
from text.strategies import edits, texts_with_edits


def all_spans(length: int) -> list[tuple[int, int]]:
    return [(start, end) for start in range(length + 1) for end in range(start, length + 1)]


@st.composite
def maps(draw: st.DrawFn) -> OffsetMap:
    """Draw a map made in one to three steps."""
    length = draw(st.integers(0, 10))
    whole = OffsetMap.identity(length)
    for _ in range(draw(st.integers(1, 3))):
        whole = whole.then(
            OffsetMap.from_edits(whole.target_length, draw(edits(whole.target_length)))
        )
    return whole


@given(st.data())
def test_agrees_with_alignment_for_every_span(data: st.DataObject) -> None:
    length = data.draw(st.integers(0, 14))
    made = data.draw(edits(length))
    fast, plain = OffsetMap.from_edits(length, made), Alignment.from_edits(length, made)
    assert fast.target_length == len(plain.origin)
    for span in all_spans(len(plain.origin)):
        assert fast.to_source(*span) == plain.to_source(*span)
    for span in all_spans(length):
        assert fast.to_target(*span) == plain.to_target(*span)


@given(st.data())
def test_composition_agrees_and_is_associative(data: st.DataObject) -> None:
    length, fast, plain = data.draw(st.integers(0, 12)), [], []
    for _ in range(3):
        made = data.draw(edits(length))
        fast.append(OffsetMap.from_edits(length, made))
        plain.append(Alignment.from_edits(length, made))
        length = fast[-1].target_length
    one, two, three = fast
    assert one.then(two).then(three) == one.then(two.then(three))
    both = plain[0].then(plain[1])
    for span in all_spans(two.target_length):
        assert one.then(two).to_source(*span) == both.to_source(*span)


@given(texts_with_edits())
def test_unchanged_characters_map_to_themselves(case: tuple[str, list[Edit]]) -> None:
    source, made = case
    text, offsets = apply_edits(source, made)
    for start, target, length in offsets.runs_array().tolist():
        assert source[start : start + length] == text[target : target + length]
        assert offsets.to_source(target, target + length) == (start, start + length)
        assert offsets.to_target(start, start + length) == (target, target + length)


@given(maps())
def test_a_later_span_never_lies_earlier(offsets: OffsetMap) -> None:
    for length, cross in (
        (offsets.target_length, offsets.to_source_many),
        (offsets.source_length, offsets.to_target_many),
    ):
        spans = np.array([span for span in all_spans(length) if span[0] < span[1]]).reshape(-1, 2)
        found = np.stack(cross(*spans.T), axis=1)
        left = found[:, 0] >= 0
        for span, place in zip(spans[left], found[left], strict=True):
            later = left & (spans >= span).all(axis=1)
            assert (found[later] >= place).all()


@given(maps())
def test_a_kept_span_survives_the_round_trip(offsets: OffsetMap) -> None:
    """A span that begins and ends with a kept character comes back, whatever lies between."""
    runs = offsets.runs_array().tolist()
    pairs = [(s + i, t + i) for s, t, length in runs for i in range(length)]
    for n, (source_start, target_start) in enumerate(pairs):
        for source_last, target_last in pairs[n:]:
            source = source_start, source_last + 1
            target = target_start, target_last + 1
            assert offsets.to_source(*target) == source
            assert offsets.to_target(*source) == target


@given(texts_with_edits())
def test_vectorised_agrees_with_single(case: tuple[str, list[Edit]]) -> None:
    source, made = case
    _, offsets = apply_edits(source, made)
    spans = all_spans(len(source))[:50]
    first, last = offsets.to_target_many(*np.array(spans).T)
    single = [offsets.to_target(*span) or (-1, -1) for span in spans]
    assert list(zip(first.tolist(), last.tolist(), strict=True)) == single


@given(texts_with_edits())
def test_survives_bytes_and_pickle(case: tuple[str, list[Edit]]) -> None:
    source, made = case
    _, offsets = apply_edits(source, made)
    assert OffsetMap.from_bytes(offsets.to_bytes()) == offsets
    assert pickle.loads(pickle.dumps(offsets)) == offsets
    assert hash(pickle.loads(pickle.dumps(offsets))) == hash(offsets)


@given(st.binary(max_size=40))
def test_foreign_bytes_are_refused_or_read(data: bytes) -> None:
    for bytes_ in (data, b"LHOM1" + data):
        try:
            offsets = OffsetMap.from_bytes(bytes_)
        except UsageError:
            continue
        assert OffsetMap.from_bytes(offsets.to_bytes()) == offsets


def test_identity() -> None:
    offsets = OffsetMap.identity(5)
    assert offsets.is_identity
    assert offsets.to_source(1, 3) == (1, 3)
    assert offsets == OffsetMap.from_edits(5, [])
    assert not OffsetMap.from_edits(5, [Edit(0, 1, "")]).is_identity


@pytest.mark.parametrize(
    "call",
    [
        lambda m: m.to_source(0, 6),
        lambda m: m.to_target(3, 2),
        lambda m: m.to_source_many([0], [6]),
        lambda m: m.to_target_many([0, 1], [1]),
        lambda m: m.then(OffsetMap.identity(4)),
        lambda m: OffsetMap.from_edits(5, [Edit(3, 4, ""), Edit(2, 3, "")]),
        lambda m: OffsetMap.from_edits(5, [Edit(3, 6, "")]),
        lambda m: OffsetMap.identity(1 << 31),
        lambda m: apply_edits("abc", [Edit(1, 4, "")]),
        lambda m: OffsetMap(),
    ],
)
def test_wrong_use_is_named(call: object) -> None:
    with pytest.raises(UsageError):
        call(OffsetMap.identity(5))  # type: ignore[operator]


def test_negative_identity_is_refused() -> None:
    with pytest.raises(UsageError):
        OffsetMap.identity(-1)
