"""Money and quantities: numeral, magnitude and unit, with what belongs to their size.

The grammar reads folded text (simplified, half width, lower case); offsets are half-open code
points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lunheng.text import PhraseMatcher
from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.numbers import (
    DIGITS,
    HANZI,
    MAGNITUDES,
    NUMERAL,
    interval,
    joined,
    value_of,
)
from lunheng_plugins.entities.reading import NUMERALS

CURRENCIES = {
    "人民币": "CNY", "元人民币": "CNY", "块人民币": "CNY", "rmb": "CNY", "元": "CNY",
    "块钱": "CNY", "块": "CNY", "圆": "CNY", "毛钱": "CNY", "毛": "CNY", "分钱": "CNY",
    "美元": "USD", "美金": "USD", "美刀": "USD", "刀": "USD", "usd": "USD", "dollars": "USD",
    "港元": "HKD", "港币": "HKD", "港纸": "HKD", "蚊": "HKD",
    "日元": "JPY", "日圆": "JPY", "欧元": "EUR", "英镑": "GBP",
    "韩元": "KRW", "韩币": "KRW", "新台币": "TWD", "台币": "TWD", "卢布": "RUB", "卢比": "INR",
    "泰铢": "THB", "瑞士法郎": "CHF", "法郎": "CHF", "澳元": "AUD", "加元": "CAD",
    "新元": "SGD", "新加坡元": "SGD", "比索": "MXN", "里拉": "TRY", "雷亚尔": "BRL",
}  # fmt: skip
SYMBOLS = {"us$": "USD", "hk$": "HKD", "nt$": "TWD", "$": "USD", "¥": "CNY", "€": "EUR", "£": "GBP"}
PARTS_OF_A_UNIT = {"毛钱": 0.1, "毛": 0.1, "分钱": 0.01}

NOUN_UNITS = (
    "人次|人|册|坪|毫秒|微秒|连胜|连败|级台阶|字节|字|参数|tokens?|票|个人|个字|个参数|个tokens?|个多?亿|个百分点|个基点|个点|倍"
    "|平方公里|平方千米|平方米|立方米|公里|千米|厘米|毫米|微米|纳米|英里|英尺|英寸|光年|海里|米"
    "|公斤|千克|毫克|微克|斤|克|吨|盎司|磅|桶|亩|公顷|毫升|升|摄氏度|千瓦时|千瓦|兆瓦|吉瓦|瓦|马力"
    "|呎|英呎|平方呎|平方英尺|度电|v(?![a-z])|kwh|mwh|gwh|km/h|km|cm|mm|nm|kg|mg|ml|g?hz|mhz|[kmgtp]b(?:ps)?|[tp]?flops|fps|dpi|mah|wh"
    "|卡路里|大卡|千卡|分贝|毫安时|赫兹|伏|安培"
)
MEASURE_WORDS = (
    "个家位名张块颗台辆部款种项条件本篇次遍届场层座所间套份只头匹棵株支架艘页句段行枚粒片轮步排户单例门类岁封副幅卷期集栋幢盒"
    "瓶杯碗包箱袋批组队对双群股笔宗起桩顶根把盏尊滴节顿趟声口则首出下站桌幕盘局堂平圈两点分级号回道方成度路维"
)
MEASURES = f"回合|(?!出头)[{MEASURE_WORDS}]"
ARABIC_ONLY = {
    "v",
    "下",
    "平",
    "点",
    "分",
    "级",
    "号",
    "回",
    "道",
    "方",
    "度",
    "口",
    "期",
    "路",
    "维",
    "出",
    "起",
}
ORDINAL_LIKE = {"点", "号", "级", "期"}
POST = "左右|上下|以上|以下|以内|之多|开外"

_CURRENCY = "|".join(sorted(CURRENCIES, key=len, reverse=True))
_UNIT = rf"(?:(?P<money>{_CURRENCY})|(?P<noun>{NOUN_UNITS})|(?P<measure>{MEASURES}))"
UNITS = rf"%|{_CURRENCY}|{NOUN_UNITS}|{MEASURES}"
_JOINT = r"\s?(?:-|~|—|–|到|至|或者?)\s?"
AMOUNT = re.compile(
    rf"(?<![\da-z.第])(?P<symbol>us\$|hk\$|nt\$|[$¥€£])?\s?"
    rf"(?P<percent>百分之)?(?P<first>{NUMERAL})"
    rf"(?:(?P<inner>\s?(?:{UNITS}))?{_JOINT}(?P<second>{NUMERAL})(?=\s?(?:{UNITS})|(?<=[万亿])))?"
    rf"(?:\s?(?P<rate>%|‰|个百分点|成[{HANZI[1:12]}半])|(?P<billions>b)(?![a-z\d])|\s?{_UNIT})?"
    rf"(?P<more>(?(money)(?:一(?![一-鿿])|[{HANZI[3:12]}](?=一(?:个月|年|天|次|张|份|位|杯|斤))|[{HANZI[3:12]}](?![{HANZI}个只条家年月天张人次块]))"
    r"|多(?![少么数])))?"
    rf"(?P<some>出头|多一点|一点|不到(?=[,。]))?(?P<post>{POST})?"
)
MONEY_CUES = re.compile(
    "现金流|估值|融资|融了|投资|投入|投了|收入|营收|利润|净利|亏|费用|成本|花|赚|烧|工资|薪|售价|价格|市值"
    "|钱|贷款|罚款|奖金|预算|资金|票房|付|补贴|定价|收费|财富|身家|股份|债|欠|赔|捐|报价|首付|房价|租金|月租|押金|学费|赞助|罚|砸|押上|融到|拿到|补|贴|涨到|降到|跌到|便宜|贵|卖|买|开价|砍到|打款|转账|投进|营业额|骗走|存单|存款|积蓄|首期|年费|接口费|会费|授权费|交了|流水|身价|片酬|版税|稿费|分红|年薪|月薪|底薪|经费|资助|拨款|注资|年包|总包|净值|换成|到账|进账|入账|花销|开销|盈利|盈余|应收|货款|尾款|定金|订金|存|取出|借|跟投|领投|回购|套现|减持|募资|募集|省(?:下|了|出|掉)?$|(?:每月|每个月|一个月|月入|年入)$"
)
MODELS = re.compile(
    "(?:规模|级别?|量级|体量)?的?(?:语言|多模态|基座|基础|通用|开源|稠密|稀疏)?(?:大?模型|参数|语料|tokens?)"
)
COUNT_CUES = re.compile(
    "用户|涨粉|万粉|月活|日活|参数|粉丝|人口|播放|下载|销量|token|张卡|数据|观众|读者"
)
ASKED = re.compile(
    "(?:费用?|收入|多少钱|价格|成本|预算|工资|薪水|报价|售价)[^。;!?\n]{0,4}[。?][^。;!?]*\\Z"
)
PRICED_GOODS = re.compile(
    "的(?:[一-鿿a-z0-9]{0,4}?)(?:车|房|电脑|手机|显卡|手表|酒|年卡|月卡|次卡|课|门票|票|秤|机器|设备|衣服|鞋|包|沙发|家具|电视|冰箱|空调|相机|"
    "耳机|音箱|眼镜|自行车|电动车|suv|轿车|套餐|会员|订单|合同|单子|账单|罚单|红包|奖金|工资|月薪|年薪|租金|学费|彩礼|首付|贷款|欠款|货款|货)"
)
EACH = re.compile(
    "(?:一|每)[张台块颗部辆套间平栋枚桶股](?:[一-鿿a-z0-9]{1,5})?\\Z|[百千万几\\d][张台块颗部辆套间平栋枚桶股](?:就是?|要|得|就要|就得|一共|总共)\\Z"
)
CHIP_CUES = re.compile("显卡|[张块]卡|gpu|芯片|h100|a100|加速卡|服务器")
FRACTION = re.compile(f"([{HANZI[1:12]}\\d]{{1,3}})分之([{HANZI[1:12]}\\d]{{1,3}})(?![{HANZI}])")
HUNDRED_MILLIONS = ("个亿", "个多亿")
HALVES = ("半数", "一半", "一大半", "一多半")
BEFORE = frozenset("上好成$¥€£")
FIRST_OF_UNITS = frozenset(
    "".join(unit[0] for unit in (*NOUN_UNITS.split("|"), *CURRENCIES))
    + MEASURE_WORDS
    + "%‰-~—–到至或多余来点 之"
    + NUMERALS
)
FOLLOWS_NUMERAL = FIRST_OF_UNITS | frozenset(" .,kmgtpwbhtoufvdcqxyzjilnsera\t\u3000\xa0")
GREAT = frozenset("百千万亿兆")
JOINTS = frozenset("-~—–到至或 ")
COUNTED_ONLY = frozenset(MEASURE_WORDS) - frozenset(
    "".join(unit[0] for unit in (*NOUN_UNITS.split("|"), *CURRENCIES)) + "成倍点"
)
AFTER_GE = frozenset("人字参t多亿百基点") | JOINTS
QUOTED = frozenset(["“”", '""', "「」", "‘’", "『』"])
BARE = {"一", "两", "几", "数", "半", "二", "十", "百", "千", "万", "亿", "兆", "零", "〇"}
NOT_NUMBERS = re.compile(
    "(?:一一|千万(?:别|不|要|记|注意)|万一|百万富|千万富|亿万富|万万|千千万|万亿富|数一数二|一两|千百|百亿富)"
)
NOT_AFTER = {
    "元": "素旦宵老首件帅气宝人月婴宇器谋代朝明清杂",
    "圆": "形满圈梦桌",
    "刀": "具片口剑光枪法客",
    "毛": "病发主衣笔线利骨巾毛孔",
    "成": "为了就长立功果员绩本分都熟",
}
NOT_EVEN = re.compile("[没不未无]")
ENDS_AMOUNT = frozenset('的了就才都也吧呢啊去来,。)）」”" \n左上出不到给')
SENTENCE = re.compile("[。;!?\n]")
CLAUSE = re.compile("[,。;!?、:\n]")


class AmountGrammar:
    """Finds MONEY and QTY in folded text; immutable."""

    __slots__ = ("_halves",)

    def __init__(self) -> None:
        self._halves = PhraseMatcher(HALVES)

    def candidates(self, text: str, numerals: Sequence[tuple[int, int]]) -> Iterator[Candidate]:
        """Yield amounts; ``numerals`` are the places of runs of numerals.

        A magnitude without a unit is money wherever the same magnitude is money once.
        """
        found = [*self._found(text, numerals)]
        money = {text[c.start : c.end]: c.value for c in found if c.type == "MONEY"}
        for candidate in found:
            value = money.get(text[candidate.start : candidate.end])
            if value and not MODELS.match(text, candidate.end):
                candidate = candidate._replace(type="MONEY", value=value)
            yield candidate

    def _found(self, text: str, numerals: Sequence[tuple[int, int]]) -> Iterator[Candidate]:
        end = 0
        for start, stop in numerals:
            if not _may_count(text, start, stop):
                continue
            if text[start] == "数" and text[start + 1 : start + 2] not in MAGNITUDES:
                start += 1  # 人数五千
            if start < end or (match := self._match(text, start)) is None:
                continue
            end = match.end()
            if candidate := self._candidate(text, match):
                yield candidate
        for match in FRACTION.finditer(text):
            parts = interval(match[1]), interval(match[2])
            if parts[0] and parts[1] and parts[0][0]:
                share = round(parts[1][0] / parts[0][0], 6)
                yield Candidate(*match.span(), "QTY", {"number": share}, rank=3)
        for start, end, _ in self._halves.find(text).tolist():
            if text[start - 1 : start] not in ("一", "第"):
                yield Candidate(start, end, "QTY", {"number": 0.5}, rank=3)

    @staticmethod
    def _match(text: str, start: int) -> re.Match[str] | None:
        """Match an amount whose numeral begins at ``start``, with what belongs before it."""
        before = text[start - 1 : start]
        if before in BEFORE and before:
            longer = AMOUNT.match(
                text, start - 3 if text[start - 3 : start] in SYMBOLS else start - 1
            )
            if longer:
                return longer
        return AMOUNT.match(text, start)

    def _candidate(self, text: str, match: re.Match[str]) -> Candidate | None:
        numeral = match["first"]
        if match["symbol"] or match["money"]:
            return self._money(text, match)
        if match["percent"] or match["rate"]:
            unit = "%" if match["percent"] else match["rate"]
            if unit[0] == "成" and len(numeral) > 1:
                return None
            return _made(match, "QTY", unit[0] if unit[0] == "成" else unit)
        if match["billions"]:
            return _made(match, "QTY", "B") if numeral[0].isdigit() else None
        if match["noun"] or match["measure"]:
            return self._quantity(text, match)
        return self._magnitude(text, match)

    def _money(self, text: str, match: re.Match[str]) -> Candidate | None:
        unit = match["money"] or ""
        if not match["symbol"]:
            after = text[match.end("money") : match.end("money") + 8]
            if unit == "块" and not self._means_money(text, match, after):
                return None if _is_bare(match) else _made(match, "QTY", unit)
            wrong = bool(after) and after[0] in NOT_AFTER.get(unit, "")
            if wrong or (_is_bare(match) and unit in ("圆", "刀", "毛")):
                return None
            if match["first"] == "一" and unit in ("毛钱", "分钱") and _is_denied(text, match):
                return None
        currency = SYMBOLS[match["symbol"]] if match["symbol"] else CURRENCIES[unit]
        return _made(match, "MONEY", currency, PARTS_OF_A_UNIT.get(unit, 1))

    def _means_money(self, text: str, match: re.Match[str], after: str) -> bool:
        """Decide whether 块 is yuan: not before a noun that is counted in pieces."""
        if after[:1] and after[0] in "石头地板屏砖肉玉牌表布糖方大小巨":
            return False
        sentence = text[max(0, match.start() - 40) : match.end() + 12]
        return not CHIP_CUES.search(sentence) and not _is_bare(match)

    def _quantity(self, text: str, match: re.Match[str]) -> Candidate | None:
        unit = match["noun"] or match["measure"]
        numeral = match["first"]
        arabic = numeral[0].isdigit()
        if unit in HUNDRED_MILLIONS:
            return self._magnitude(text, match)
        if unit == "度" and text[match.start() - 2 : match.start()] == "零下":
            return _made(match, "QTY", unit, -1)
        if unit in ARABIC_ONLY and not arabic and not (unit in "口期路下" and len(numeral) > 1):
            return None
        if unit in ORDINAL_LIKE or (unit == "度" and not arabic):
            return None
        if numeral in ("一两", "好几", "大几") and unit not in ("倍", "成"):
            return None
        if _is_bare(match) and unit not in ("倍", "成") and not (numeral == "十" and unit != "分"):
            return None
        after = text[match.end() : match.end() + 1]
        if unit == "成" and (arabic or len(numeral) != 1 or (after and after in NOT_AFTER["成"])):
            return None
        if unit == "两" and not arabic:
            return None
        return _made(match, "QTY", unit)

    def _magnitude(self, text: str, match: re.Match[str]) -> Candidate | None:
        """Return a magnitude that stands for a count or for money: 千亿, 几百万, 几十个亿."""
        numeral = match["first"]
        great = match["noun"] in HUNDRED_MILLIONS or any(mark in numeral for mark in "万亿兆w")
        if not great and any(mark in numeral for mark in "百千") and len(numeral) > 1:
            exact = not text[match.end() : match.end() + 1].isalnum()
            priced = exact and self._priced(text, match)
            priced = priced or PRICED_GOODS.match(text, match.end()) is not None
            return _made(match, "MONEY", "CNY") if priced else None
        if not great or (_is_bare(match) and match["noun"] not in HUNDRED_MILLIONS):
            return None
        quoted = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        if NOT_NUMBERS.match(text, match.start("first")) or quoted in QUOTED:
            return None
        if (
            numeral in ("千万", "万千", "万亿", "亿万")
            and not match["noun"]
            and (text[match.end() : match.end() + 1] in "别不要年条里")
        ):
            return None
        if self._cued_as_money(text, match):
            return _made(match, "MONEY", "CNY")
        return _made(match, "QTY", "")

    @staticmethod
    def _priced(text: str, match: re.Match[str]) -> bool:
        """Tell whether a verb of paying or a price stands right before a numeral."""
        before = CLAUSE.split(text[max(0, match.start() - 6) : match.start()])[-1]
        return bool(MONEY_CUES.search(before)) and not COUNT_CUES.search(before)

    @staticmethod
    def _cued_as_money(text: str, match: re.Match[str]) -> bool:
        """Tell whether words of paying stand nearby, first in the clause, then in the sentence."""
        before = CLAUSE.split(text[max(0, match.start() - 12) : match.start()])[-1]
        after = CLAUSE.split(text[match.end() : match.end() + 7])[0]
        if COUNT_CUES.search(after) or COUNT_CUES.search(before[-6:]):
            return False
        if match["noun"] in HUNDRED_MILLIONS or EACH.search(before):
            return True
        if MODELS.match(text, match.end()) or before[-1:] == "个":
            return False
        if PRICED_GOODS.match(text, match.end()):
            return True
        if MONEY_CUES.search(before) or MONEY_CUES.search(after):
            return True
        if after and after[0] not in ENDS_AMOUNT:
            return False
        sentence = SENTENCE.split(text[max(0, match.start() - 30) : match.start()])[-1]
        sentence += SENTENCE.split(text[match.end() : match.end() + 20])[0]
        if COUNT_CUES.search(sentence):
            return False
        before = text[max(0, match.start() - 36) : match.start()]
        return bool(MONEY_CUES.search(sentence) or ASKED.search(before))


def _may_count(text: str, start: int, stop: int) -> bool:
    """Tell whether a run of numerals can be an amount; most are dates, ordinals, or 一个."""
    follows = text[stop : stop + 1]
    signed = text[start - 1 : start] in BEFORE
    if stop - start == 1 and not signed and (number := text[start]) in BARE and number != "十":
        if follows not in FIRST_OF_UNITS:
            return False
        if follows == "个" or follows in COUNTED_ONLY:
            return text[stop + 1 : stop + 2] in (AFTER_GE if follows == "个" else JOINTS)
        return True
    return (
        follows in FOLLOWS_NUMERAL
        or signed
        or text[stop - 1] == "两"
        or not GREAT.isdisjoint(text[start:stop])
    )


def _is_denied(text: str, match: re.Match[str]) -> bool:
    """Tell whether a clause says that it was not even this much: 一毛钱没赚, 没欠过一分钱."""
    before = CLAUSE.split(text[max(0, match.start() - 8) : match.start()])[-1]
    after = text[match.end() : match.end() + 2]
    return bool(NOT_EVEN.search(before) or NOT_EVEN.search(after))


def _is_bare(match: re.Match[str]) -> bool:
    return match["first"] in BARE and match["second"] is None and not match["percent"]


def _made(match: re.Match[str], type_: str, unit: str, part: float = 1) -> Candidate | None:
    """Return the candidate with its normalised value; None where the numeral means nothing."""
    first = interval(match["first"])
    if first is None:
        return None
    if match["second"]:
        second = interval(match["second"])
        if second is None:
            return None
        inner = (match["inner"] or "").strip()
        first = (first[0], second[1]) if inner else joined(first, second)
    if match["noun"] in HUNDRED_MILLIONS:
        most = first[1] + (0.99 if "多" in match["noun"] else 0)
        first = (first[0] * 10**8, most * 10**8)
    if match["money"] and match["more"] in DIGITS:
        tenth = DIGITS[match["more"]] / 10
        first = (first[0] + tenth, first[1] + tenth)
    first = (first[0] * part, first[1] * part)
    value = value_of(first, at_least=match["first"].startswith("上") or match["post"] == "以上")
    if match["post"] in ("左右", "上下"):
        value["approximate"] = True
    value["currency" if type_ == "MONEY" else "unit"] = unit
    start = (
        match.start("symbol")
        if match["symbol"]
        else (match.start("percent") if match["percent"] else match.start("first"))
    )
    if part < 0:
        start -= len("零下")
    end = match.end()
    while match.string[end - 1].isspace():
        end -= 1
    return Candidate(start, end, type_, value, rank=3)
