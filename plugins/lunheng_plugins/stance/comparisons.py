"""Comparisons that favour one side against the other: A比B好, 与其X不如Y, 不是X而是Y."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lunheng_plugins.stance.clauses import Sentence

_SIDE = r"[^，,。！!？?；;：:\n“”]"
_THAN = re.compile(
    rf"(?P<a>{_SIDE}{{2,16}}?)(?<![对我你他她它们])(?P<cue>比)(?!如|较|例|赛|方|喻|特|亚)(?P<b>{_SIDE}{{2,14}}?)"
    r"(?:还|还要|更|更加|要|都|好得多|强得多)(?P<sign>好|强|重要|有用|有价值|有意义|靠谱|安全|合理|先进|高效|适合|划算|便宜|方便|现实|难|差|贵|糟|弱|危险)"
)
_RATHER = re.compile(
    rf"与其(?:说)?(?:现在)?(?P<a>{_SIDE}{{2,30}})[，,]?\s*(?:还|倒|真)?(?P<cue>不如)(?:说)?(?P<b>{_SIDE}{{2,40}})"
)
_NOT_BUT = re.compile(
    rf"(?P<head>{_SIDE}{{0,14}}?)(?:并)?(?P<cue>不是|不在于|不在)(?P<a>{_SIDE}{{2,20}})[，,]\s*(?:而是|而在于|而在|是|在于)(?P<b>{_SIDE}{{2,24}})"
)
_COMMA = re.compile(r"[,，]")
_BAD = frozenset("难差贵糟弱") | {"危险"}


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: its place and evidence, whether it is favoured, cue and rule."""

    start: int
    end: int
    evidence_start: int
    evidence_end: int
    polarity: int
    cue_start: int
    cue_end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides, the span that holds both, and how clear it is."""

    start: int
    end: int
    sides: tuple[Side, Side]
    strength: float


def comparisons(
    folded: str, sentence: Sentence, judged: Sequence[tuple[int, int]] = ()
) -> Iterator[Comparison]:
    """Yield the comparisons of a sentence.

    A 不是 … 而是 … in which one side holds a cue that judges (its place among ``judged``) is none:
    there the cue decides.
    """
    if sentence.clauses[-1].asks:
        return
    part = (sentence.start, sentence.end)
    for match in _RATHER.finditer(folded, *part):
        yield _comparison(match, -1, "rather than", 1.3)
    if "比" in folded[sentence.start : sentence.end]:
        for match in _THAN.finditer(folded, *part):
            yield _comparison(match, -1 if match["sign"] in _BAD else 1, "more than", 1.0)
    for match in _NOT_BUT.finditer(folded, *part):
        if any(match.start() <= start and end <= match.end() for start, end in judged):
            continue
        yield _comparison(match, -1, "not but", 0.55)


def _comparison(match: re.Match[str], first: int, rule: str, strength: float) -> Comparison:
    cue_start, cue_end = match.span("cue")
    a, b = match.span("a"), match.span("b")
    start, end = match.span()
    left, right = (start, end), (start, end)
    if _COMMA.search(match.string, a[1], b[0]):
        left, right = (start, a[1]), (a[1] + 1, end)
    return Comparison(
        start,
        end,
        (
            Side(*a, *left, first, cue_start, cue_end, rule),
            Side(*b, *right, -first, cue_start, cue_end, rule),
        ),
        strength,
    )
