"""Money and quantities: their places, their kinds, their values."""

from __future__ import annotations

import pytest

from lunheng.documents import Document
from lunheng.text import OffsetMap
from lunheng_plugins.entities.amounts import AmountGrammar
from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.reading import NUMERALS, Reading, character_flags


def amounts_in(text: str) -> list[Candidate]:
    reading = Reading.of(Document("d", text, text, OffsetMap.identity(len(text))))
    numerals = reading.runs_of(character_flags(NUMERALS))
    return list(AmountGrammar().candidates(text, numerals))


def found(text: str) -> list[tuple[str, str]]:
    return [(text[c.start : c.end], c.type) for c in amounts_in(text)]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("训练一次要2000万美金", ["2000万美金"]),
        ("大概花两三万就够", ["两三万"]),
        ("账上还有几十亿的现金流", ["几十亿"]),
        ("授权费一年一两千万人民币", ["一两千万人民币"]),
        ("先投5,000万美金再说", ["5,000万美金"]),
        ("卖到100亿刀", ["100亿刀"]),
        ("估值$30亿", ["$30亿"]),
        ("5万到10万元之间", ["5万到10万元"]),
        ("一块1500块钱的板子", ["1500块钱"]),
        ("超过12.5亿元人民币", ["12.5亿元人民币"]),
        ("年包六十二万，稳", ["六十二万"]),
        ("一个月省三十来万", ["三十来万"]),
        ("二十万以上的车才有", ["二十万以上"]),
        ("两千多的耳机", ["两千多"]),
        ("从10万降到6万出头", ["10万", "6万出头"]),
        ("房租每月四千五。", ["四千五"]),
        ("忙了一年，一毛钱没剩下", []),
    ],
)
def test_money(text: str, amounts: list[str]) -> None:
    assert [pair for pair in found(text) if pair[1] == "MONEY"] == [(a, "MONEY") for a in amounts]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("只占1.5%的语料", ["1.5%"]),
        ("有20%到30%的可能", ["20%到30%"]),
        ("买了10万张卡", ["10万张"]),
        ("一个7b的模型", ["7b"]),
        ("千亿参数的模型", ["千亿参数"]),
        ("几十倍或几百倍的提升", ["几十倍或几百倍"]),
        ("十几个人,30多家,5家左右", ["十几个人", "30多家", "5家左右"]),
        ("50家以上的公司", ["50家以上"]),
        ("支持200万token", ["200万token"]),
        ("一半的人", ["一半"]),
        ("百分之三十", ["百分之三十"]),
        ("投入1000万块gpu", ["1000万块"]),
        ("夜里零下十五度", ["零下十五度"]),
        ("上百家店", ["上百家"]),
    ],
)
def test_quantities(text: str, amounts: list[str]) -> None:
    assert found(text) == [(amount, "QTY") for amount in amounts]


@pytest.mark.parametrize(
    "text",
    [
        "一个人",
        "两家公司",
        "几秒钟",
        "第3个",
        "gpt-4",
        "万一失败",
        "千万别去",
        "百度",
        "十分好",
        "1.概述",
    ],
)
def test_no_amount(text: str) -> None:
    assert found(text) == []


def test_below_zero() -> None:
    (candidate,) = amounts_in("零下二十度")
    assert candidate.value == {"number": -20, "unit": "度"}


def test_a_price_said_again_is_a_price() -> None:
    assert found("大概花两三万。两三万?") == [("两三万", "MONEY"), ("两三万", "MONEY")]


def test_a_name_in_quotation_marks_is_no_amount() -> None:
    assert found("那只狗叫“三万”") == []


def test_yuan_and_a_tenth() -> None:
    (price,) = amounts_in("只卖九块九")
    assert price.value == {"number": 9.9, "currency": "CNY"}


def test_values() -> None:
    (money,) = amounts_in("2000万美金")
    assert money.value == {"number": 20_000_000, "currency": "USD"}
    (range_,) = amounts_in("20%到30%")
    assert range_.value == {"min": 20, "max": 30, "unit": "%"}
    (about,) = amounts_in("5家左右")
    assert about.value == {"number": 5, "approximate": True, "unit": "家"}
