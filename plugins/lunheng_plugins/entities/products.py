"""Products no list has: 云岫3.0, 模型鲸落, 一款叫单单通的助手, “日日新”大模型, 山海大模型.

The grammar reads folded text; offsets are half-open code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lunheng.text import AnchoredPattern, PhraseMatcher
from lunheng_plugins.entities.amounts import UNITS
from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.reading import NUMERALS, Reading
from lunheng_plugins.entities.shapes import NOT_IN_NAMES, ProductShapes

DIGITS = "0123456789"
HANS = "".join(map(chr, range(0x4E00, 0xA000)))
HAN = "[一-鿿]"
TIER = r"(?:pro|plus|max|ultra|mini|lite|turbo|air|vision|se)(?![a-z])"
VERSION = AnchoredPattern(
    rf"[一-鿿](?P<version>v?\d{{1,2}}(?:\.\d{{1,2}}){{0,2}}(?:\s?{TIER})?|{TIER}|[a-z]{{1,2}}\d{{1,3}}(?![a-z\d]))(?![\d%.:/-]|\s?(?:{UNITS}|年|月|日|号|天|周|点|分|小时|时|岁|楼|人|[十百千万亿]|比|到|至|[-~]))",
    [(HANS, DIGITS + "abcdefghijklmnopqrstuvwxyz")],
)
COUNTING = frozenset(NUMERALS + "张块颗台辆套件")
NOT_BEFORE_VERSION = frozenset(
    "第图表步条章节页版本仅约超近达至到过为是有在用和与及了的从每共前后上下多少占比涨跌降升增减于被把给让向对等就只才又再也都还将号楼层站线路级类型组班期届年月日周点分秒元块"
)
AFTER_KIND = re.compile(
    r"[“\"「『](?P<quoted>[一-鿿a-z0-9·.]{2,8})[”\"」』]|(?P<bare>[一-鿿]{2,4})"
)
NAME_AFTER = re.compile(
    rf"[“\"「『]?(?P<name>(?:(?![{NOT_IN_NAMES}成作])[一-鿿a-z0-9]){{2,6}}?)[”\"」』]?(?=[的,。;、(]|，|\n|$)"
)
NUMBERED = AnchoredPattern(
    "[一二三四五六七八九十]号(?![线楼院店文位选种球公路令台机门车厅馆桌床房航铺柜矿井码称召脾宝])",
    [("一二三四五六七八九十", "号")],
)
MADE_BY = AnchoredPattern(
    "由[^,。;!?\n]{1,10}?(?:开发|研发|打造|推出|训练|制造|出品|运营|设计|提供技术)", [("由", "")]
)
COMPANY = re.compile("(?:公司|企业|机构|工作室|基金|厂|店|银行|媒体)\\Z")
NAMED_KINDS = ("大模型", "助手", "智能体", "浏览器", "输入法", "音箱", "引擎")
LAUNCH = re.compile(
    "(?:发布|推出|上线|开源|打造|研发|训练|自研|升级|旗下|名为|叫做?|升级版)(?:了|的)?\\Z"
)
GENERIC = re.compile(
    "维生素|染色体|型号|方案|阶段|"
    "[的了个款种一是这那各全最更超专第]|首|多|国|自|通用|垂直|行业|千亿|百亿|万亿|开源|闭源|语言|视觉|视频|图像|医疗|金融|教育|法律|基础|自己|新"
    "|中文|英文|类似|大型|小型|企业|人工智能|公司|系列|预训练|多模态|盘|参数|智能|底层|主流|头部|模型|产品|技术|算法|推理|端侧|轻量"
)


class ProductShape:
    """Finds products by what names and announces them; immutable."""

    __slots__ = ("_common", "_kinds", "_named_by", "_quoted_kind", "_thing")

    def __init__(self, shapes: ProductShapes, common: frozenset[str]) -> None:
        self._common = common
        self._kinds = PhraseMatcher(shapes.kinds)
        self._named_by = PhraseMatcher(shapes.named)
        self._thing = re.compile("|".join((*shapes.kinds, *shapes.things)))
        kinds = "|".join(shapes.kinds)
        self._quoted_kind = re.compile(
            rf"[“\"「『]([一-鿿a-z0-9·.]{{2,8}})[”\"」』](?=系列|ai|{kinds})"
        )

    def candidates(self, reading: Reading) -> Iterator[Candidate]:
        """Yield products of all shapes."""
        yield from self._versioned(reading)
        yield from self._quoted(reading)
        yield from self._at_kinds(reading)
        yield from self._named(reading)
        yield from self._numbered(reading)
        yield from self._made(reading)

    def _versioned(self, reading: Reading) -> Iterator[Candidate]:
        """Yield 云岫3.0, 鲸落2, 轻氧pro: a coined word and a version."""
        folded, edges = reading.folded, reading.edges
        for match in VERSION.finditer(folded):
            place, end = match.span("version")
            for length in (2, 3):
                start = place - length
                if start >= 0 and edges.flags[start] and self._coined(folded[start:place]):
                    counted = not COUNTING.isdisjoint(folded[start:place])
                    if not counted and folded[place - 1] not in NOT_BEFORE_VERSION:
                        yield _made(reading, start, end, 4, 0.3)
                    break

    def _quoted(self, reading: Reading) -> Iterator[Candidate]:
        for match in self._quoted_kind.finditer(reading.folded):
            yield _made(reading, *match.span(1), 4, 0.2)

    def _at_kinds(self, reading: Reading) -> Iterator[Candidate]:
        """Yield what stands beside the noun for its kind: 山海大模型, 模型“鲸落”, 机器人阿满."""
        folded, edges = reading.folded, reading.edges
        for start, end, _ in self._kinds.find(folded).tolist():
            if folded.startswith(NAMED_KINDS, start):
                yield from self._launched(reading, start, end)
            match = AFTER_KIND.match(folded, end)
            if match is None or not edges.flags[end]:
                continue
            if match["quoted"]:
                launched = LAUNCH.search(folded, max(0, start - 6), start)
                again = folded.count(match["quoted"]) > 1
                if (launched or again) and self._coined_in(reading, *match.span("quoted")):
                    yield _made(reading, *match.span("quoted"), 4, 0.2)
            elif folded[end] in "阿小" and edges.flags[min(end + 2, len(folded))]:
                surface = folded[end : end + 2]
                if surface not in self._common:
                    yield _made(reading, end, end + 2, 4, 0.3)

    def _launched(self, reading: Reading, start: int, end: int) -> Iterator[Candidate]:
        """Yield 山海大模型 after a verb of launching."""
        folded, edges = reading.folded, reading.edges
        for length in (2, 3, 4):
            at = start - length
            if at < 0 or not edges.flags[at] or not self._name_like(folded[at:start]):
                continue
            if LAUNCH.search(folded, max(0, at - 4), at):
                yield _made(reading, at, end, 4, 0.1)
                return

    def _named(self, reading: Reading) -> Iterator[Candidate]:
        """Yield what a thing is called: 一款叫单单通的助手, 训练了一个模型,取名小黑."""
        folded, edges = reading.folded, reading.edges
        for start, end, _ in self._named_by.find(folded).tolist():
            match = NAME_AFTER.match(folded, end) if edges.flags[start] else None
            if match is None or match["name"] in self._common or match["name"].isascii():
                continue
            near = folded[max(0, start - 12) : start] + folded[match.end() : match.end() + 8]
            if COMPANY.search(folded, max(0, start - 6), start):
                name = reading.text[match.start("name") : match.end("name")]
                yield Candidate(*match.span("name"), "ORG", name=name, rank=4, score=0.5)
            elif self._thing.search(near):
                yield _made(reading, *match.span("name"), 4, 0.4)

    def _numbered(self, reading: Reading) -> Iterator[Candidate]:
        """Yield 鹭鸣二号 where a kind or a launch announces it, or where there are several."""
        folded, edges = reading.folded, reading.edges
        for match in NUMBERED.finditer(folded):
            place, end = match.span()
            start = place - 2
            if start < 0 or not edges.flags[start] or not self._coined(folded[start:place]):
                continue
            near = folded[max(0, start - 6) : start]
            again = len(re.findall(f"{folded[start:place]}[一二三四五六七八九十]号", folded)) > 1
            if again or self._thing.search(near) or LAUNCH.search(near):
                yield _made(reading, start, end, 4, 0.2)

    def _made(self, reading: Reading) -> Iterator[Candidate]:
        """Yield what is made by somebody: 小岚由青屿智能开发."""
        folded, edges = reading.folded, reading.edges
        for match in MADE_BY.finditer(folded):
            end = match.start()
            for length in (2, 3, 4):
                start = end - length
                before = folded[start - 1 : start]
                if start < 0 or not edges.flags[start] or (before and before.isalnum()):
                    continue
                if self._name_like(folded[start:end]) and folded[start:end] not in self._common:
                    yield _made(reading, start, end, 4, 0.5)

    def _coined_in(self, reading: Reading, start: int, end: int) -> bool:
        """Tell whether a span is more than ordinary words."""
        folded, at = reading.folded, start
        if GENERIC.search(folded, start, end) or folded[start:end] in self._common:
            return False
        while at < end:
            after = reading.edges.word_after(at)
            if folded[at:after] not in self._common:
                return True
            at = after
        return False

    def _coined(self, core: str) -> bool:
        pieces = {core, core[1:], core[:-1] if len(core) > 2 else core}
        return self._name_like(core) and self._common.isdisjoint(pieces)

    @staticmethod
    def _name_like(word: str) -> bool:
        return all("一" <= character <= "鿿" for character in word) and not (
            GENERIC.search(word) or any(character in NOT_IN_NAMES for character in word)
        )


def _made(reading: Reading, start: int, end: int, rank: int, score: float) -> Candidate:
    return Candidate(start, end, "PRODUCT", name=reading.text[start:end], rank=rank, score=score)
