"""What dates and durations mean: ISO dates and ranges, resolved against the document's own date."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from lunheng_plugins.entities.numbers import Interval, interval, joined

HAN = "〇零一二三四五六七八九十"
TENS = r"[二三四五六七八九]十|[0-9]0"
ISO_UNITS = {"年": "Y", "月": "M", "日": "D", "天": "D", "夜": "D", "周": "W",
             "晚": "D", "上": "D", "下": "D", "早": "D", "工": "D", "通": "D"}  # fmt: skip
RANGE_WORDS = {"初": (1, 3), "年初": (1, 3), "底": (10, 12), "末": (10, 12), "年底": (10, 12),
               "年末": (10, 12), "年中": (5, 8), "中": (5, 8), "上半年": (1, 6), "下半年": (7, 12),
               "一": (1, 3), "二": (4, 6), "三": (7, 9), "四": (10, 12), "1": (1, 3), "2": (4, 6),
               "3": (7, 9), "4": (10, 12), "春": (3, 5), "夏": (6, 8), "秋": (9, 11),
               "冬": (12, 12), "暑假": (7, 8), "寒假": (1, 2)}  # fmt: skip


def reference_date(text: str | None) -> date | None:
    """Return the first ISO-like date of a document's date field, or None."""
    match = re.search(r"(\d{4})\D{1,2}(\d{1,2})(?:\D{1,2}(\d{1,2}))?", text or "")
    try:
        return date(int(match[1]), int(match[2]), int(match[3] or 1)) if match else None
    except ValueError:
        return None


def whole_number(text: str | None) -> int | None:
    """Return the one whole number that digits or a numeral name."""
    if not text:
        return None
    digits = re.match(rf"\d+|[{HAN}]+", text.strip())
    found = interval(digits[0]) if digits else None
    return int(found[0]) if found else None


def _year_of(text: str, written: date | None) -> int | None:
    """Return the year that 2021年, 98年 or 去年 names."""
    if text == "千禧年":
        return 2000
    shifts = {"今": 0, "去": -1, "明": 1, "前": -2, "后": 2, "大": -3}
    if text[0] in shifts and "年" in text:
        return written.year + shifts[text[0]] if written else None
    number = whole_number(text.removeprefix("公元"))
    if number is not None and number < 100 and not text.startswith("公元"):
        return number + (1900 if number > 40 else 2000)
    return -number if number is not None and text.startswith("公元前") else number


def _span_of(year: int | None, first: int, last: int, day: int | None = None) -> dict[str, object]:
    """Return the ISO date or range of months of a year; without a year the month alone."""
    if year is None:
        label = f"--{first:02d}" + (f"-{day:02d}" if day else "")
        return {"date": label} if first == last else {"start": label, "end": f"--{last:02d}"}
    if year < 1:
        return {"date": f"{year:05d}"}
    if day:
        return {"date": f"{year:04d}-{first:02d}-{day:02d}"}
    if first == last:
        return {"date": f"{year:04d}-{first:02d}"}
    if (first, last) == (1, 12):
        return {"date": f"{year:04d}"}
    return {
        "start": f"{year:04d}-{first:02d}-01",
        "end": f"{year:04d}-{last:02d}-{calendar.monthrange(year, last)[1]:02d}",
    }


def absolute_value(match: re.Match[str], written: date | None) -> dict[str, object]:
    """Return the value of a calendar date, a decade, a century or a span of years."""
    if match["iso"]:
        numbers = [int(part) for part in re.findall(r"\d+", match["iso"])]
        value: dict[str, object] = {"date": "{:04d}-{:02d}-{:02d}".format(*numbers[:3])}
        if len(numbers) > 4:
            value["time"] = f"{numbers[3]:02d}:{numbers[4]:02d}"
        return value
    if match["decade"]:
        return _decade_value(match["decade"])
    if match["century"]:
        return _century_value(match["century"], written)
    if match["years"]:
        low, high = (
            whole_number(part) for part in re.findall(rf"\d{{4}}|[{HAN}]{{4}}", match["years"])
        )
        return {"start": f"{low}-01-01", "end": f"{high}-12-31"}
    return _calendar_value(match, written)


def _decade_value(text: str) -> dict[str, object]:
    digits = re.search(rf"(\d{{4}}|\d0|{TENS})年代", text)
    number = whole_number(digits[1]) if digits else 0
    year = number if number and number >= 1000 else (number or 0)
    if year < 1000:
        century = re.match(r"(\d\d)世纪", text)
        base = (int(century[1]) - 1) * 100 if century else (2000 if year < 30 else 1900)
        year += base
    return {"start": f"{year:04d}-01-01", "end": f"{year + 9:04d}-12-31"}


def _century_value(text: str, written: date | None) -> dict[str, object]:
    number = whole_number(text)
    if number is None:
        if written is None:
            return {"unit": "century", "offset": {"上": -1, "本": 0, "下": 1}[text[0]]}
        number = written.year // 100 + 1 + {"上": -1, "本": 0, "下": 1}[text[0]]
    return {"start": f"{(number - 1) * 100:04d}-01-01", "end": f"{number * 100 - 1:04d}-12-31"}


def _calendar_value(match: re.Match[str], written: date | None) -> dict[str, object]:
    """Return the value of year, part of the year, month and day, as far as they are given."""
    year = (
        _year_of(match["year"], written) if match["year"] else (written.year if written else None)
    )
    month, day = match["month"] or match["month2"], match["day"] or match["day2"]
    if match["day3"]:
        first = last = written.month if written else 0
        return (
            _span_of(year, first, last, whole_number(match["day3"]))
            if written
            else {"date": f"---{whole_number(match['day3']):02d}"}
        )
    if month:
        both = re.fullmatch(r"\s?([一二三四五六七八九])([一二三四五六七八九])月份?.*", month)
        numbers = [
            whole_number(part) or 1
            for part in ([both[1], both[2]] if both else re.findall(rf"\d+|[{HAN}]+", month))
        ]
        return _span_of(year, numbers[0], max(numbers[-1], numbers[0]), whole_number(day))
    part = (match["part"] or "").removeprefix("的").removeprefix("第")
    for word, (first, last) in RANGE_WORDS.items():
        if part == word or (part and part.removeprefix("q")[0] == word):
            return _span_of(year, first, last)
    if year is None:
        return {"unit": "year", "offset": {"今": 0, "去": -1, "明": 1}.get(match["year"][0], 0)}
    return _span_of(year, 1, 12)


def relative_value(match: re.Match[str], written: date | None) -> dict[str, object]:
    """Return the value of a day, week, month or season told from the day of writing."""
    text = match[0]
    if match["day"]:
        days = {"今": 0, "昨": -1, "明": 1, "前": -2, "后": 2, "大": 3, "当": 0}[text[0]]
        days = -3 if text.startswith("大前") else days
        if written is None:
            return {"unit": "day", "offset": days}
        return {"date": (written + timedelta(days)).isoformat()}
    if match["week2"]:
        return _week_value(text.replace("礼拜", "周"), written)
    if match["week"]:
        return _week_value(text.removesuffix(match["hour"] or "\0"), written)
    if match["month"]:
        offset = {"上": -1, "下": 1}.get(text[0], 0)
        if written is None:
            return {"unit": "month", "offset": offset}
        months = written.year * 12 + written.month - 1 + offset
        return _span_of(months // 12, months % 12 + 1, months % 12 + 1)
    if match["half"] and text[0] != "月":
        word = text.removeprefix("第").removeprefix("q")
        first, last = RANGE_WORDS.get(word) or RANGE_WORDS.get(word[0], (1, 12))
        return _span_of(written.year if written else None, first, last)
    return {"name": text}


def _week_value(text: str, written: date | None) -> dict[str, object]:
    offset = {"上": -1, "下": 1}.get(text[0], 0) * (2 if text[1] in "上下" else 1)
    day = "一二三四五六日天".find(text[-1])
    if written is None:
        return {"unit": "week", "offset": offset}
    monday = written - timedelta(written.weekday()) + timedelta(7 * offset)
    if day < 0:
        return {"start": monday.isoformat(), "end": (monday + timedelta(6)).isoformat()}
    return {"date": (monday + timedelta(min(day, 6))).isoformat()}


def _length(match: re.Match[str]) -> Interval | None:
    """Return how many units a duration lasts."""
    if match["half"]:
        return 0.5, 0.5
    first = interval(match["first"])
    if first is None:
        return None
    if match["second"]:
        second = interval(match["second"])
        return joined(first, second) if second else None
    if match["tail"] == "半" or "半" in match["unit"]:
        return first[0] + 0.5, first[1] + 0.5
    return first


def duration_value(match: re.Match[str], written: date | None) -> dict[str, object] | None:
    """Return how long a duration is, and the date it leads to; None where it means nothing."""
    unit, point = match["unit"], match["point"]
    length = _length(match)
    if length is None:
        return None
    name = unit.removeprefix("个").removeprefix("半")
    letter = "M" if "月" in unit or "季" in unit else ISO_UNITS.get(name[:1], "")
    times = 3 if "季" in unit else 100 if "世纪" in unit else 1
    letter = "Y" if "世纪" in unit else "W" if name in ("星期", "礼拜", "周") else letter
    clock = {"小时": "H", "钟头": "H", "分钟": "M", "秒钟": "S", "秒": "S"}.get(name)
    bounds = [_short(bound * times) for bound in length]
    iso = [f"PT{bound}{clock}" if clock else f"P{bound}{letter}" for bound in bounds]
    value: dict[str, object] = {"duration": iso[0]}
    if iso[0] != iso[1]:
        value = {"min": iso[0], "max": iso[1]}
    if point and re.search("[前后]", point) and point != "前后":
        value["direction"] = "before" if "前" in point else "after"
        if written and letter in "YMWD" and length[0] == length[1] and not clock:
            value["date"] = _moved(written, length[0] * times, letter, "前" in point)
    return value


def _short(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:g}"


def _moved(written: date, count: float, letter: str, back: bool) -> str:
    """Return the year, month or day that lies ``count`` units before or after a date."""
    sign = -1 if back else 1
    if letter in "DW":
        return (written + timedelta(sign * count * (7 if letter == "W" else 1))).isoformat()
    months = round(
        written.year * 12 + written.month - 1 + sign * count * (12 if letter == "Y" else 1)
    )
    year, month = months // 12, months % 12 + 1
    if not 1 <= year <= 9999:
        return f"{year}"
    return f"{year:04d}" if letter == "Y" and count == int(count) else f"{year:04d}-{month:02d}"
