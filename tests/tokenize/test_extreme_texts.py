"""Inputs of a size or kind that nobody plans for: correct words, or an error that says why."""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from lunheng.tokenize import Tokenizer

SENTENCE = "人工智能正在改变世界，"


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer()


@pytest.mark.parametrize("unit", ["\x00", "\ud800", "\u0301", "\u200d", "\r", "#", "@", "…"])
def test_one_character_again_and_again(tokenizer: Tokenizer, unit: str) -> None:
    text = unit * 20_000
    assert "".join(tokenizer.cut(text)) == text
    data = text.encode("utf-8", "surrogatepass")
    assert "".join(tokenizer.cut(data)).encode("utf-8", "surrogateescape") == data


def test_every_code_point(tokenizer: Tokenizer) -> None:
    text = "".join(map(chr, range(sys.maxunicode + 1)))
    assert "".join(tokenizer.cut(text)) == text


def cut_there(tokenizer: Tokenizer, text: str) -> list[str]:
    return tokenizer.cut(text)


@pytest.mark.slow
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_other_processes_cut_the_same(tokenizer: Tokenizer, method: str) -> None:
    own = tokenizer.with_words(["正在改"])
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        found = [pool.submit(cut_there, own, SENTENCE) for _ in range(4)]
        assert [future.result() for future in found] == [own.cut(SENTENCE)] * 4


@pytest.mark.slow
def test_line_of_a_gigabyte(tokenizer: Tokenizer) -> None:
    """What it takes: 1 GB for the line, 1.4 GB for the ends of its words."""
    data = SENTENCE.encode() * ((1 << 30) // len(SENTENCE.encode()))
    batch = tokenizer.cut_many(data, offsets=[0, len(data)])
    assert batch.bounds is not None
    single = tokenizer.spans(SENTENCE.encode())[:, 1]
    repeated = batch.ends.reshape(-1, len(single))
    steps = np.arange(len(repeated)) * len(SENTENCE.encode())
    assert np.array_equal(repeated[::1000], (single + steps[:, np.newaxis])[::1000])
    assert batch.ends[-1] == len(data)
