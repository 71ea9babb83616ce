"""Arrow arrays are cut where they lie, and batches go out as Arrow lists of words."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.errors import UsageError
from lunheng.native.arrow import word_lists
from lunheng.tokenize import Tokenizer

nanoarrow = pytest.importorskip("nanoarrow")

texts = st.lists(st.one_of(st.none(), st.text("改变世界a é\U00020000\n", max_size=9)), max_size=20)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer()


def words_of(tokenizer: Tokenizer, held: list[str | None]) -> list[list[str] | None]:
    return [None if text is None else tokenizer.cut(text) for text in held]


@given(held=texts, kind=st.sampled_from(["string", "large_string"]), threads=st.integers(1, 2))
def test_arrow_strings_come_in_and_lists_of_words_go_out(
    tokenizer: Tokenizer, held: list[str | None], kind: str, threads: int
) -> None:
    array = nanoarrow.c_array(held, getattr(nanoarrow, kind)())
    batch = tokenizer.cut_many(array, threads=threads)
    expected = words_of(tokenizer, held)
    assert list(batch) == [words or [] for words in expected]
    assert nanoarrow.Array(batch).to_pylist() == expected


@given(held=texts, data=st.data())
def test_slices_of_arrays(tokenizer: Tokenizer, held: list[str | None], data: Any) -> None:
    start = data.draw(st.integers(0, len(held)))
    part = nanoarrow.c_array(nanoarrow.Array(held, nanoarrow.string()))[start:]
    batch = tokenizer.cut_many(part)
    assert nanoarrow.Array(batch).to_pylist() == words_of(tokenizer, held[start:])


@given(held=st.lists(st.text("改变世界a é\U00020000\n", max_size=9), max_size=9))
def test_every_batch_goes_out(tokenizer: Tokenizer, held: list[str]) -> None:
    parts = Tokenizer(tokenizer.model, mode="search")
    encoded = [text.encode() for text in held]
    for own, own_texts in ((tokenizer, held), (tokenizer, encoded), (parts, held)):
        batch = own.cut_many(own_texts)  # type: ignore[arg-type]
        assert nanoarrow.Array(batch).to_pylist() == list(batch)


def test_binary_stays_binary(tokenizer: Tokenizer) -> None:
    batch = tokenizer.cut_many(nanoarrow.c_array([b"\xff", "世界".encode()], nanoarrow.binary()))
    assert nanoarrow.Array(batch).to_pylist() == [[b"\xff"], ["世界".encode()]]


def test_nothing_is_copied(tokenizer: Tokenizer) -> None:
    array = nanoarrow.c_array(["改变世界", "你好"], nanoarrow.string())
    data = array.view().buffer(2)
    words = nanoarrow.c_array(tokenizer.cut_many(array)).view().child(0)
    assert words.buffer(2)._addr() == data._addr()


def test_what_goes_out_outlives_the_batch(tokenizer: Tokenizer) -> None:
    exported = nanoarrow.Array(
        tokenizer.cut_many(nanoarrow.c_array(["改变世界"] * 1000, nanoarrow.string()))
    )
    for _ in range(50):
        tokenizer.cut_many(["改变"]).__arrow_c_array__()
    gc.collect()
    assert exported.to_pylist() == [["改变", "世界"]] * 1000


def test_what_cannot_go_out_or_come_in_is_refused(tokenizer: Tokenizer) -> None:
    with pytest.raises(UsageError, match="byte 1 is not"):
        tokenizer.cut_many([b"a\xff"]).__arrow_c_array__()
    with pytest.raises(UsageError, match="UTF-8 can write"):
        tokenizer.cut_many(["\ud800"]).__arrow_c_array__()
    with pytest.raises(UsageError, match="expected an Arrow array of string"):
        tokenizer.cut_many(nanoarrow.c_array([1, 2], nanoarrow.int32()))
    batch = tokenizer.cut_many([b"a"])
    assert batch.bounds is not None
    with pytest.raises(ValueError, match="bounds"):
        word_lists(batch.offsets, batch.bounds, b"")
    with pytest.raises(ValueError, match="offsets"):
        word_lists(batch.offsets + 1, batch.bounds, b"a")
