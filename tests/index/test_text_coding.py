"""The packed text equals its readable twin's, and can be read from any place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lunheng.index.phrases import choose_phrases
from lunheng.index.segment_writing import block_ends
from lunheng.native.phrases import PhraseParser
from lunheng.native.text_coding import TextPacker, TextUnpacker, word_lengths
from reference import prefix_code

BLOCK, BLOCKS_IN_GROUP = prefix_code.BLOCK, prefix_code.BLOCKS_IN_GROUP


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60).filter(any))
def test_no_prefix_code_is_shorter(frequencies: list[int]) -> None:
    lengths = word_lengths(np.array(frequencies, np.uint64)).tolist()
    assert [length > 0 for length in lengths] == [frequency > 0 for frequency in frequencies]
    bits = sum(map(int.__mul__, frequencies, lengths))
    assert bits == prefix_code.least_bits(frequencies)


def test_words_are_of_24_bits_at_most() -> None:
    frequencies = [1, 1]
    while len(frequencies) < 60:
        frequencies.append(sum(frequencies[-2:]))
    lengths = word_lengths(np.array(frequencies, np.uint64))
    assert lengths.max() <= 24
    assert lengths[-1] == lengths.min()
    assert sum(2.0**-length for length in lengths.tolist()) <= 1


@st.composite
def coded_texts(draw: st.DrawFn) -> list[int]:
    few = draw(st.lists(st.integers(0, 60), min_size=1, max_size=8, unique=True))
    rare = st.integers(0, 9999)
    return draw(st.lists(st.sampled_from(few) | rare, max_size=300)) + few * draw(
        st.integers(1, 400)
    )


@given(codes=coded_texts(), compact=st.booleans(), data=st.data())
def test_text_is_packed_as_its_twin_and_read_from_any_place(
    codes: list[int], compact: bool, data: st.DataObject
) -> None:
    given_codes = np.array(codes, np.uint16)
    tokens, ends = given_codes, block_ends(len(codes))
    lengths = word_lengths(np.bincount(codes).astype(np.uint64))
    tables: tuple[NDArray[np.uint8], NDArray[np.uint16]] | tuple[()] = ()
    if compact:
        phrases = choose_phrases(given_codes, 10_000, BLOCK)
        tokens, ends = phrases.parser.parse(given_codes, BLOCK)
        lengths = word_lengths(phrases.frequencies)
        tables = (phrases.lengths, phrases.codes)
    packer = TextPacker(lengths)
    cut = data.draw(st.integers(0, len(ends)))
    middle = int(ends[cut - 1]) if cut else 0
    packed = packer.pack(tokens[:middle], ends[:cut]).tobytes()
    packed += packer.pack(tokens[middle:], ends[cut:] - np.uint32(middle)).tobytes()
    last, groups, blocks = packer.finish()
    starts = {0, *ends[:-1].tolist()}
    twin = prefix_code.pack(tokens.tolist(), starts, prefix_code.words(lengths.tolist()))
    assert (packed + last, groups.tolist(), blocks.tolist()) == twin
    start = data.draw(st.integers(0, len(codes)))
    n = data.draw(st.integers(0, len(codes) - start))
    block = min(start, len(codes) - 1) // BLOCK
    bit = int(groups[block // BLOCKS_IN_GROUP]) + int(blocks[block])
    found = TextUnpacker(lengths, *tables).codes(
        np.frombuffer(packed + last + bytes(8), np.uint8), bit, start - block * BLOCK, n
    )
    assert found.tolist() == codes[start : start + n]


@given(
    codes=st.lists(st.integers(0, 3), max_size=40),
    made=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=8),
    block=st.integers(1, 50),
)
def test_phrases_are_parsed_as_their_twin(
    codes: list[int], made: list[tuple[int, int]], block: int
) -> None:
    pairs = [(a % (4 + i), b % (4 + i)) for i, (a, b) in enumerate(made)]
    parser = PhraseParser(4, np.array(pairs, np.uint16).reshape(-1, 2))
    tokens, ends = parser.parse(np.array(codes, np.uint16), block)
    expected = prefix_code.parse(codes, {pair: 4 + i for i, pair in enumerate(pairs)}, block)
    assert (tokens.tolist(), ends.tolist()) == expected


@pytest.mark.parametrize("lengths", [[], [25], [1, 1, 1]])
def test_lengths_must_be_those_of_a_prefix_code(lengths: list[int]) -> None:
    with pytest.raises(ValueError, match=r"expected 1 to|more words of"):
        TextUnpacker(np.array(lengths, np.uint8))
