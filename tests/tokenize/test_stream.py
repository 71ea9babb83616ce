"""Texts that come one by one are cut in batches of bounded size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.errors import UsageError
from lunheng.tokenize import Tokenizer


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer()


@given(
    held=st.lists(st.one_of(st.text(max_size=9), st.binary(max_size=9)), max_size=30),
    size=st.integers(1, 40),
)
def test_batches_are_the_texts_in_order(
    tokenizer: Tokenizer, held: list[str | bytes], size: int
) -> None:
    batches = list(tokenizer.stream(held, size=size))
    assert [words for batch in batches for words in batch] == [tokenizer.cut(t) for t in held]
    assert [text for batch in batches for text in batch.texts] == held
    for batch in batches:
        assert sum(map(len, list(batch.texts)[:-1])) < size


def test_no_more_is_read_than_a_batch_needs(tokenizer: Tokenizer) -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "改变世界"

    batches = tokenizer.stream(endless(), size=40)
    assert len(next(batches)) == 10
    assert taken == 11


@pytest.mark.parametrize("mode", ["r", "rb"])
def test_lines_of_a_file(tokenizer: Tokenizer, tmp_path: Path, mode: str) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes("改变世界\n你好\n".encode() * 100)
    with path.open(mode, **({} if mode == "rb" else {"encoding": "utf-8"})) as file:
        words = [
            word for batch in tokenizer.stream(file, size=50) for text in batch for word in text
        ]
    assert "".join(words).encode() == path.read_bytes()
    assert words == tokenizer.cut(path.read_bytes())


def test_what_is_no_text_is_refused(tokenizer: Tokenizer) -> None:
    with pytest.raises(UsageError, match="found int"):
        list(tokenizer.stream(["a", 1]))
