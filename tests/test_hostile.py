"""Hostile input: huge and monotonous texts are gone through in linear time, without a crash."""

from __future__ import annotations

import time

import pytest

from fuzz.surfaces import SURFACES

pytestmark = pytest.mark.slow

# Four times the input may take this many times as long: linear is 4, quadratic 16.
MOST_GROWTH = 9
NOISE = 0.2
PIECES = (
    *("((((", "「「「「", "<<<<", "[[[[", "“”", "《》", '""""', "&&&&", "\\\\", "****", "````"),
    *("<a <", "<!--", "<p>", "&#", "[a](", "(a(b", "((à", '{"a":', "|a|", "，，，，", "？！斑@"),
    *("Ã¥Â", "\u200b", " \n", "\r", "甲：", "“甲”说", "好"),
)
TEXTUAL = ("decoding", "structure", "cleaning", "text", "markdown", "html", "jsonl", "csv")
MEGABYTE = 1 << 20


def seconds(surface: str, data: bytes) -> float:
    """Return the CPU time that a surface takes for an input."""
    begun = time.process_time()
    SURFACES[surface](data)
    return time.process_time() - begun


def monotonous(piece: str, characters: int) -> bytes:
    return (piece * (characters // len(piece) + 1))[:characters].encode()


@pytest.mark.parametrize("surface", TEXTUAL)
@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_length(surface: str, piece: str) -> None:
    seconds(surface, monotonous(piece, 1000))
    short = seconds(surface, monotonous(piece, 10_000))
    long = seconds(surface, monotonous(piece, 40_000))
    assert long <= MOST_GROWTH * short + NOISE


@pytest.mark.parametrize("surface", TEXTUAL)
@pytest.mark.parametrize("piece", ["((((", "「「「「", "<<<<"])
def test_ten_megabytes_of_one_mark(surface: str, piece: str) -> None:
    data = piece.encode() * (10 * MEGABYTE // len(piece.encode()))
    print(f"{surface} {piece}: {seconds(surface, data):.1f} s of CPU for {len(data):,} bytes")


@pytest.mark.parametrize("surface", ["decoding", "structure", "cleaning", "text", "csv"])
def test_one_line_of_a_hundred_megabytes(surface: str) -> None:
    line = "五年之内，要把换电站铺到每一个县城，这是他们的说法；" * (100 * MEGABYTE // 78)
    data = line.encode()
    print(f"{surface}: {seconds(surface, data):.1f} s of CPU for {len(data):,} bytes")
