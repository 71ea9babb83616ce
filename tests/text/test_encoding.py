"""Decoding bytes of unknown encoding, judged by equal text."""

from __future__ import annotations

import random
from collections.abc import Iterator
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.errors import ReadError
from lunheng.text import Decoder

DECODER = Decoder()
SIMPLIFIED, TRADITIONAL = ("ai-jiage-zhan-baodao.txt", "ai-kaiyuan-fangtan-hk.txt")
ANY = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030")
CELLS = [(SIMPLIFIED, encoding) for encoding in ANY]
CELLS += [(TRADITIONAL, encoding) for encoding in (*ANY, "big5", "big5hkscs")]


def windows(text: str, size: int, number: int, encoding: str) -> Iterator[tuple[str, bytes]]:
    """Yield pieces of a text that begin where a line does, and their bytes."""
    chance = random.Random(size)
    starts = [at + 1 for at, character in enumerate(text) if character == "\n"]
    starts = [at for at in starts if at + size <= len(text)] or [0]
    for _ in range(number):
        begin = chance.choice(starts)
        piece = text[begin : begin + size]
        try:
            yield piece, piece.encode(encoding)
        except UnicodeEncodeError:
            continue


@pytest.mark.parametrize(("name", "encoding"), CELLS)
@pytest.mark.parametrize("size", [20, 100, 1000])
def test_text_comes_out_equal(name: str, encoding: str, size: int) -> None:
    text = files("lunheng_seeds").joinpath("samples", name).read_text("utf-8")
    for piece, data in windows(text, size, 12, encoding):
        decoded = DECODER.decode(data)
        assert decoded.text == piece
        assert decoded.undecodable == 0


@given(st.binary(max_size=300))
def test_any_bytes_give_a_text_and_a_count(data: bytes) -> None:
    text, encoding, undecodable = DECODER.decode(data)
    assert undecodable == text.count("\ufffd")
    assert data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\0\0\xfe\xff")) or (
        data.decode(encoding, "replace") == text
    )


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["utf-8", "gb18030"]))
def test_a_named_encoding_is_obeyed(text: str, encoding: str) -> None:
    if not text.startswith("\ufeff"):
        assert DECODER.decode(text.encode(encoding), encoding).text == text


def test_damage_is_counted_and_the_rest_kept() -> None:
    data = "我们花了很多时间讨论这个问题，".encode("gb18030") * 5
    found = DECODER.decode(data[:30] + b"\xff\xff" + data[30:])
    assert found.encoding == "gb18030"
    assert found.undecodable > 0
    assert found.text.count("讨论这个问题") >= 4


def test_an_unknown_encoding_is_named() -> None:
    with pytest.raises(ReadError, match="klingon"):
        DECODER.decode(b"x", "klingon")
