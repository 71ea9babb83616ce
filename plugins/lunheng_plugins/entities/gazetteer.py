"""Known names: reading the lists of the seeds and the user, finding them in a text.

A list is plain text: ``[TYPE]`` opens a section, each line is ``canonical name|alias|alias``.
``=`` before a surface asks for exactly this writing; ``?`` marks a surface that is also an
ordinary word or somebody else's name: it counts only in the company of its own field. ``+`` marks a
firm that goes by its product's name: it counts only where a firm acts or stands among firms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from lunheng.names import Names
from lunheng.text import PhraseMatcher, fold
from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.reading import Reading
from lunheng_plugins.entities.words import Edges

VERSION = re.compile(
    r"(?:[ -]?v?\d+(?:\.\d+)*(?:[bk](?![a-z\d])|o(?![a-z\d]))?\+?"
    r"(?![\d%:]|\s?[年月日号个亿万千百家名位人多倍种款次张块美元天小时分]|\.\d))?"
    r"(?:[ -](?:pro|plus|turbo|ultra|mini|max|air|lite|opus|sonnet|haiku|flash|nano|preview"
    r"|instruct|chat|base|coder|vision|large|small|medium)(?![a-z\d]))*"
)


LATIN = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
MARKS = "=?+"
JUNCTION = re.compile(r"(?<=[一-鿿])(?=[A-Za-z])|(?<=[A-Za-z])(?=[一-鿿])")
SCHOOLS = ("大学", "学院", "科学院", "研究院")
LABS = re.compile(
    "(?:[一-鿿]{2}|ai)?(?:实验室|研究院|研究所|大脑)|云(?![端计从上])|\\s?(?:research|brain|labs?)(?![a-z])"
)
LEGAL = re.compile("(?:科技|控股)?(?:公司|集团)")
EPONYM = re.compile("测试|奖|定律|定理|机(?![构器会])|效应|悖论|魔盒|方程|猜想|指数|大众|主义")
USED = re.compile(
    "(?:[用刷装逛]|下载|打开|登录|注册|卸载|发到|发在|传到|搬到|吵到|晒到|转到|朋友圈[,、])(?:[了着过在]|上)?\\Z"
)
PLACE_TO_BE = re.compile(
    r"\s?(?:上(?![市线演涨升周个半述海])|里(?!程)|中(?![国心])|app(?![a-z])|客户端|小程序|账号|帐号|直播间|热搜|评论区|视频号"
    r"|的?(?:用户|网友|推荐|算法|月活|日活|帖子|视频)|等?(?:一片)?(?:短视频|社交)?(?:app|平台上)|[、/](?:抖音|公众号|微博|微信|b站|tiktok|小红书|知乎|youtube|instagram))"
)
FIRM_AFTER = re.compile(
    '[”"」』》]?(?:,(?:这|那)?一?(?:家|间)|(?:这|那)(?:样的)?(?:家|类|种)?(?:小|大|创业|初创)?(?:公司|企业|团队|厂商)|公司'
    "|的?(?:联合)?(?:创始人|创办人|创始团队)|的?(?:员工|工程师|研究员|老板|估值|总部|股东|母公司|投资人|ceo|cto|高管|同行)"
    "|背后(?:的|是|有)?(?:公司|团队|股东|资本|金主)|是一家|(?:最近|去年|今年)?(?:完成|宣布|获得|拿到)(?!.{0,3}任务)|裁员|融资|成立|创立|上市"
    "|(?:花|烧|赚|亏|招|挖|养)了|为首|们)"
)
FIRM_BEFORE = re.compile(
    '(?:感谢|感激|佩服|敬重|加入|离开|入职|跳槽到|投资了?|收购|创办了?|创立了?|来自|对标|公司|团队|厂商|成立(?:的|了))[“"「『]?\\Z'
)
AMONG = ("和", "与", "、", "及", "跟")
DEPARTMENT = re.compile(
    "(?:(?![的和与在是了于及])[一-鿿]){2,9}?(?:学院|研究院|研究所|实验室|研究中心|系(?![统列数]))"
)


@dataclass(frozen=True, slots=True)
class Surface:
    """One way to write a known name."""

    folded: str
    written: str
    name: str
    type: str
    field: str
    exact: bool
    weak: bool
    acting: bool = False


def read_list(text: str, field: str) -> Iterator[Surface]:
    """Yield the surfaces of a name list."""
    type_ = ""
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            type_ = line.strip("[]")
            continue
        names = line.split("|")
        canonical = names[0].lstrip(MARKS)
        for given in names:
            written = given.lstrip(MARKS)
            mark = given[: len(given) - len(written)]
            exact = "=" in mark or (written.isascii() and len(written) <= 2)
            # Writers part Chinese from Latin by a space or not.
            for form in dict.fromkeys((written, JUNCTION.sub(" ", written))):
                folded, weak, acting = fold(form, case=True), "?" in mark, "+" in mark
                yield Surface(folded, form, canonical, type_, field, exact, weak, acting)


def shipped_surfaces(fields: Sequence[str] = ()) -> Iterator[Surface]:
    """Yield the surfaces of the seeds' lists, of all fields or of those given."""
    folder = files("lunheng_seeds.names")
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        field = entry.name.removesuffix(".txt")
        if entry.name.endswith(".txt") and (not fields or field in fields):
            yield from read_list(entry.read_text("utf-8"), field)


def user_surfaces(names: Names) -> Iterator[Surface]:
    """Yield the surfaces of the user's names that have a type."""
    for name in names.names:
        if name.type:
            for written in (name.name, *name.aliases):
                yield Surface(
                    fold(written, case=True), written, name.name, name.type, "user", False, False
                )


class Gazetteer:
    """Finds known names in folded text; immutable."""

    __slots__ = ("_matcher", "_surfaces")

    def __init__(self, surfaces: Iterable[Surface]) -> None:
        by_folded: dict[str, list[Surface]] = {}
        for surface in surfaces:
            by_folded.setdefault(surface.folded, []).append(surface)
        self._surfaces = [tuple(sharing) for sharing in by_folded.values()]
        self._matcher = PhraseMatcher(list(by_folded))

    def candidates(self, reading: Reading) -> Iterator[Candidate]:
        """Yield the known names of a text that respect its words.

        A weak surface is yielded when a sure one of its field stands in the same text.
        """
        text, folded, edges = reading.text, reading.folded, reading.edges
        weak: list[tuple[Candidate, str]] = []
        fields: set[str] = set()
        before: Candidate | None = None
        for start, end, number in self._matcher.find(folded).tolist():
            surface = self._fitting(reading, start, end, self._surfaces[number])
            if surface and surface.type == "PERSON" and EPONYM.match(folded, end):
                continue
            if surface is None or not _respects_words(folded, start, end, surface, edges):
                continue
            stop = _extended(folded, end, surface, edges)
            candidate = Candidate(
                start,
                stop,
                surface.type,
                name=surface.name if stop == end else text[start:stop],
                rank=0 if surface.field == "user" else 2,
                score=len(surface.folded) / 1000,
            )
            if len(self._surfaces[number]) > 1 and surface.type == "PRODUCT":
                acting = next((s for s in self._surfaces[number] if s.acting), None)
                if acting and stop == end and _acts_as_firm(folded, start, end, before):
                    candidate = candidate._replace(type="ORG", name=acting.name)
            if surface.weak:
                weak.append((candidate, surface.field))
            else:
                fields.add(surface.field)
                yield candidate
                before = candidate
        for candidate, field in weak:
            if field in fields:
                yield candidate

    @staticmethod
    def _fitting(
        reading: Reading, start: int, end: int, sharing: tuple[Surface, ...]
    ) -> Surface | None:
        """Return the surface that fits what is written; a service among firms where it is used."""
        written = reading.text[start:end] if sharing[0].exact or len(sharing) > 1 else ""
        fitting = [s for s in sharing if not s.exact or s.written == written]
        fitting = [s for s in fitting if not s.acting] or fitting
        if len(fitting) > 1 and fitting[0].type == "ORG" and _is_used(reading.folded, start, end):
            return next((s for s in fitting if s.type == "PRODUCT"), fitting[0])
        return fitting[0] if fitting else None


def _is_used(folded: str, start: int, end: int) -> bool:
    """Tell whether a name stands for a service that somebody uses: 在知乎上, 刷快手."""
    used = USED.search(folded, max(0, start - 5), start)
    return bool(used or PLACE_TO_BE.match(folded, end))


def _acts_as_firm(folded: str, start: int, end: int, before: Candidate | None) -> bool:
    """Tell whether a name of product and firm means the firm: 感谢DeepSeek, 阿里和DeepSeek."""
    if FIRM_AFTER.match(folded, end) or FIRM_BEFORE.search(folded, max(0, start - 6), start):
        return True
    return before is not None and before.type == "ORG" and folded[before.end : start] in AMONG


def _extended(folded: str, end: int, surface: Surface, edges: Edges) -> int:
    """Return where a name ends that goes on with a version or a department."""
    if surface.type == "PRODUCT":
        return _with_version(folded, end)
    if surface.type != "ORG":
        return end
    if (legal := LEGAL.match(folded, end)) and surface.field != "user":
        return legal.end() if edges.flags[legal.end()] else end
    if surface.folded.endswith(SCHOOLS):
        match = DEPARTMENT.match(folded, end)
        return match.end() if match and edges.flags[match.end()] else end
    if surface.field == "ai":
        match = LABS.match(folded, end)
        return match.end() if match and edges.flags[match.end()] else end
    return end


def _with_version(folded: str, end: int) -> int:
    match = VERSION.match(folded, end)
    assert match is not None
    stop = match.end()
    if stop > end and folded[stop - 1 : stop + 1].isalnum() and folded[stop : stop + 1].isascii():
        return end if len(folded[stop - 1 : stop + 1]) == 2 else stop
    return stop


def _respects_words(folded: str, start: int, end: int, surface: Surface, edges: Edges) -> bool:
    """Tell whether a match is a word of its own rather than a piece of others."""
    before, first = folded[start - 1 : start], folded[start]
    after, last = folded[end : end + 1], folded[end - 1]
    if first in LATIN and before in LATIN:
        return False
    if last in LATIN and after in LATIN:
        versioned = surface.type == "PRODUCT" and last.isalpha() and after.isdigit()
        return versioned and len(surface.folded) > 2
    if first.isascii() and last.isascii():
        return True
    if len(surface.folded) >= 4 or surface.field == "user":
        return True
    if len(surface.folded) == 3:
        return bool(edges.flags[start] or edges.flags[end])
    return edges.fit(start, end) or (
        surface.type == "PRODUCT" and bool(edges.flags[start]) and after in ("群", "号", "里", "上")
    )
