"""Dates, times of day, decades and durations, resolved against the document's own date.

The grammar reads folded text; offsets are half-open code points.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from lunheng.text import PhraseMatcher
from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.numbers import HANZI, Interval, interval, joined
from lunheng_plugins.entities.reading import NUMERALS

HAN = "〇零一二三四五六七八九十"
YEAR = r"(?:(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3}|1[0-8]\d\d)"
YEAR_WORD = "千禧年|[今去明前后]年|大前年|次年|翌年"
MONTH_NUMBER = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
DAY_NUMBER = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
SEASON = "春[天季节]?|夏[天季]|秋[天季]|冬[天季]|暑假|寒假|[春夏秋冬](?=[,。、初末])"
PART_OF_YEAR = (
    "上半年|下半年|年初|年中|年底|年末|[一二三四]季度|第[一二三四]季度?|今[日天]|"
    "q[1-4]|初|底|末|中(?=[,。旬])"
)
DAYPART = "清晨|凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|深夜|半夜|午后|夜里|晚|早"
CLOCK = (
    r"(?:\d{1,2}|十[一二]?|二十[一二三四]?|[一二两三四五六七八九])[:时点]"
    r"(?:\d{1,2}分?|半|整|[一二三四五]?十[一二三四五六七八九]?分?)?"
)
HOLIDAY = (
    "春节|元旦|国庆节?|中秋节?|圣诞节?|情人节|劳动节|"
    "五一|除夕|端午节?|清明节?|元宵节|感恩节|万圣节|双十一|双十二|双11|双12"
)
NUMBER = rf"(?:\d+(?:\.\d+)?|[{HANZI[:-2]}几数]+)(?:多|余|来)?"
LENGTH = (
    "个半月|个多月|个月|个季度|季度|个星期|星期|个礼拜|"
    "季|周年|周|个小时|小时|个钟头|个钟|分多钟|分钟|秒钟|秒|晚上|上午|下午|整天|整年|个世纪|世纪|年|天|日|月|夜"
)
POINT = "(?:之?[前后](?![景端期来者方沿续果面])|以前|以后|以来|以内|之内|内(?![容部心地外在])|前后)"

_MONTH = rf"{MONTH_NUMBER}(?:(?:-|~|到|至|、){MONTH_NUMBER})?月(?:份)?(?!球|亮|活|薪|饼|租|均)"
_TWO_MONTHS = r"[一二三四五六七八九]{2}月份?"
_DAY = rf"{DAY_NUMBER}[日号](?!线|称|码|召|楼|店|机)"
_TIME = rf"(?:(?:{DAYPART})?\s?{CLOCK}|{DAYPART})"
_TENS = r"[二三四五六七八九]十|[0-9]0"

ABSOLUTE = re.compile(
    rf"""
    (?P<iso>(?<!\d){YEAR}[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])(?!\d)
        (?:[\st]+\d{{1,2}}:\d\d(?::\d\d)?)?)
    |(?P<decade>(?:(?:上个?世纪|上世纪|本世纪|(?:20|21|19|18)世纪)\s?)?(?:(?:18|19|20)\d0|(?<!\d)\d0|{_TENS})年代
        (?:初期?|末期?|中期|后期|中后期|早期|前期|晚期)?)
    |(?P<century>(?:(?<!\d)\d\d|二十一?|十[一二三四五六七八九]?)世纪(?:初|末|中叶?)?|[上本下]个?世纪(?:初|末)?)
    |(?P<years>(?<![\d.]){YEAR}年?(?:-|~|—|到|至){YEAR}年)
    |(?P<year>(?<![\d.])(?:公元前?\d{{1,4}}|{YEAR}|(?<!\d)(?:[6-9]\d|0\d)(?=年(?!代|的))|(?<!\d)\d\d(?=年{_MONTH}))\s?年
        |(?<![一-鿿\d]){YEAR}(?=[,。、年])(?!年)
        |(?:{YEAR_WORD}))
      (?P<part>(?:的)?(?:{SEASON}|{PART_OF_YEAR}|{HOLIDAY})?)
      (?P<first>前[一两二三四五六七八九十\d]{{1,2}}个月)?(?P<month>\s?(?:{_TWO_MONTHS}|{_MONTH})(?:[初底末中]旬?|上旬|下旬)?)?
      (?P<day>\s?{_DAY})?(?P<time>\s?{_TIME})?
    |(?P<month2>(?<![\d.第a-z{HAN}])(?:{_TWO_MONTHS}|{_MONTH})(?:[初底末]|[上中下]旬)?)(?P<day2>\s?{_DAY})?(?P<time2>\s?{_TIME})?
    |(?P<day3>(?<![\d.第a-z{HAN}])(?:3[01]|[12]\d|[1-9])日(?![元本语圆]))(?P<time3>\s?{_TIME})?
    """,
    re.VERBOSE,
)
RELATIVE = re.compile(
    rf"""
    (?P<day>(?:大?[前后]天|(?<![一-鿿])[今昨明][天日]|[今昨明][天日]|[今昨明][晚早](?:上)?|当日(?=,))(?!性|地)(?P<time>(?:{DAYPART})?(?:\s?{CLOCK})?))
    |(?P<week>(?:[上下](?:上|下)?个?|本|这)(?:周|星期|礼拜)(?:[一二三四五六日天末])?(?!期|围|年|边|知|密)
        |(?<![一二三四五六七八九十\d])(?:周[一二三四五六日末]|星期[一二三四五六日天])(?!围|[一-鿿]?传)
        (?P<hour>(?:{DAYPART})?(?:\s?{CLOCK})?))
    |(?P<week2>礼拜[一二三四五六日天])
    |(?P<month>(?:[上下]个?|本|当)月(?!球|亮|票)(?:[初底末]|中旬|上旬|下旬)?)
    |(?P<half>(?<!\d)(?:[上下]半年|[一二三四]季度|第[一二三四]季度?|q[1-4](?![\da-z])|[上下]个?季度|本季度|年[初底末](?!会)|年中(?=[,。])|月[初底末]))
    |(?P<holiday>(?:{HOLIDAY})(?:假期|期间|前夕|当天|过后|之?[前后])?)
    """,
    re.VERBOSE,
)
DURATION = re.compile(
    rf"(?<![\d.第])(?<![a-z](?=\d))(?P<half>大?半)?(?P<first>(?(half)|{NUMBER}))"
    rf"(?:(?P<inner>{LENGTH})?(?:-|~|—|到|至|或者?)(?P<second>{NUMBER}))?"
    rf"\s?(?P<unit>(?:{LENGTH}))(?P<tail>半(?![导径场路])|多(?![少么]))?(?P<more>(?:零?{NUMBER}(?:个月|分钟|小时|分|秒|天))+(?![之]))?"
    rf"(?P<post>左右|上下|以上)?(?P<point>{POINT})?"
)
CLOCK_TIME = re.compile(
    rf"(?P<part>{DAYPART})?\s?(?<![\d.:第a-z{HAN}])"
    rf"(?:(?P<digital>(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?)(?![\d:])"
    rf"|(?P<hour>(?:[01]?\d|2[0-4])|[一二三四五六七八九十两]{{1,2}})点(?P<minute>半|整|钟|[0-5]?\d分?|[{HAN}]{{1,3}}分)?)"
)
FIXED_POINT = re.compile(POINT)
NUMERAL_RUN = re.compile(f"[{NUMERALS}.]+")
DAYPART_BEFORE = re.compile(rf"(?:{DAYPART})\s?\Z")
BEFORE_DATE = frozenset("年月日号世-/.~—到至、,。 \t")
BEFORE_LENGTH = frozenset("年月日天周个季星小分秒世夜礼半多余来-~—到至或 ")
BEFORE_CLOCK = frozenset(":点")
AFTER_NUMERAL = BEFORE_DATE | BEFORE_LENGTH | BEFORE_CLOCK
CONTINUES_A_POINT = ("建", "原", "要", "是", "意", "理", "五", "二", "三", "四", "六", "七", "八")
TIME_WORDS = (
    "千禧年 今年 去年 明年 前年 后年 大前年 次年 翌年 前天 后天 大前天 今天 今日 昨天 "
    "昨日 明天 明日 今晚 昨晚 明晚 今早 昨早 明早 当日 上周 下周 本周 这周 "
    "上上周 下下周 上个周 下个周 上星期 下星期 本星期 这星期 上个星期 下个星期 "
    "上礼拜 下礼拜 上个礼拜 下个礼拜 这个礼拜 周一 周二 周三 周四 周五 周六 周日 "
    "周末 星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 上个月 下个月 "
    "上月 下月 本月 当月 上个季度 下个季度 上季度 下季度 本季度 上半年 下半年 "
    "一季度 二季度 三季度 四季度 第一季 第二季 第三季 第四季 q1 q2 q3 "
    "q4 年初 年底 年末 年中 月初 月底 月末 上世纪 上个世纪 本世纪 下世纪 "
    "下个世纪 公元 春节 元旦 国庆 中秋 圣诞 情人节 劳动节 五一 除夕 端午 清明节 "
    "清明 元宵节 感恩节 万圣节 礼拜一 礼拜二 礼拜三 礼拜四 礼拜五 礼拜六 礼拜日 "
    "礼拜天 双十一 双十二 双11 双12"
)
ISO_UNITS = {"年": "Y", "月": "M", "日": "D", "天": "D", "夜": "D", "周": "W"}
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


class DateGrammar:
    """Finds DATE in folded text; immutable.

    The grammars are tried only where a numeral or a word of time begins: that is where a date can.
    """

    __slots__ = ("_words",)

    def __init__(self) -> None:
        self._words = PhraseMatcher(TIME_WORDS.split())

    def candidates(
        self, text: str, numerals: Sequence[int], written: date | None
    ) -> Iterator[Candidate]:
        """Yield dates of a folded text; ``numerals`` are the places where numerals begin.

        ``written`` is the date of the document, which resolves 去年.
        """
        for start in sorted({row[0] for row in self._words.find(text).tolist()}):
            yield from self._at_word(text, start, written)
        end = 0
        for start in numerals:
            after = _run_end(text, start)
            follows = text[after : after + 1]
            if start < end or follows not in AFTER_NUMERAL:
                continue
            for candidate in self._at_numeral(text, start, follows, written):
                end = max(end, candidate.end)
                yield candidate

    def _at_word(self, text: str, start: int, written: date | None) -> Iterator[Candidate]:
        if match := ABSOLUTE.match(text, start):
            yield _made(match, _absolute_value(match, written), text)
        if (match := RELATIVE.match(text, start)) and _not_repeated(text, start):
            yield _made(match, _relative_value(match, written), text)

    @staticmethod
    def _at_numeral(
        text: str, start: int, follows: str, written: date | None
    ) -> Iterator[Candidate]:
        """Yield the dates that begin with a numeral; ``follows`` is what comes after it."""
        if follows in BEFORE_DATE and (match := ABSOLUTE.match(text, start)):
            yield _made(match, _absolute_value(match, written), text)
        if follows in BEFORE_LENGTH and (match := DURATION.match(text, start)):
            value = _duration_value(match, written)
            if value is not None:
                yield _made(match, value, text)
        if follows not in BEFORE_CLOCK:
            return
        part = DAYPART_BEFORE.search(text, max(0, start - 3), start)
        match = CLOCK_TIME.match(text, part.start() if part else start)
        if match and (clock := _clock_value(match, text)):
            yield _made(match, clock, text)


def _run_end(text: str, start: int) -> int:
    match = NUMERAL_RUN.match(text, start)
    return match.end() if match else start


def _made(match: re.Match[str], value: dict[str, object], text: str) -> Candidate:
    start, end = match.span()
    point = FIXED_POINT.match(text, end)
    if point and "point" not in match.groupdict() and text[end - 1] in "年月日号天代节周底初点半分":
        end = point.end()
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace() or text[end - 1] == "的":
        end -= 1
    return Candidate(start, end, "DATE", value, rank=3, score=0.5)


def _not_repeated(text: str, start: int) -> bool:
    return text[max(0, start - 1) : start] not in ("每", "逐", "历")


def _number(text: str | None) -> int | None:
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
    number = _number(text.removeprefix("公元"))
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


def _absolute_value(match: re.Match[str], written: date | None) -> dict[str, object]:
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
        low, high = (_number(part) for part in re.findall(rf"\d{{4}}|[{HAN}]{{4}}", match["years"]))
        return {"start": f"{low}-01-01", "end": f"{high}-12-31"}
    return _calendar_value(match, written)


def _decade_value(text: str) -> dict[str, object]:
    digits = re.search(rf"(\d{{4}}|\d0|{_TENS})年代", text)
    number = _number(digits[1]) if digits else 0
    year = number if number and number >= 1000 else (number or 0)
    if year < 1000:
        century = re.match(r"(\d\d)世纪", text)
        base = (int(century[1]) - 1) * 100 if century else (2000 if year < 30 else 1900)
        year += base
    return {"start": f"{year:04d}-01-01", "end": f"{year + 9:04d}-12-31"}


def _century_value(text: str, written: date | None) -> dict[str, object]:
    number = _number(text)
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
            _span_of(year, first, last, _number(match["day3"]))
            if written
            else {"date": f"---{_number(match['day3']):02d}"}
        )
    if month:
        both = re.fullmatch(r"\s?([一二三四五六七八九])([一二三四五六七八九])月份?.*", month)
        numbers = [
            _number(part) or 1
            for part in ([both[1], both[2]] if both else re.findall(rf"\d+|[{HAN}]+", month))
        ]
        return _span_of(year, numbers[0], max(numbers[-1], numbers[0]), _number(day))
    part = (match["part"] or "").removeprefix("的").removeprefix("第")
    for word, (first, last) in RANGE_WORDS.items():
        if part == word or (part and part.removeprefix("q")[0] == word):
            return _span_of(year, first, last)
    if year is None:
        return {"unit": "year", "offset": {"今": 0, "去": -1, "明": 1}.get(match["year"][0], 0)}
    return _span_of(year, 1, 12)


def _relative_value(match: re.Match[str], written: date | None) -> dict[str, object]:
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


def _duration_value(match: re.Match[str], written: date | None) -> dict[str, object] | None:
    unit, point = match["unit"], match["point"]
    length = _length(match)
    if length is None or not _is_duration(match):
        return None
    name = unit.removeprefix("个").removesuffix("半月" if "半" in unit else "\0")
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


def _is_duration(match: re.Match[str]) -> bool:
    """Tell durations from years, ordinals, bare 几秒钟 and idioms."""
    text, unit, first = match.string, match["unit"], match["first"] or ""
    after = text[match.end() : match.end() + 1]
    before = text[max(0, match.start() - 1) : match.start()]
    fixed = bool(match["point"] or match["tail"] or match["second"])
    if unit in ("月", "日", "夜") and not (match["point"] and first.isdigit() and unit == "日"):
        return False
    if unit == "年" and re.fullmatch(YEAR, first):
        return False
    if match["half"]:
        return (
            unit in ("年", "个月", "天", "个小时", "小时", "个世纪", "世纪")
            and before not in "上下前后大每一"
        )
    if unit == "世纪" or (unit == "年" and after and after in "级代度"):
        return False
    if before in ("同", "第") or (before in ("这", "那", "头") and not fixed):
        return first not in ("一", "两", "几") and before not in ("同", "第")
    if first in ("几", "数"):
        return bool(match["point"] or match["tail"])
    if first == "一":
        if text[max(0, match.start() - 2) : match.start()] == "新的":
            return False
        return (
            bool(before)
            and before not in "有某哪统万唯逐任"
            and after not in tuple("到次如复又度")
            and text[match.end() : match.end() + 2]
            not in ("一度", "一次", "一个", "一年", "一月", "一天")
        )
    return True


def _clock_value(match: re.Match[str], text: str) -> dict[str, object] | None:
    """Return the time of day; 5点 alone counts only where it cannot be a point of a list."""
    if match["digital"]:
        return {"time": match["digital"].zfill(5)}
    hour, minute = _number(match["hour"].replace("两", "二")), match["minute"] or ""
    arabic = match["hour"].isdigit()
    if hour is None or hour > 24:
        return None
    before = text[max(0, match.start() - 2) : match.start()]
    after = text[match.end() : match.end() + 1]
    sure = bool(match["part"]) or minute in ("半", "整", "钟") or minute.endswith("分")
    sure = sure or (match["hour"] in ("十一", "十二") and after not in CONTINUES_A_POINT)
    if not sure and not (
        arabic
        and (before.endswith(("天", "早", "晚", "日", "到")) and after not in CONTINUES_A_POINT)
    ):
        return None
    if match["part"] in ("下午", "晚上", "傍晚", "晚间", "晚", "深夜") and hour < 12:
        hour += 12
    minutes = 30 if minute == "半" else _number(minute) or 0
    return {"time": f"{hour:02d}:{minutes:02d}"}
