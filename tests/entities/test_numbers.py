"""Numerals: every dress a number wears, and the interval that it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng_plugins.entities.numbers import interval, joined

DIGITS = "零一二三四五六七八九"
UNITS = ("", "十", "百", "千")


def spoken(number: int) -> str:
    """Return a whole number below 10**12 as it is read aloud."""
    if number == 0:
        return "零"
    parts: list[str] = []
    for power, mark in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group, number = divmod(number, power)
        if group:
            parts.append(("零" if parts and group < 1000 else "") + _group(group) + mark)
        elif parts and number and not parts[-1].endswith("零"):
            parts.append("零")
    return "".join(parts).replace("零零", "零")


def _group(number: int) -> str:
    digits = [int(digit) for digit in f"{number:04d}"]
    text = ""
    for place, digit in zip((3, 2, 1, 0), digits, strict=True):
        if digit:
            text += DIGITS[digit] + UNITS[place]
        elif text and any(digits[4 - place :]) and not text.endswith("零"):
            text += "零"
    return text


@given(st.integers(0, 10**12 - 1))
def test_a_spoken_number_means_itself(number: int) -> None:
    assert interval(spoken(number)) == (number, number)


@given(st.integers(0, 10**15))
def test_a_written_number_means_itself(number: int) -> None:
    assert interval(f"{number:,}") == (number, number)


@pytest.mark.parametrize(
    ("numeral", "least", "greatest"),
    [
        ("两三万", 20_000, 30_000),
        ("十几", 11, 19),
        ("十几二十", 11, 20),
        ("三四十", 30, 40),
        ("几百", 200, 900),
        ("2.5万", 25_000, 25_000),
        ("10万亿", 10**13, 10**13),
        ("30多", 30, 39),
        ("一百多", 100, 199),
        ("1.2w", 12_000, 12_000),
        ("成千上万", 1000, 100_000),
        ("三万五", 35_000, 35_000),
        ("二〇二四", 2024, 2024),
        ("三点一四", 3.14, 3.14),
    ],
)
def test_vague_numerals(numeral: str, least: float, greatest: float) -> None:
    assert interval(numeral) == (least, greatest)


@pytest.mark.parametrize("numeral", ["", "多", "点"])
def test_what_is_no_number(numeral: str) -> None:
    assert interval(numeral) is None


def test_a_magnitude_said_once_counts_for_both() -> None:
    assert joined((20, 20), (300_000, 300_000)) == (200_000, 300_000)
    assert joined((3, 3), (5, 5)) == (3, 5)
