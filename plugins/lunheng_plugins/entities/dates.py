"""Dates, times of day, decades and durations, resolved against the document's own date.

The grammar reads folded text; offsets are half-open code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from lunheng.text import PhraseMatcher
from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.date_values import (
    HAN,
    TENS,
    absolute_value,
    duration_value,
    relative_value,
    whole_number,
)
from lunheng_plugins.entities.numbers import HANZI
from lunheng_plugins.entities.reading import NUMERALS

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
    "个半小时|个半钟头|个晚上|个夜晚|个上午|个下午|个早上|个工作日|个通宵|个周末|个半月|个多月|个月|个季度|季度|个星期|星期|个礼拜|"
    "季|周年|周|个小时|小时|个钟头|个钟|分多钟|分钟|秒钟|秒|晚上|上午|下午|整天|整年|个世纪|世纪|年|天|日|月|夜"
)
POINT = "(?:之?[前后](?![景端期来者方沿续果面])|以前|以后|以来|以内|之内|内(?![容部心地外在])|前后)"

_MONTH = rf"{MONTH_NUMBER}(?:(?:-|~|到|至|、){MONTH_NUMBER})?月(?:份)?(?!球|亮|活|薪|饼|租|均)"
_TWO_MONTHS = r"[一二三四五六七八九]{2}月份?"
_DAY = rf"{DAY_NUMBER}[日号](?!线|称|码|召|楼|店|机)"
_TIME = rf"(?:(?:{DAYPART})?\s?{CLOCK}|{DAYPART})"

ABSOLUTE = re.compile(
    rf"""
    (?P<iso>(?<!\d){YEAR}[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])(?!\d)
        (?:[\st]+\d{{1,2}}:\d\d(?::\d\d)?)?)
    |(?P<decade>(?:(?:上个?世纪|上世纪|本世纪|(?:20|21|19|18)世纪)\s?)?(?:(?:18|19|20)\d0|(?<!\d)\d0|{TENS})年代
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
ALREADY = re.compile("(?:已经|连续|整整|足足|过了|等了?|长达)\\Z")
FIXED_POINT = re.compile(POINT)
NUMERAL_RUN = re.compile(f"[{NUMERALS}.]+")
DAYPART_BEFORE = re.compile(rf"(?:{DAYPART})\s?\Z")
BEFORE_DATE = frozenset("年月日号世-/.~—到至、,。 \t")
BEFORE_LENGTH = frozenset("年月日天周个季星小分秒世夜礼半多余来-~—到至或 ")
BEFORE_CLOCK = frozenset(":点")
AFTER_GE = frozenset("半多月季星礼小钟世晚夜上下早工通周")
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


class DateGrammar:
    """Finds DATE in folded text; immutable.

    The grammars are tried only where a numeral or a word of time begins: that is where a date can.
    """

    __slots__ = ("_words",)

    def __init__(self) -> None:
        self._words = PhraseMatcher(TIME_WORDS.split())

    def candidates(
        self, text: str, numerals: Sequence[tuple[int, int]], written: date | None
    ) -> Iterator[Candidate]:
        """Yield dates of a folded text; ``numerals`` are the places of runs of numerals.

        ``written`` is the date of the document, which resolves 去年.
        """
        for start in sorted({row[0] for row in self._words.find(text).tolist()}):
            yield from self._at_word(text, start, written)
        end = 0
        for start, after in numerals:
            if text[after : after + 1] == ".":
                after = _run_end(text, start)
            follows = text[after : after + 1]
            if start < end or follows not in AFTER_NUMERAL:
                continue
            if follows in ",。" and after - start != 4:
                continue
            if follows == "个" and text[after + 1 : after + 2] not in AFTER_GE:
                continue
            for candidate in self._at_numeral(text, start, follows, written):
                end = max(end, candidate.end)
                yield candidate

    def _at_word(self, text: str, start: int, written: date | None) -> Iterator[Candidate]:
        if match := ABSOLUTE.match(text, start):
            yield _made(match, absolute_value(match, written), text)
        if (match := RELATIVE.match(text, start)) and _not_repeated(text, start):
            yield _made(match, relative_value(match, written), text)

    @staticmethod
    def _at_numeral(
        text: str, start: int, follows: str, written: date | None
    ) -> Iterator[Candidate]:
        """Yield the dates that begin with a numeral; ``follows`` is what comes after it."""
        if follows in BEFORE_DATE and (match := ABSOLUTE.match(text, start)):
            yield _made(match, absolute_value(match, written), text)
        first = start - (text[start] == "半" and text[start - 1 : start] == "大")
        match = DURATION.match(text, first) if follows in BEFORE_LENGTH else None
        if match and _is_duration(match) and (value := duration_value(match, written)):
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


def _is_duration(match: re.Match[str]) -> bool:
    """Tell durations from years, ordinals, bare 几秒钟 and idioms."""
    text, unit, first = match.string, match["unit"], match["first"] or ""
    after = text[match.end() : match.end() + 1]
    before = text[max(0, match.start() - 1) : match.start()]
    fixed = bool(match["point"] or match["tail"] or match["second"])
    if unit == "日" and (
        first == "两" or ALREADY.search(text, max(0, match.start() - 3), match.start())
    ):
        return True
    if unit in ("月", "日", "夜") and not (match["point"] and first.isdigit() and unit == "日"):
        return False
    if unit == "年" and re.fullmatch(YEAR, first):
        return False
    if match["half"]:
        return (
            unit in ("年", "个月", "天", "个小时", "小时", "个世纪", "世纪")
            and before not in "上下前后大每一"
            and not (unit == "天" and (before == "了" or (after and after in "没不才")))
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
    hour, minute = whole_number(match["hour"].replace("两", "二")), match["minute"] or ""
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
    minutes = 30 if minute == "半" else whole_number(minute) or 0
    return {"time": f"{hour:02d}:{minutes:02d}"}
