"""Code points of UTF-8 are those that Python reads, and places in it can be counted either way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.native.points import code_point_ends, stray_byte, utf8_points

damaged = st.one_of(
    st.binary(max_size=40),
    st.lists(
        st.one_of(
            st.characters().map(lambda c: c.encode("utf-8", "surrogatepass")),
            st.sampled_from(
                [b"\xe4\xb8", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80", b"\xf0"]
            ),
        ),
        max_size=12,
    ).map(b"".join),
)


@given(data=damaged)
def test_points_are_those_that_python_reads(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    assert utf8_points(data).tolist() == list(map(ord, text))


@given(data=damaged)
def test_stray_byte_is_where_python_stops(data: bytes) -> None:
    try:
        data.decode()
        expected = -1
    except UnicodeDecodeError as error:
        expected = error.start
    assert stray_byte(data) == expected


@given(texts=st.lists(st.lists(st.text(min_size=1, max_size=4), max_size=5), max_size=5))
def test_ends_in_bytes_become_ends_in_code_points(texts: list[list[str]]) -> None:
    words = [[w.encode("utf-8", "surrogatepass") for w in text] for text in texts]
    flat = [word for text in words for word in text]
    starts = np.cumsum([0, *(sum(map(len, text)) for text in words)])
    offsets = np.cumsum([0, *map(len, words)])
    ends = np.cumsum([len(word) for word in flat], dtype=np.int64)
    found = code_point_ends(b"".join(flat), ends, starts, offsets)
    read = [[len(w.decode("utf-8", "surrogateescape")) for w in text] for text in words]
    assert found.tolist() == [end for text in read for end in np.cumsum(text, dtype=int).tolist()]


@pytest.mark.parametrize(
    ("ends", "starts", "offsets"),
    [
        ([4], [0, 3], [0, 1]),
        ([2, 1], [0, 3], [0, 2]),
        ([1], [0, 3], [0, 2]),
        ([1], [0, 4], [0, 1]),
        ([1], [1, 0], [0, 1]),
        ([1], [0], [0, 1]),
        ([], [], []),
    ],
)
def test_places_outside_the_data_are_refused(
    ends: list[int], starts: list[int], offsets: list[int]
) -> None:
    arrays = [np.array(values, np.int64) for values in (ends, starts, offsets)]
    with pytest.raises(ValueError, match="expected"):
        code_point_ends(b"abc", *arrays)
