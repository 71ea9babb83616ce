"""The cue lexicon of stance, and where its cues stand in a text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from lunheng.text import PhraseMatcher

if TYPE_CHECKING:
    from numpy.typing import NDArray

DECIDING = frozenset(
    ("endorse", "reject", "good", "bad", "success", "failure", "need", "needless", "neutral")
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
class Lexicon:
    """Cue words with their roles, matched in one pass over folded text."""

    phrases: tuple[str, ...]
    roles: tuple[tuple[Role, ...], ...]
    matcher: PhraseMatcher

    @classmethod
    def load(cls) -> Lexicon:
        """Read ``cues/stance.toml`` of the seeds."""
        source = files("lunheng_seeds").joinpath("cues", "stance.toml")
        roles: dict[str, list[Role]] = {}
        for group in tomllib.loads(source.read_text("utf-8"))["cues"]:
            role = Role(group["class"], int(group["polarity"]), float(group["weight"]))
            for word in group["words"]:
                roles.setdefault(word, []).append(role)
        phrases = tuple(sorted(roles))
        return cls(phrases, tuple(tuple(roles[p]) for p in phrases), PhraseMatcher(phrases))

    def hits(self, folded: str, tokens: NDArray[np.int32] | None) -> Sequence[Hit]:
        """Return cues in ascending order, the longest at each place, none inside another.

        A cue of one character counts only where it is a word of ``tokens`` (shape (n, 2));
        without tokens only negators, intensifiers and contrasts may be so short.
        """
        return list(self._leftmost_longest(folded, tokens))

    def _leftmost_longest(self, folded: str, tokens: NDArray[np.int32] | None) -> Iterator[Hit]:
        rows = self.matcher.find(folded)
        if not len(rows):
            return
        lengths = rows[:, 1] - rows[:, 0]
        if tokens is not None:
            rows = rows[_on_words(rows, tokens, len(folded))]
        lengths = rows[:, 1] - rows[:, 0]
        taken = 0
        for start, end, number in rows[np.lexsort((-lengths, rows[:, 0]))].tolist():
            if start < taken:
                continue
            taken = end
            roles = self.roles[number]
            if roles[0].kind == "blocked" or (tokens is None and _needs_word(roles, end - start)):
                continue
            yield Hit(start, end, self.phrases[number], roles)


def _needs_word(roles: tuple[Role, ...], size: int) -> bool:
    """Tell whether a cue is too short to be trusted without knowing the words around it."""
    return size == 1 and roles[0].kind not in ("negator", "intensifier", "contrast")


def _on_words(rows: NDArray[np.int32], tokens: NDArray[np.int32], length: int) -> NDArray[np.bool_]:
    """Return which matches may count: one character must be a word, two must touch its edge."""
    edges = np.zeros(length + 1, dtype=np.bool_)
    edges[tokens[:, 0]] = True
    edges[tokens[:, 1]] = True
    first, last = edges[rows[:, 0]], edges[rows[:, 1]]
    size = rows[:, 1] - rows[:, 0]
    return np.where(size == 1, first & last, np.where(size == 2, first | last, True))
