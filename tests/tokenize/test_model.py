"""Model files: what is saved is read again, and what is no model is refused with a reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.errors import ModelError
from lunheng.tokenize import SegmenterModel, Tokenizer
from lunheng.tokenize.training import BoundaryText, TrainingSettings, train

LINES = ["我 爱 北京", "他 研究 生命", "北京 大学 很 大"] * 5


@pytest.fixture(scope="module")
def model() -> SegmenterModel:
    return train(
        BoundaryText.from_words(LINES),
        {},
        TrainingSettings(epochs=5, max_grams=300, start_share=0.0),
        provenance={"licence": "Apache-2.0"},
    )


def test_what_was_learned_is_known(model: SegmenterModel) -> None:
    tokenizer = Tokenizer(model)
    for line in LINES:
        assert tokenizer.cut(line.replace(" ", "")) == line.split()


def test_training_twice_gives_the_same_model(model: SegmenterModel) -> None:
    again = train(
        BoundaryText.from_words(LINES),
        {},
        TrainingSettings(epochs=5, max_grams=300, start_share=0.0),
        provenance={"licence": "Apache-2.0"},
    )
    assert again.to_bytes() == model.to_bytes()


def test_saved_model_is_read_again(model: SegmenterModel, tmp_path: Path) -> None:
    model.save(tmp_path / "model.bin")
    again = SegmenterModel.load(tmp_path / "model.bin")
    assert np.array_equal(again.codes, model.codes)
    assert np.array_equal(again.characters, model.characters)
    assert np.array_equal(again.table, model.table)
    assert again.provenance == {"licence": "Apache-2.0"}


@given(data=st.data())
def test_damage_is_found(model: SegmenterModel, data: st.DataObject) -> None:
    whole = model.to_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = bytearray(whole)
    damaged[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ModelError):
        SegmenterModel.from_bytes(bytes(damaged))
    with pytest.raises(ModelError):
        SegmenterModel.from_bytes(whole[:at])


def test_foreign_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG" + bytes(100))
    with pytest.raises(ModelError, match=r"picture\.png: expected a segmenter model"):
        SegmenterModel.load(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.bin: cannot be read"):
        SegmenterModel.load(tmp_path / "none.bin")
