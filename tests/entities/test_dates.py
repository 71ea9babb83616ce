"""Dates, decades, durations and times: their places and their values."""

from __future__ import annotations

from datetime import date

import pytest

from lunheng.documents import Document
from lunheng.text import OffsetMap
from lunheng_plugins.entities.candidates import Candidate, choose
from lunheng_plugins.entities.date_values import reference_date
from lunheng_plugins.entities.dates import DateGrammar
from lunheng_plugins.entities.reading import NUMERALS, Reading, character_flags

WRITTEN = date(2024, 3, 15)


def dates_in(text: str, written: date | None = WRITTEN) -> list[Candidate]:
    reading = Reading.of(Document("d", text, text, OffsetMap.identity(len(text))))
    numerals = reading.runs_of(character_flags(NUMERALS))
    return choose(DateGrammar().candidates(text, numerals, written))


def found(text: str) -> list[str]:
    return [text[c.start : c.end] for c in dates_in(text)]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("在2021年6月发布", ["2021年6月"]),
        ("熬了三个晚上，等了一个半小时", ["三个晚上", "一个半小时"]),
        ("每周在家两日", ["两日"]),
        ("憋了半天，他半天没答上来", []),
        ("去年9月,今年", ["去年9月", "今年"]),
        ("去年三四月份的时候", ["去年三四月份"]),
        ("90年代初的事", ["90年代初"]),
        ("用了两年半", ["两年半"]),
        ("过去10个月", ["10个月"]),
        ("三个月后上市", ["三个月后"]),
        ("每天5点就醒", ["5点"]),
        ("1-2年后你会看到", ["1-2年后"]),
        ("十几二十年前", ["十几二十年前"]),
        ("2005到2012年之间", ["2005到2012年"]),
        ("在2020年以前", ["2020年以前"]),
        ("截至2023年10月15日", ["2023年10月15日"]),
        ("2023-05-09 01:05", ["2023-05-09 01:05"]),
        ("昨天下午3点开会", ["昨天下午3点"]),
        ("今年上半年", ["今年上半年"]),
    ],
)
def test_dates(text: str, dates: list[str]) -> None:
    assert found(text) == dates


@pytest.mark.parametrize(
    "text", ["现在", "最近", "未来", "几秒钟", "有一天", "第三年", "每年", "3点建议"]
)
def test_no_date(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("去年9月", {"date": "2023-09"}),
        ("今年上半年", {"start": "2024-01-01", "end": "2024-06-30"}),
        ("90年代", {"start": "1990-01-01", "end": "1999-12-31"}),
        ("上个月", {"date": "2024-02"}),
        ("昨天", {"date": "2024-03-14"}),
        ("下周三", {"date": "2024-03-20"}),
        ("两年半", {"duration": "P2.5Y"}),
        ("2个月前", {"duration": "P2M", "direction": "before", "date": "2024-01"}),
        ("2005到2012年", {"start": "2005-01-01", "end": "2012-12-31"}),
    ],
)
def test_values(text: str, value: dict[str, object]) -> None:
    (chosen,) = dates_in(text)
    assert chosen.value == value


def test_without_a_date_of_its_own_a_document_keeps_the_relation() -> None:
    (chosen,) = dates_in("昨天", None)
    assert chosen.value == {"unit": "day", "offset": -1}


def test_reference_date() -> None:
    assert reference_date("2023-05-09 01:05") == date(2023, 5, 9)
    assert reference_date("2023年5月9日") == date(2023, 5, 9)
    assert reference_date("2023-13-45") is None
    assert reference_date(None) is None
