"""Constructions that favour one thing against another: A比B好, 与其X不如Y, 没有X就不会有Y."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lunheng_plugins.stance.clauses import Sentence

_SIDE = r"[^，,。！!？?；;：:\n“”]"
_BETTER = (
    "好|强|重要|有用|有价值|有意义|靠谱|安全|合理|先进|高效|适合|划算|便宜|方便|现实|可信|可靠|老实|管用|实在|聪明|厉害|"
    "健康|舒服|省心|值|快|成熟|稳"
)
_WORSE = "难|差|贵|糟|弱|危险|麻烦|傻|蠢|可怕|烂|慢"
_THAN = re.compile(
    rf"(?P<a>{_SIDE}{{2,16}}?)(?<![对我你他她它们])(?:总|都|也|可)?(?P<cue>比)(?!如|较|例|赛|方|喻|特|亚|重|率|分|利)"
    rf"(?P<b>{_SIDE}{{2,14}}?)(?:(?:还要|还|更加|更|都要|要|都)(?P<sign>{_BETTER}|{_WORSE})"
    rf"|(?P<plain>{_BETTER}|{_WORSE})(?:得多|多了|一些|一点|很多|太多|[一二两三四五六七八九十百千万几\d]+倍)?(?=[，,。！!？?；;了吧呢\n]|$))"
)
_RATHER = re.compile(
    rf"与其(?:说)?(?:现在)?(?P<a>{_SIDE}{{2,30}})[，,]?\s*(?:还|倒|真)?(?P<cue>不如)(?:说)?(?P<b>{_SIDE}{{2,40}})"
)
_RATHER_NOT = re.compile(rf"(?P<cue>与其)(?:说)?(?:现在)?(?P<a>{_SIDE}{{2,30}})[，,]")
_RATHER_THIS = re.compile(
    rf"(?:(?<=[，,。！!？?；;\n])|^)(?:那|倒|真)?(?P<cue>还不如|倒不如)(?P<b>{_SIDE}{{2,40}})"
)
_SURPASSES = re.compile(
    rf"(?P<a>{_SIDE}{{2,24}}?)[，,]?(?P<cue>好过|胜过|强过|远胜于|远胜|优于|大于)(?P<b>{_SIDE}{{2,20}})"
)
_INFERIOR = re.compile(
    rf"(?P<a>{_SIDE}{{2,16}}?)(?:还|远|都|真|也)*(?P<cue>不如|比不上|比不了)(?P<b>{_SIDE}{{2,20}})"
)
_NOT_BUT = re.compile(
    rf"(?P<head>{_SIDE}{{0,14}}?)(?:并)?(?P<cue>不是|不在于|不在)(?P<a>{_SIDE}{{2,20}})[，,]\s*(?:而是|而在于|而在|是|在于)(?P<b>{_SIDE}{{2,24}})"
)
_WITHOUT = re.compile(
    rf"(?P<cue>没有|没了|离了|离开|缺了|少了|要不是|若不是)(?P<a>{_SIDE}{{1,14}}?)(?:[，,]|就|(?=[一都也根我]))"
    rf"(?P<rest>{_SIDE}{{0,16}}?(?:早(?:就|已)?(?:死|倒|完|垮|没|散|黄|关)|[接撑活干做走转跑熬]不(?:下去|下来|了|动|成)|连[^，,。]{{1,14}}都没|哪来|哪里来|不可能|不会有|就没有|活不下去|做不到|不行|玩不转|什么都不是|哪有|何来|走不远|无从谈起|会有今天吗))"
)
_ONLY_THEN_BAD = re.compile(
    rf"(?P<cue>没有)(?P<a>{_SIDE}{{2,8}}?)才(?:是)?(?:真的)?(?:可怕|糟|危险|麻烦|不正常|有问题)"
)
_FEELS = {
    1: "喜欢|支持|赞成|看好|佩服|欣赏|相信|在乎|看重|需要|期待|想要|希望的?|尊敬|羡慕",
    -1: (
        "反对|讨厌|恨|怕|害怕|担心|担忧|反感|怀疑|质疑|批评|拒绝|受不了|看不惯|警惕|不满|可怕|"
        "危险|荒谬|讽刺|可惜|糟糕"
    ),
}
_FELT = tuple(word.removesuffix("的?") for words in _FEELS.values() for word in words.split("|"))
_CLEFT = {
    sign: re.compile(
        rf"(?:真正|最|让我|令我|让人|令人|我们?)*(?P<cue>{words})的[，,]?(?:从来|并|其实|根本|恰恰|也|倒)*"
        rf"(?:不是(?P<a>{_SIDE}{{1,16}})[，,]\s*(?:而)?)?是[，,]?(?P<b>{_SIDE}{{1,24}})"
    )
    for sign, words in _FEELS.items()
}
_BASELINE = re.compile(
    r"(?:我|你|他|她|它|自己|别人|人家)们?(?:要|会|更|还)?$|谁|什么|从前|以前|过去|之前|预期|预想|想象|往年|去年|那时|这些年|当年|"
    r"原来|原先|现在|平时|平均"
)
_COMMA = re.compile(r"[,，]")
_CRUCIAL = re.compile(
    r"(?:机会|优势|出路|关键|核心|重点|未来|方向|本质|价值|希望|答案|根本)[，,]?(?:从来|并|其实|恰恰|就|根本)*$"
)
_LIES_NOT = re.compile(
    rf"(?:机会|优势|出路|关键|核心|重点|未来|方向|本质|价值|希望|答案|根本|护城河|壁垒)[，,]?"
    rf"(?:从来|并|其实|恰恰|就|根本)*(?P<cue>不在于|不在)(?P<b>{_SIDE}{{2,20}})"
)
_LEAD = 10


class Side(NamedTuple):
    """One side of a comparison: its place and evidence, whether it is favoured, cue and rule."""

    start: int
    end: int
    evidence_start: int
    evidence_end: int
    polarity: int
    cue_start: int
    cue_end: int
    rule: str


class Comparison(NamedTuple):
    """Its sides, the span that holds them all, and how clear it is."""

    start: int
    end: int
    sides: tuple[Side, ...]
    strength: float


def comparisons(folded: str, sentence: Sentence) -> Iterator[Comparison]:
    """Yield the comparisons of a sentence.

    A 不是 … 而是 … in which one side holds a cue that judges is none: there the cue decides.
    """
    part = (sentence.start, sentence.end)
    text = folded[slice(*part)]
    clefts = list(_clefts(folded, part)) if "是" in text and _feels(text) else []
    yield from clefts
    if any(word in text for word in ("没", "离", "缺了", "少了", "要不是", "若不是")):
        for match in (*_WITHOUT.finditer(folded, *part), *_ONLY_THEN_BAD.finditer(folded, *part)):
            yield _needed(match)
    rather = list(_rather(folded, part)) if "与其" in text or "不如" in text else []
    yield from rather
    if sentence.clauses[-1].asks:
        return
    if "比" in text:
        for match in _THAN.finditer(folded, *part):
            sign = match["sign"] or match["plain"]
            first = -1 if re.fullmatch(_WORSE, sign) else 1
            yield _comparison(match, first, "more than", 1.0)
    if "过" in text or "于" in text or "远胜" in text:
        for match in _SURPASSES.finditer(folded, *part):
            yield _comparison(match, 1, "more than", 1.0)
    if not rather and ("不如" in text or "比不" in text):
        for match in _INFERIOR.finditer(folded, *part):
            yield _comparison(match, -1, "less than", 1.0)
    whole = [match.span() for match in _NOT_BUT.finditer(folded, *part)] if "不在" in text else []
    for one in _lies_not(folded, part) if "不在" in text else ():
        if not any(start < one.end and one.start < end for start, end in whole):
            yield one
    for match in _NOT_BUT.finditer(folded, *part) if "不是" in text or "不在" in text else ():
        judged = _judging(sentence)
        if any(match.start() <= start and end <= match.end() for start, end in judged):
            continue
        if any(c.start < match.end() and match.start() < c.end for c in clefts):
            continue
        lead = folded[max(0, match.start("cue") - _LEAD) : match.start("cue")]
        yield _comparison(match, -1, "not but", 0.9 if _CRUCIAL.search(lead) else 0.55)


def _lies_not(folded: str, part: tuple[int, int]) -> Iterator[Comparison]:
    """Yield 机会不在X, which says that X is not what counts."""
    for match in _LIES_NOT.finditer(folded, *part):
        side = Side(*match.span("b"), *match.span(), -1, *match.span("cue"), "not what counts")
        yield Comparison(*match.span(), (side,), 1.1)


def _feels(text: str) -> bool:
    """Tell whether a sentence has the first half of a cleft: a feeling and 的."""
    place = text.find("的")
    while place >= 0 and not text.endswith(_FELT, 0, place):
        place = text.find("的", place + 1)
    return place >= 0


def _clefts(folded: str, part: tuple[int, int]) -> Iterator[Comparison]:
    """Yield 我反对的不是X，是Y and 真正可怕的是Y: against Y, and X is not what is meant."""
    for sign, pattern in _CLEFT.items():
        for match in pattern.finditer(folded, *part):
            if match["a"] is None and not folded.startswith(
                ("真", "最", "让", "令", "我"), match.start()
            ):
                continue
            start, end = match.span()
            one = Side(*match.span("b"), start, end, sign, *match.span("cue"), "what is felt")
            yield Comparison(start, end, (one,), 1.1)


def _judging(sentence: Sentence) -> list[tuple[int, int]]:
    """Return the places of the cues that judge, in a sentence."""
    return [
        (hit.start, hit.end)
        for clause in sentence.clauses
        for hit in clause.hits
        if hit.deciding is not None and hit.deciding.kind not in ("need", "needless", "crucial")
    ]


def _rather(folded: str, part: tuple[int, int]) -> Iterator[Comparison]:
    """Yield 与其X不如Y, and either half of it alone: 与其X，他宁可Y; 还不如Y."""
    whole = list(_RATHER.finditer(folded, *part))
    for match in whole:
        yield _comparison(match, -1, "rather than", 1.3)
    taken = [match.span() for match in whole]
    for pattern, side, sign in ((_RATHER_NOT, "a", -1), (_RATHER_THIS, "b", 1)):
        for match in pattern.finditer(folded, *part):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                start, end = match.start(), match.end(side)
                one = Side(*match.span(side), start, end, sign, *match.span("cue"), "rather than")
                yield Comparison(start, end, (one,), 1.1)


def _needed(match: re.Match[str]) -> Comparison:
    """Return what 没有X就不会有Y says: X is good."""
    start, end = match.span()
    side = Side(*match.span("a"), start, end, 1, *match.span("cue"), "not without")
    return Comparison(start, end, (side,), 0.95)


def _comparison(match: re.Match[str], first: int, rule: str, strength: float) -> Comparison:
    cue_start, cue_end = match.span("cue")
    a, b = match.span("a"), match.span("b")
    start, end = match.span()
    left, right = (start, end), (start, end)
    if _COMMA.search(match.string, a[1], b[0]):
        left, right = (start, a[1]), (a[1] + 1, end)
    sides = [Side(*a, *left, first, cue_start, cue_end, rule)]
    if not _BASELINE.match(match["b"]):
        sides.append(Side(*b, *right, -first, cue_start, cue_end, rule))
    return Comparison(start, end, tuple(sides), strength)
