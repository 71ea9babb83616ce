"""Counts of n-grams are those of the readable twin."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.native.ngram_counts import NgramCounter
from reference.ngram_counts import counts

symbols = st.lists(st.sampled_from([0, 1, 2, 3, 0x10FFFF + 1]), max_size=8)


def arrays(texts: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    flat = np.array([symbol for text in texts for symbol in text], np.uint32)
    return flat, np.cumsum([0, *map(len, texts)]).astype(np.int64)


@given(st.lists(symbols, max_size=5), st.integers(1, 3), st.integers(0, 2))
def test_counts_are_those_of_the_twin(texts: list[list[int]], n_min: int, more: int) -> None:
    n_max = n_min + more
    counter = NgramCounter()
    begins, columns, numbers = counter.count(*arrays(texts), n_min, n_max)
    spelt = counter.spelt(columns.astype(np.uint32), n_max).tolist()
    found = [
        {
            tuple(symbol for symbol in row if symbol): number
            for row, number in zip(spelt[first:last], numbers[first:last].tolist(), strict=True)
        }
        for first, last in pairwise(begins.tolist())
    ]
    assert found == counts(texts, n_min, n_max)
    again = counter.count(*arrays(texts), n_min, n_max, False)
    assert all(map(np.array_equal, again, (begins, columns, numbers)))


def test_what_has_no_number_is_passed_over_when_no_more_are_given() -> None:
    counter = NgramCounter()
    counter.count(*arrays([[1, 2]]), 1, 2)
    assert len(counter) == 3
    begins, columns, numbers = counter.count(*arrays([[2, 1, 2, 3], []]), 1, 2, False)
    spelt = counter.spelt(columns.astype(np.uint32), 2).tolist()
    assert dict(zip(map(tuple, spelt), numbers.tolist(), strict=True)) == {
        (2, 0): 2,
        (1, 0): 1,
        (1, 2): 1,
    }
    assert begins.tolist() == [0, 3, 3]


@pytest.mark.parametrize("bounds", [[0, 9], [2, 1], [-1, 1]])
def test_bounds_must_lie_in_the_symbols(bounds: list[int]) -> None:
    with pytest.raises(ValueError, match="bounds"):
        NgramCounter().count(np.ones(3, np.uint32), np.array(bounds, np.int64), 1, 1)


def test_a_number_must_be_known() -> None:
    with pytest.raises(ValueError, match="up to 0"):
        NgramCounter().spelt(np.array([1], np.uint32), 1)
