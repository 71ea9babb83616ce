"""The cue lexicon of stance, and where its cues stand in a text."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lunheng.opinion import CueKind, counting_cues
from lunheng.text import PhraseMatcher
from lunheng_plugins.stance.phrases import PhraseWords

_SETTING = frozenset(("marker", "condition", "concession", "contrast"))
_OPENING = re.compile(
    r"(?:\(\?<[=!][^()]*\))*(?:\(\?:(?P<choice>[一-鿿|]+)\)(?![?*])|(?P<word>[一-鿿]+)(?![?*]))"
)
DECIDING = frozenset(
    (
        "endorse",
        "reject",
        "good",
        "bad",
        "merit",
        "fault",
        "success",
        "failure",
        "need",
        "crucial",
        "needless",
        "neutral",
    )
)


@dataclass(frozen=True, slots=True)
class Role:
    """What a cue does in its clause: its class, its sign, and how much it speaks for a stance."""

    kind: str
    polarity: int
    weight: float


class Hit(NamedTuple):
    """A cue at its place in the text.

    ``deciding`` is the role that can carry a stance, if any. ``judges`` when a clause may be
    judged by the cue, ``sets`` when the cue says how the clauses behind it are meant.
    """

    start: int
    end: int
    text: str
    roles: tuple[Role, ...]
    deciding: Role | None
    judges: bool
    sets: bool

    def role(self, kind: str) -> Role | None:
        """Return the first role that is of a kind."""
        for role in self.roles:
            if role.kind == kind:
                return role
        return None


Roles = tuple[tuple[Role, ...], Role | None, bool, bool]
# A named tuple's own constructor is a Python function; there are several cues a sentence.
_hit: Callable[[Iterable[object]], Hit] = partial(tuple.__new__, Hit)


@dataclass(frozen=True, slots=True)
class GappedCues:
    """Cues with a gap: expressions, each tried only where a text has what it opens with.

    For the n-th phrase of ``openings`` the n-th of ``patterns`` joins the expressions that begin
    with it; the number of the group that matched has its roles in the n-th of ``roles``.
    """

    openings: PhraseMatcher
    patterns: tuple[re.Pattern[str], ...]
    roles: tuple[tuple[Roles, ...], ...]

    @classmethod
    def of(cls, groups: Sequence[Mapping[str, Any]]) -> GappedCues:
        """Compile groups of expressions; of two at one place the earlier group's counts."""
        each = [(e, openings(e), _roles(_role(g))) for g in groups for e in g["expressions"]]
        opened = {opening for _, opens, _ in each for opening in opens}
        shortest = sorted(o for o in opened if not any(o[:n] in opened for n in range(1, len(o))))
        fitting = [
            [(e, roles) for e, opens, roles in each if any(o.startswith(first) for o in opens)]
            for first in shortest
        ]
        return cls(
            PhraseMatcher(shortest),
            tuple(re.compile("|".join(f"({e})" for e, _ in these)) for these in fitting),
            tuple(tuple(roles for _, roles in these) for these in fitting),
        )

    def hits(self, folded: str) -> list[Hit]:
        """Return the cues in ascending order, none inside another."""
        found: list[Hit] = []
        reached = 0
        for place, _, number in self.openings.find(folded).tolist():
            if place >= reached and (match := self.patterns[number].match(folded, place)):
                roles = self.roles[number][(match.lastindex or 1) - 1]
                start, end = match.span()
                found.append(Hit(start, end, match[0], *roles))
                reached = match.end()
        return found


def openings(expression: str) -> frozenset[str]:
    """Return the words that every match of a cue's expression begins with.

    >>> sorted(openings("(?<!受)(?:影响|冲击)(?:很|极)?大"))
    ['冲击', '影响']

    Raises:
        ValueError: the expression does not begin with a word or a choice of words.
    """
    match = _OPENING.match(expression)
    if match is None or (match["choice"] is None and match["word"] is None):
        raise ValueError(f"expected an expression that begins with words, found {expression!r}")
    return frozenset((match["choice"] or match["word"]).split("|"))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Cue words and gapped patterns with their roles, matched over folded text.

    ``kinds`` has for each phrase a byte, the bits of `CueKind`.
    """

    phrases: tuple[str, ...]
    roles: tuple[Roles, ...]
    kinds: bytes
    matcher: PhraseMatcher
    gapped: GappedCues
    words: PhraseWords

    @classmethod
    def load(cls) -> Lexicon:
        """Read ``cues/stance.toml`` of the seeds."""
        source = files("lunheng_seeds").joinpath("cues", "stance.toml")
        data = tomllib.loads(source.read_text("utf-8"))
        by_word: dict[str, list[Role]] = {}
        for group in data["cues"]:
            for word in group["words"]:
                by_word.setdefault(word, []).append(_role(group))
        phrases = tuple(sorted(by_word))
        return cls(
            phrases,
            tuple(_roles(*by_word[p]) for p in phrases),
            bytes(_kinds(by_word[p]) for p in phrases),
            PhraseMatcher(phrases),
            GappedCues.of(data["patterns"]),
            PhraseWords.of(**{name: frozenset(words) for name, words in data["targets"].items()}),
        )

    def hits(
        self,
        folded: str,
        tokens: NDArray[np.int32] | None,
        names: Sequence[tuple[int, int]] = (),
    ) -> Sequence[Hit]:
        """Return cues in ascending order, the longest at each place, none inside another.

        A cue of one character counts only where it is a word of ``tokens`` (shape (n, 2));
        without tokens only negators, intensifiers and contrasts may be so short. A longer one
        must begin or end where a word does. None begins in one of ``names``, which ascend.
        """
        gapped = self.gapped.hits(folded)
        rows = counting_cues(
            self.matcher.find(folded),
            self.kinds,
            tokens,
            len(folded),
            _spans((hit.start, hit.end) for hit in gapped),
            _spans(names),
        )
        phrases, roles = self.phrases, self.roles
        found = [_hit((start, end, phrases[n], *roles[n])) for start, end, n in rows.tolist()]
        starts = [start for start, _ in names]
        for hit in gapped:
            name = bisect_right(starts, hit.start) - 1
            if hit.roles[0].kind != "blocked" and (name < 0 or hit.start >= names[name][1]):
                found.append(hit)
        return sorted(found, key=itemgetter(0))


def _role(group: Mapping[str, Any]) -> Role:
    return Role(group["class"], int(group["polarity"]), float(group["weight"]))


def _roles(*roles: Role) -> Roles:
    """Return what a `Hit` says of its roles."""
    kinds = {role.kind for role in roles}
    deciding = next((role for role in roles if role.kind in DECIDING), None)
    judges = deciding is not None or not kinds.isdisjoint(("rhetorical", "marker"))
    return roles, deciding, judges, not kinds.isdisjoint(_SETTING)


def _kinds(roles: Sequence[Role]) -> int:
    """Return the bits that say when a cue of these roles counts."""
    kinds = {role.kind for role in roles}
    first = roles[0].kind
    return (
        (CueKind.DECIDES if kinds & DECIDING else 0)
        | (CueKind.LEADS if "marker" in kinds else 0)
        | (CueKind.BLOCKS if first == "blocked" else 0)
        | (CueKind.STANDS_ALONE if first in ("negator", "intensifier", "contrast") else 0)
    )


def _spans(spans: Iterable[tuple[int, int]]) -> NDArray[np.int32]:
    return np.array(list(spans), np.int32).reshape(-1, 2)
