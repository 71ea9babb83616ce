"""Measures are their definitions, and agree where one is a case of another."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lunheng.corpus.measures import (
    entropy,
    expected,
    frequency_log_likelihood,
    log_likelihood,
    log_ratio,
)


def test_frequency_log_likelihood_is_rayson_and_garsides() -> None:
    g2 = frequency_log_likelihood(np.array([30]), np.array([10]), 1000, 2000)
    expected_a, expected_b = 1000 * 40 / 3000, 2000 * 40 / 3000
    wanted = 2 * (30 * math.log(30 / expected_a) + 10 * math.log(10 / expected_b))
    assert g2[0] == pytest.approx(wanted)
    ratio = log_ratio(np.array([30]), np.array([10]), 1000, 2000)
    assert ratio[0] == pytest.approx(math.log2((30.5 / 1001) / (10.5 / 2001)))


def test_equal_frequencies_tell_nothing() -> None:
    g2 = frequency_log_likelihood(np.array([10, 0]), np.array([20, 0]), 1000, 2000)
    assert g2 == pytest.approx([0, 0])


def test_log_likelihood_is_that_of_four_cells() -> None:
    table = np.array([[12.0, 5.0], [30.0, 200.0]])
    wanted = sum(
        2 * cell * math.log(cell * table.sum() / (table[i].sum() * table[:, j].sum()))
        for i, row in enumerate(table)
        for j, cell in enumerate(row)
    )
    assert log_likelihood(12, 17, 42, 247) == pytest.approx(wanted)
    assert expected(17, 42, 247) == pytest.approx(17 * 42 / 247)


def test_entropy_of_one_kind_is_nothing() -> None:
    assert entropy([7]) == 0
    assert entropy([3, 3, 3, 3]) == pytest.approx(2)
