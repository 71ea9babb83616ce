"""Which way a clause leans, how strongly, and by which cues."""

from __future__ import annotations

import re
from typing import NamedTuple

from lunheng.documents import Cue
from lunheng_plugins.stance.clauses import Clause
from lunheng_plugins.stance.lexicon import Hit, Role

_COPULA = re.compile(
    r"是|像|叫|变成|成为|(?<![完达生形组造赞现])成(?![本功果立熟长就员年])|等于|算(?=是|得上|不上|个)|属于|作为|沦为"
)
_COPULA_REACH = 12
_EMBEDDED = re.compile(r"为什么|为何|是否|是不是|如何|能否|会不会|能不能|究竟|到底是|怎么样才")
_ONLY_IF = re.compile(r"(?:没有|没|不|只有)[^,。]{1,8}(?:就|才|便)(?!是)")
_OVER_ALL = re.compile(r"(?:并|也)?不(?:意味着|代表|等于|是说|认为|觉得|相信|见得)")
_LINKS = re.compile(r"不是|并不是|也不是|并非|绝非")
_EITHER = re.compile(r"不是[^,。]{1,12}就是")
_NEW_PREDICATE = frozenset("更却反倒")
_ADVERBIAL = re.compile(r"不|未|没能|无法|难以|尚未|还没|从未|并不|并未|不会|不能")
_ONLY_ONE = re.compile(r"只有[^,。]{1,14}(?:能|会|可以)")
_WHOEVER_NOT = re.compile(r"谁[不没][^,。谁]{1,8}谁")
_CLOSING = '”」』’" '
_NOMINAL = re.compile(
    r"(?:的|各种|种种|一种|这种|这些|那些|一些|这样的?|一片|受到|引起|引发|面对|回应|收到|充满|带着)$"
)
_OWN = re.compile(
    r"(?:我们?|笔者|本人)?(?:个人)?(?:还是|始终|一直|依然|仍然|粗略的)?(?:认为|觉得|相信|坚信|感觉|敢说)"
    r"|在我们?看来|依我看|要我说|照我看|我的(?:观点|看法|判断|结论)"
)
_ASSERTS = re.compile(r"是|会|能|一定|肯定|必|应|要|才|就|有")
_AFFIRMED = re.compile(r"(?:难道|岂)?(?P<no>不是|不就是|不也是|不正是|不算)[^,。]{1,14}[吗么]$")
_ANSWERED_NO = re.compile(r"有(?:什么|啥|何)")
_CLAIM = 0.5
_LEAST_CLAIM = 5
_UNFINISHED = re.compile(
    r"要么|有时|(?:以后|之后|的时候|时|的话|来说|而言)$|你觉得|你认为|即便|如果"
)
_NEGATION_REACH = 8
_NEGATED = 0.95
_DENIED = 0.6
_PREDICATE_NOUN = 0.45
_ATTRIBUTE = 0.5
_NOUN = 0.25
_MARKER = 0.35
_MOST_INTENSE = 0.35
_ANOTHER_CUE = 0.25
_QUESTION = -1.2
_EMBEDDED_QUESTION = -0.5
_HYPOTHETICAL = -0.6
_GRANTED = -0.15
_PAST = -0.2
_ANSWERED = 0.25
_SELF_ANSWERING = 0.7
_LEAST_ASKED = 3
_HEDGE = -0.12
_SUFFERED = re.compile(r"被[^,。]{0,8}$")
_WHEN = re.compile(r"(?:的时候|以后|之后|以来|之前)$")
_BECAUSE = re.compile(r"(?:正是|就是|主要是)?(?:因为|由于|鉴于)|(?:伴)?随着")
_ASIDE = -0.35
_PASSIVE = -0.5
_CONTRAST = 0.15
_UNIT = 0.6


class Judgement(NamedTuple):
    """The leaning of one clause: sign, strength (about 1: clear), its deciding cue, and why."""

    polarity: int
    strength: float
    decider: Hit
    role: Role
    negated: bool
    cues: tuple[Cue, ...]
    flags: tuple[str, ...]


class Setting(NamedTuple):
    """What the clauses before it mean for a clause of the same sentence."""

    marked: bool = False
    hypothetical: bool = False
    contrasted: bool = False
    granted: bool = False


def judge(folded: str, clause: Clause, setting: Setting) -> Judgement | None:
    """Weigh the cues of a clause; None when none of them can carry a stance.

    Each deciding cue counts with the sign it has after the negators before it; the later ones of
    a clause count more. Markers of opinion, intensifiers and contrast add strength; hedges,
    conditions, questions and what is past take some away.
    """
    weighed = _weigh(folded, clause) or _claim(folded, clause)
    if not weighed:
        return None
    total = sum(sign * weight for _, _, sign, weight, _ in weighed)
    neutral = [w for w in weighed if w[1].kind == "neutral"]
    if neutral:
        polarity = 0
        decider, role, _, strength, negated = neutral[-1]
    else:
        polarity = 1 if total > 0 else -1
        agreeing = [w for w in weighed if w[2] == polarity]
        decider, role, _, strength, negated = max(agreeing, key=lambda w: w[3])
        strength = min(strength + _ANOTHER_CUE * (len(agreeing) - 1), abs(total) + 0.3)
    cues = [_cue(hit, role_, sign, weight, flip) for hit, role_, sign, weight, flip in weighed]
    flags: list[str] = []
    strength += _aside(folded, clause, decider, role)
    strength += _context(folded, clause, setting, cues, flags)
    return Judgement(polarity, strength, decider, role, negated, tuple(cues), tuple(flags))


def _aside(folded: str, clause: Clause, decider: Hit, role: Role) -> float:
    """Return what a clause loses that gives a cause or time, or tells what somebody suffered."""
    change = 0.0
    if _BECAUSE.match(folded, clause.start) or _WHEN.search(folded, clause.start, clause.end):
        change += _ASIDE
    if role.kind in ("endorse", "reject"):
        suffered = decider.text[0] in "被遭" or _SUFFERED.search(
            folded, clause.start, decider.start
        )
        change += _PASSIVE if suffered else 0.0
    return change


def setting_after(clause: Clause, setting: Setting) -> Setting:
    """Return the setting that a clause leaves to the next of its sentence."""
    if not any(hit.sets for hit in clause.hits):
        return setting
    marked, hypothetical = setting.marked, setting.hypothetical
    granted, contrasted = setting.granted, False
    for hit in clause.hits:
        marked = marked or hit.role("marker") is not None
        if hit.role("condition") and hit.start - clause.start <= 4:
            hypothetical = True
        granted = granted or (hit.role("concession") is not None and len(hit.text) > 1)
        if hit.role("contrast") and hit.start - clause.start <= 2:
            contrasted, granted, hypothetical = True, False, False
    return Setting(marked, hypothetical, contrasted or setting.contrasted, granted)


_Weighed = tuple[Hit, Role, int, float, bool]


def _weigh(folded: str, clause: Clause) -> list[_Weighed]:
    cores = [h for h in clause.hits if h.deciding is not None]
    if not cores:
        return _rhetorical(clause)
    weighed: list[_Weighed] = []
    affirmed = clause.asks and _AFFIRMED.search(folded, clause.start, clause.end)
    rhetorical = clause.asks and any(hit.role("rhetorical") for hit in clause.hits)
    other = any(h.deciding and h.deciding.kind not in ("need", "crucial", "neutral") for h in cores)
    for hit in cores:
        role = hit.deciding
        assert role is not None
        if (role.kind in ("need", "crucial") and other) or _doubled(folded, hit):
            continue
        if hit.role("concession") and hit.end - hit.start >= clause.end - clause.start:
            continue
        flips = _negations(folded, clause, hit)
        if affirmed and affirmed.start("no") < hit.start:
            flips -= 1
        elif rhetorical and not hit.role("rhetorical") and not _ANSWERED_NO.match(hit.text):
            flips += 1
        sign = role.polarity if flips % 2 == 0 else -role.polarity
        weight = _weight_in_place(folded, clause, hit, role)
        weight *= _DENIED if flips and role.kind == "reject" else 1.0 if flips == 0 else _NEGATED
        weight *= 1.0 + 0.1 * len(weighed)
        weighed.append((hit, role, sign, weight, flips % 2 == 1))
    return weighed or _rhetorical(clause)


def _doubled(folded: str, hit: Hit) -> bool:
    """Tell whether a cue stands beside itself and judges nothing: 靠不靠谱, 心疼归心疼."""
    word = hit.text.removeprefix("不")
    if word != hit.text and folded[hit.start - 1 : hit.start] == word[0]:
        return True
    between = folded[max(0, hit.start - 2) : hit.start]
    if between == f"{hit.text[0]}不":
        return True
    return any(folded.startswith(link + hit.text, hit.end) for link in ("不", "归")) or any(
        folded.endswith(hit.text + link, 0, hit.start) for link in ("不", "归")
    )


def _rhetorical(clause: Clause) -> list[_Weighed]:
    """Return the cues that ask what answers itself, where nothing else judges: 谁会买它."""
    weighed: list[_Weighed] = []
    for hit in clause.hits:
        role = hit.role("rhetorical")
        if role is None:
            continue
        answers_itself = role.weight >= _SELF_ANSWERING
        if answers_itself or (clause.asks and len(hit.text) >= _LEAST_ASKED):
            weighed.append((hit, role, -1, role.weight + _ANSWERED, False))
    return weighed


def _claim(folded: str, clause: Clause) -> list[_Weighed]:
    """Return what an opinion without a word of judgement weighs: 我认为第一步一定在国内."""
    if clause.asks:
        return []
    for hit in clause.hits:
        role = hit.role("marker")
        if role is None or not _OWN.fullmatch(hit.text):
            continue
        if folded[max(clause.start, hit.start - 3) : hit.start].endswith(("不是", "不")):
            return []
        claim = folded[hit.end : clause.end]
        if len(claim) < _LEAST_CLAIM or not _ASSERTS.search(claim) or _UNFINISHED.search(claim):
            return []
        negated = any(h.role("negator") for h in clause.hits if h.start >= hit.end)
        role = Role("claim", 1, _CLAIM)
        return [(hit, role, -1 if negated else 1, _CLAIM, negated)]
    return []


def _weight_in_place(folded: str, clause: Clause, hit: Hit, role: Role) -> float:
    """Return a cue's weight where it stands: a predicate says more than an attribute.

    A noun judges when it is what something is or becomes; an adjective before 的 and a noun only
    describes, unless that noun is itself the predicate.
    """
    reach = max(clause.start, hit.start - _COPULA_REACH)
    predicate = _COPULA.search(folded, reach, hit.start) is not None
    following = folded[hit.end : clause.end].lstrip(_CLOSING).rstrip()
    last = not following.strip("的了吧啊呢嘛")
    if role.kind in ("merit", "fault"):
        return role.weight + _PREDICATE_NOUN if predicate and last else role.weight * _ATTRIBUTE
    if role.kind in ("endorse", "reject"):
        if following.startswith("的是"):
            return role.weight
        if _NOMINAL.search(folded, clause.start, hit.start) or following.startswith("的"):
            return role.weight * _NOUN
        return role.weight
    if following.startswith(("的", "之", "地", "者", "派", "型")) and not last and not predicate:
        return role.weight * _ATTRIBUTE
    return role.weight


def _negations(folded: str, clause: Clause, core: Hit) -> int:
    """Return how many negators have the cue in their scope.

    The scope runs to the right over a few characters, up to the next deciding cue; 不是 before
    而是 in the same clause has only what lies between.
    """
    count = 0
    reach = core.start
    for hit in reversed([h for h in clause.hits if h.end <= core.start]):
        if not _LINKS.match(hit.text) and _attributive(folded, hit, reach, core):
            break
        if _OVER_ALL.fullmatch(hit.text):
            count += 1
            break
        if reach - hit.end > _NEGATION_REACH:
            continue
        if hit.role("contrast"):
            break
        if hit.role("negator") and _EITHER.match(folded, hit.start, clause.end):
            break
        if hit.role("negator") and any(c in _NEW_PREDICATE for c in folded[hit.end + 1 : reach]):
            break
        if hit.role("negator"):
            count += 0 if _warns(hit, core) else 1
            reach = hit.start
        elif hit.deciding is not None:
            break
    return count


def _attributive(folded: str, negator: Hit, reach: int, core: Hit) -> bool:
    """Tell whether a negator is part of what only describes: 没写完的稿子, not 没有真正的价值."""
    place = folded.find("的", negator.end, reach)
    if place < 0:
        return False
    if place < core.start - 1:
        return True
    return place > negator.end and _ADVERBIAL.fullmatch(negator.text) is not None


def _warns(negator: Hit, core: Hit) -> bool:
    """Tell whether the negator bids keep away from something bad: then bad it stays."""
    role = core.deciding
    forbids = negator.role("needless") is not None or negator.text in ("不能", "别")
    return forbids and role is not None and role.kind in ("bad", "fault", "failure")


def _context(
    folded: str, clause: Clause, setting: Setting, cues: list[Cue], flags: list[str]
) -> float:
    change = 0.0
    counts: dict[str, int] = {}
    intensity = 0.0
    for hit in clause.hits:
        for role in hit.roles:
            intensity += role.weight if role.kind == "intensifier" else 0.0
            counts[role.kind] = counts.get(role.kind, 0) + 1
            if role.kind in ("marker", "intensifier", "hedge", "condition", "past", "contrast"):
                cues.append(Cue(hit.start, hit.end, hit.text, role.kind, role.weight))
    if counts.get("marker") or setting.marked:
        change += _MARKER
    change += min(intensity, _MOST_INTENSE)
    change += _HEDGE * min(counts.get("hedge", 0), 2)
    if counts.get("contrast") or setting.contrasted:
        change += _CONTRAST
    if counts.get("feared"):
        change += _HYPOTHETICAL
        flags.append("hypothetical")
    elif counts.get("condition") or setting.hypothetical:
        change += _HYPOTHETICAL if counts.get("condition") else _HYPOTHETICAL / 3
        flags.append("hypothetical")
    if setting.granted or any(h.role("concession") and len(h.text) > 1 for h in clause.hits):
        change += _GRANTED
        flags.append("concession")
    if counts.get("past"):
        change += _PAST
        flags.append("past")
    if _EMBEDDED.search(folded, clause.start, clause.end) and not counts.get("rhetorical"):
        change += _EMBEDDED_QUESTION
        flags.append("question")
    elif _WHOEVER_NOT.search(folded, clause.start, clause.end):
        change += _EMBEDDED_QUESTION
        flags.append("hypothetical")
    elif _ONLY_ONE.search(folded, clause.start, clause.end):
        change += _HYPOTHETICAL / 2
    elif not counts.get("condition") and _ONLY_IF.search(folded, clause.start, clause.end):
        change += _HYPOTHETICAL / 3
        flags.append("hypothetical")
    if clause.asks:
        if counts.get("rhetorical") or _answered(folded, clause):
            change += _ANSWERED
            flags.append("rhetorical")
        else:
            change += _QUESTION
            flags.append("question")
    return change


def _answered(folded: str, clause: Clause) -> bool:
    """Tell whether a question's wording gives its answer: 这不是很好吗, 有什么不好."""
    known = any(_ANSWERED_NO.match(hit.text) for hit in clause.hits)
    return known or _AFFIRMED.search(folded, clause.start, clause.end) is not None


def _cue(hit: Hit, role: Role, sign: int, weight: float, flipped: bool) -> Cue:
    rule = f"{role.kind}, negated" if flipped else role.kind
    return Cue(hit.start, hit.end, hit.text, rule, sign * weight * _UNIT)
