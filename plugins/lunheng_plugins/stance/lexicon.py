"""The cue lexicon of stance, and where its cues stand in a text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from lunheng.text import PhraseMatcher

if TYPE_CHECKING:
    from numpy.typing import NDArray

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


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue at its place in the text."""

    start: int
    end: int
    text: str
    roles: tuple[Role, ...]

    def role(self, *kinds: str) -> Role | None:
        """Return the first role that is of one of the kinds."""
        for role in self.roles:
            if role.kind in kinds:
                return role
        return None

    @property
    def deciding(self) -> Role | None:
        """Return the role that can carry a stance, if the cue has one."""
        for role in self.roles:
            if role.kind in DECIDING:
                return role
        return None


@dataclass(frozen=True, slots=True)
class GappedCues:
    """Cues with a gap: expressions, tried only where a text has what one of them opens with."""

    pattern: re.Pattern[str]
    roles: tuple[tuple[Role, ...], ...]
    openings: PhraseMatcher

    @classmethod
    def of(cls, groups: Sequence[Mapping[str, Any]]) -> GappedCues:
        """Compile groups of expressions; of two at one place the earlier group's counts."""
        opened = {o for group in groups for each in group["expressions"] for o in openings(each)}
        shortest = {o for o in opened if not any(o[:n] in opened for n in range(1, len(o)))}
        return cls(
            re.compile("|".join("(" + "|".join(g["expressions"]) + ")" for g in groups)),
            tuple((_role(g),) for g in groups),
            PhraseMatcher(tuple(sorted(shortest))),
        )

    def hits(self, folded: str) -> list[Hit]:
        """Return the cues in ascending order, none inside another."""
        found: list[Hit] = []
        reached = 0
        for place in sorted(self.openings.find(folded)[:, 0].tolist()):
            if place >= reached and (match := self.pattern.match(folded, place)):
                found.append(Hit(*match.span(), match[0], self.roles[(match.lastindex or 1) - 1]))
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
    """Cue words and gapped patterns with their roles, matched over folded text."""

    phrases: tuple[str, ...]
    roles: tuple[tuple[Role, ...], ...]
    matcher: PhraseMatcher
    gapped: GappedCues
    no_target: frozenset[str]
    says: frozenset[str]

    @classmethod
    def load(cls) -> Lexicon:
        """Read ``cues/stance.toml`` of the seeds."""
        source = files("lunheng_seeds").joinpath("cues", "stance.toml")
        data = tomllib.loads(source.read_text("utf-8"))
        roles: dict[str, list[Role]] = {}
        for group in data["cues"]:
            for word in group["words"]:
                roles.setdefault(word, []).append(_role(group))
        phrases = tuple(sorted(roles))
        return cls(
            phrases,
            tuple(tuple(roles[p]) for p in phrases),
            PhraseMatcher(phrases),
            GappedCues.of(data["patterns"]),
            frozenset(data["targets"]["stop"]),
            frozenset(data["targets"]["says"]),
        )

    def hits(self, folded: str, tokens: NDArray[np.int32] | None) -> Sequence[Hit]:
        """Return cues in ascending order, the longest at each place, none inside another.

        A cue of one character counts only where it is a word of ``tokens`` (shape (n, 2));
        without tokens only negators, intensifiers and contrasts may be so short. A longer one
        must begin or end where a word does.
        """
        found = self.gapped.hits(folded)
        taken = 0
        places = [(hit.start, hit.end) for hit in found]
        position = 0
        for hit in self._phrases(folded, tokens):
            while position < len(places) and places[position][1] <= hit.start:
                position += 1
            if position < len(places) and places[position][0] < hit.end:
                continue
            if hit.start >= taken:
                taken = hit.end
                found.append(hit)
        return sorted((h for h in found if h.roles[0].kind != "blocked"), key=lambda hit: hit.start)

    def _phrases(self, folded: str, tokens: NDArray[np.int32] | None) -> list[Hit]:
        """Return single words, the longest at each place; 我看 gives way to 看好 in 我看好."""
        rows = self.matcher.find(folded)
        if tokens is not None and len(rows):
            rows = rows[_on_words(rows, tokens, len(folded))]
        lengths = rows[:, 1] - rows[:, 0]
        found: list[Hit] = []
        taken = 0
        for start, end, number in rows[np.lexsort((-lengths, rows[:, 0]))].tolist():
            roles = self.roles[number]
            if tokens is None and _needs_word(roles, end - start):
                continue
            hit = Hit(start, end, self.phrases[number], roles)
            if start < taken:
                last = found[-1]
                if (
                    end <= taken
                    or start == last.start
                    or not hit.deciding
                    or not last.role("marker")
                ):
                    continue
                found.pop()
            taken = end
            found.append(hit)
        return found


def _role(group: Mapping[str, Any]) -> Role:
    return Role(group["class"], int(group["polarity"]), float(group["weight"]))


def _needs_word(roles: tuple[Role, ...], size: int) -> bool:
    """Tell whether a cue is too short to be trusted without knowing the words around it."""
    return size == 1 and roles[0].kind not in ("negator", "intensifier", "contrast")


def _on_words(rows: NDArray[np.int32], tokens: NDArray[np.int32], length: int) -> NDArray[np.bool_]:
    """Return which matches may count: one character must be a word, more must touch its edge."""
    edges = np.zeros(length + 1, dtype=np.bool_)
    edges[tokens[:, 0]] = True
    edges[tokens[:, 1]] = True
    first, last = edges[rows[:, 0]], edges[rows[:, 1]]
    size = rows[:, 1] - rows[:, 0]
    return np.where(size == 1, first & last, first | last)
