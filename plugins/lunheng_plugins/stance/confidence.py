"""How far a proposed stance is to be trusted: a logistic model over what the rules saw."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from lunheng_plugins.stance.clauses import Clause, Sentence
from lunheng_plugins.stance.comparisons import Comparison, Side
from lunheng_plugins.stance.holders import Held
from lunheng_plugins.stance.polarity import Judgement
from lunheng_plugins.stance.targets import Aim

_LEAST, _MOST = -1.0, 2.0
_CAUSE = re.compile(r"(?:正是|就是|也|主要是)?(?:因为|由于|鉴于|既然|以至于|导致|使得)")
_TIME = re.compile(
    r"当(?!然|下|前|年|初|时)|(?:伴)?随着|等到?(?!于)|自从|[^,。]*(?:的时候|之后|以后|之前|以前|以来|期间|时|后)$"
)
_PURPOSE = re.compile(r"为了|以便|以免|通过")
_YOU = re.compile(r"[你您]")
_ME = re.compile(r"我(?!国|军|党|方|院|校|省|市|县|司|部)")
_ASKED_ON = re.compile(r"怎么|如何|什么|哪|多少|谁|几")
_SHORT, _LONG = 5, 20


@dataclass(frozen=True, slots=True)
class Confidence:
    """Weights by feature name; features without one count nothing."""

    bias: float
    weights: Mapping[str, float]

    @classmethod
    def load(cls) -> Confidence:
        """Read ``cues/confidence.toml`` of the seeds."""
        source = files("lunheng_seeds").joinpath("cues", "confidence.toml")
        data = tomllib.loads(source.read_text("utf-8"))
        return cls(float(data["bias"]), {n: float(w) for n, w in data["weights"].items()})

    def of(self, features: Mapping[str, float]) -> float:
        """Return the estimated probability that holder and polarity are right."""
        weights = self.weights
        total = self.bias + sum(weights.get(n, 0.0) * value for n, value in features.items())
        return round(1 / (1 + math.exp(-total)), 3)


def of_clause(
    folded: str, clause: Clause, sentence: Sentence, judged: Judgement, held: Held, aim: Aim
) -> dict[str, float]:
    """Return the features of a stance that the cues of a clause carry."""
    kind, core = judged.role.kind, judged.decider
    following = folded[core.end : clause.end].strip()
    names = [
        f"kind {kind}{' negated' if judged.negated else ''}",
        *(f"flag {flag}" for flag in judged.flags),
        *_about(aim, held, clause.start, clause.end),
        *_around(folded, clause, sentence),
    ]
    if not following.strip("的了吧啊呢嘛"):
        names.append("cue ends the clause")
    elif following.startswith("的"):
        names.append("cue before 的")
    if core.start == clause.start:
        names.append("cue begins the clause")
    if len(core.text) == 1:
        names.append("cue of one character")
    features = dict.fromkeys(names, 1.0)
    features["strength"] = min(max(judged.strength, _LEAST), _MOST)
    return features


def of_comparison(comparison: Comparison, side: Side, held: Held, aim: Aim) -> dict[str, float]:
    """Return the features of one side of a comparison."""
    sign = "for" if side.polarity > 0 else "against"
    names = [f"compared {side.rule} {sign}", *_about(aim, held, side.start, side.end)]
    features = dict.fromkeys(names, 1.0)
    features["strength"] = min(comparison.strength, _MOST)
    return features


def _about(aim: Aim, held: Held, start: int, end: int) -> Iterator[str]:
    yield f"target {aim.found}"
    yield f"held {held.attribution}"
    if held.type == "group":
        yield "held by a group"
    if held.flags:
        yield "held by a crowd"
    if held.reporter and held.attribution != "direct":
        yield "held reported"
    if aim.frame is not None:
        yield "target of a frame"
    if aim.start is not None and not start <= aim.start < end:
        yield "target elsewhere"
    size = len(aim.name)
    yield "target short" if size <= 2 else "target long" if size > 8 else "target medium"


def _around(folded: str, clause: Clause, sentence: Sentence) -> Iterator[str]:
    text = folded[clause.start : clause.end]
    if _CAUSE.match(text):
        yield "clause of cause"
    if _TIME.match(text):
        yield "clause of time"
    if _PURPOSE.match(text):
        yield "clause of purpose"
    if _YOU.search(text):
        yield "clause with you"
    if _ME.search(text):
        yield "clause with me"
    if _ASKED_ON.search(text):
        yield "clause with a question word"
    if len(text) <= _SHORT:
        yield "clause short"
    elif len(text) > _LONG:
        yield "clause long"
    if clause is sentence.clauses[-1]:
        yield "clause last"
    if clause is sentence.clauses[0]:
        yield "clause first"
    if sentence.heading:
        yield "heading"
