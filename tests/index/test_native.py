"""Checksums and posting lists equal their readable twins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.native.checksum import block_checksums, xxh64
from lunheng.native.eliasfano import members, pack, unpack
from reference import checksum as plain_checksum
from reference import eliasfano as plain_lists


def test_checksum_of_nothing_is_the_published_one() -> None:
    assert xxh64(b"") == 0xEF46DB3751D8E999


@given(data=st.binary(max_size=200), seed=st.integers(0, 2**64 - 1))
def test_checksum_is_xxh64(data: bytes, seed: int) -> None:
    assert xxh64(data, seed) == plain_checksum.xxh64(data, seed)


@given(data=st.binary(max_size=100), block=st.integers(1, 40))
def test_every_block_has_its_checksum(data: bytes, block: int) -> None:
    parts = [data[i : i + block] for i in range(0, len(data), block)]
    assert block_checksums(data, block).tolist() == [xxh64(part) for part in parts]


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[int], int]:
    universe = draw(st.sampled_from([1, 2, 3, 10, 100, 4096, 10**6, 2**32]))
    values = draw(st.sets(st.integers(0, universe - 1), min_size=1, max_size=60))
    return sorted(values), universe


@given(lists())
def test_lists_come_back(case: tuple[list[int], int]) -> None:
    values, universe = case
    packed = pack(values, universe)
    assert packed == plain_lists.pack(values, universe)
    assert unpack(packed, universe, len(values)).tolist() == values


@given(lists(), st.data())
def test_lists_know_their_members(case: tuple[list[int], int], data: st.DataObject) -> None:
    values, universe = case
    asked = sorted(
        data.draw(st.sets(st.sampled_from(values) | st.integers(0, universe - 1), max_size=40))
    )
    found = members(pack(values, universe), universe, len(values), asked)
    assert found.tolist() == [value in set(values) for value in asked]


@pytest.mark.parametrize("universe", [5000, 300_000, 2**31])
def test_long_lists_are_sampled(universe: int) -> None:
    generator = np.random.default_rng(universe)
    values = np.unique(generator.integers(0, universe, 4000))
    packed = pack(values, universe)
    assert packed == plain_lists.pack(values.tolist(), universe)
    assert np.array_equal(unpack(packed, universe, len(values)), values)
    asked = np.unique(np.concatenate([generator.integers(0, universe, 500), values[::7]]))
    assert np.array_equal(members(packed, universe, len(values), asked), np.isin(asked, values))


@pytest.mark.parametrize("values", [[], [3, 2], [4, 4], [10]])
def test_lists_must_ascend_below_the_universe(values: list[int]) -> None:
    with pytest.raises(ValueError, match="expected"):
        pack(values, 10)
