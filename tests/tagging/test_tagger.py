"""Taggers: what is learned is known, saved and read again; damage is refused; offsets are kept."""

from __future__ import annotations

import pickle
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.errors import ModelError
from lunheng.tagging import Tagger, TaggerModel
from lunheng.tagging.columns import CharacterColumns
from lunheng.tagging.labels import allowed_bigrams, decoded, encoded, span_labels
from lunheng.tagging.training import LabelledSequences, TaggerSettings, train

LABELS = span_labels(["ORG", "PER"])
SENTENCES = [
    ("林若海说好", [(0, 3, "PER")]),
    ("我在星河科技", [(2, 6, "ORG")]),
    ("星河科技的林若海", [(0, 4, "ORG"), (5, 8, "PER")]),
    ("大家都说好", []),
] * 3
CLASSES = {"星河": "firm"}
SETTINGS = TaggerSettings(epochs=8, final_epochs=2, max_features=400, seed=3)


def characters(text: str) -> np.ndarray:
    """Every character as a word."""
    starts = np.arange(len(text), dtype=np.int32)
    return np.stack([starts, starts + 1], axis=1)


def trained() -> TaggerModel:
    columns = CharacterColumns(CLASSES)
    parts = [
        (columns.of(text, characters(text)), encoded(len(text), names, LABELS))
        for text, names in SENTENCES
    ]
    sequences = LabelledSequences.joined(parts)
    provenance = {"licence": "Apache-2.0"}
    return train(sequences, LABELS, "characters", SETTINGS, classes=CLASSES, provenance=provenance)


@pytest.fixture(scope="module")
def model() -> TaggerModel:
    return trained()


def test_what_was_learned_is_known(model: TaggerModel) -> None:
    tagger = Tagger(model)
    for text, names in SENTENCES:
        assert tagger.spans(text, characters(text)) == names


def test_training_twice_gives_the_same_model(model: TaggerModel) -> None:
    assert trained().to_bytes() == model.to_bytes()


def test_features_are_as_few_as_asked(model: TaggerModel) -> None:
    assert 0 < len(model.hashes) <= 400


def test_lines_are_labelled_each_on_its_own(model: TaggerModel) -> None:
    tagger, text = Tagger(model), "林若海说好\n\n星河科技的林若海\n"
    assert tagger.spans(text, characters(text)) == [(0, 3, "PER"), (7, 11, "ORG"), (12, 15, "PER")]


def test_scripts_are_folded(model: TaggerModel) -> None:
    text = "我在星河科技"
    assert Tagger(model).spans("我在星河科技", characters(text)) == [(2, 6, "ORG")]
    assert Tagger(model).spans("林若海說好", characters("林若海說好")) == [(0, 3, "PER")]


@given(st.text("林若海星河科技說好aB9。\n 𠮷😀", max_size=30))
def test_spans_lie_in_any_text(model: TaggerModel, text: str) -> None:
    tagger = Tagger(model)
    found = tagger.spans(text, characters(text))
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
    assert all(one[1] <= two[0] for one, two in pairwise(found))
    assert pickle.loads(pickle.dumps(tagger)).spans(text, characters(text)) == found


def test_saved_model_is_read_again(model: TaggerModel, tmp_path: Path) -> None:
    model.save(tmp_path / "model.bin")
    again = TaggerModel.load(tmp_path / "model.bin")
    assert (again.view, again.templates, again.labels) == (
        model.view,
        model.templates,
        model.labels,
    )
    assert again.classes == CLASSES
    assert again.provenance == model.provenance
    for name in ("hashes", "rows", "bigrams"):
        assert np.array_equal(getattr(again, name), getattr(model, name))


@given(data=st.data())
def test_damage_is_found(model: TaggerModel, data: st.DataObject) -> None:
    whole = model.to_bytes()
    damaged = bytearray(whole)
    damaged[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ModelError):
        TaggerModel.from_bytes(bytes(damaged))
    with pytest.raises(ModelError):
        TaggerModel.from_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])


def test_a_segmenter_is_no_tagger() -> None:
    with pytest.raises(ModelError, match="expected a tagger model that begins with"):
        TaggerModel.from_bytes(b"LUNHENG\x01" + bytes(64))


TYPES = st.sampled_from(["ORG", "PER"])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), TYPES), max_size=6))
def test_labels_stand_for_their_spans(steps: list[tuple[int, int, str]]) -> None:
    spans, at = [], 0
    for gap, length, type_ in steps:
        spans.append((at + gap, at + gap + length, type_))
        at += gap + length
    numbers = encoded(at, spans, LABELS)
    assert list(decoded(numbers, LABELS)) == spans
    allowed = allowed_bigrams(LABELS)
    before = [len(LABELS), *numbers.tolist()]
    assert all(allowed[a, b] for a, b in pairwise(before))


def test_labels_that_are_no_spans_follow_freely() -> None:
    assert allowed_bigrams(["NOUN", "VERB"]).all()
