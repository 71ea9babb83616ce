"""Propose targets from what a study's stances are about, for a person to accept.

Open targets that share a head are grouped: 通用大模型 and 国产大模型 under 大模型. A group is
worth asking about when many speak of it, when they disagree, and when it is said far more often
where somebody judges than elsewhere.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lunheng.errors import UsageError
from lunheng.i18n import Catalog
from lunheng.link import UNHELD
from lunheng.text import fold

if TYPE_CHECKING:
    from lunheng.study import Study

_POINTING = frozenset("这那此该某哪")
_SHORTEST, _LONGEST = 2, 12
_LEAST_OPPOSED = 2
_MOST_EXPRESSIONS = 8
_SAMPLE = 40
_NEAR = 60


@dataclass(slots=True)
class Suggestion:
    """A target that might be asked about, and why.

    ``keyness`` is the log-likelihood ratio (Dunning, 1993) of its expressions in the evidence of
    stances against the rest of the corpus; ``count`` is how often the corpus has them.
    """

    name: str
    expressions: Counter[str] = field(default_factory=Counter)
    documents: set[str] = field(default_factory=set)
    polarities: Counter[str] = field(default_factory=Counter)
    evidence: dict[str, str] = field(default_factory=dict)
    opposes: tuple[str, ...] = ()
    count: int = 0
    keyness: float = 0.0

    @property
    def weight(self) -> float:
        """Return how much the suggestion has to offer: stances, disagreement, keyness."""
        total = sum(self.polarities.values())
        disputed = min(self.polarities["favor"], self.polarities["against"]) / total
        return total * (1 + 2 * disputed) * math.log2(2 + len(self.documents) + self.keyness)


def suggest(study: Study, most: int = 20, least: int = 2) -> list[Suggestion]:
    """Return the targets most worth asking about, best first.

    Args:
        study: whose stances and index are read.
        most: how many to return at most.
        least: how many stances a target must have.
    """
    rows = [
        row
        for row in study.rows("stances")
        if row["frame"] is None and not UNHELD.intersection(row["flags"])
    ]
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        names[fold(row["target"])][row["target"]] += 1
    heads = _heads({key: counter.total() for key, counter in names.items()})
    groups: dict[str, Suggestion] = {}
    for row in rows:
        if head := heads.get(fold(row["target"])):
            _add(groups.setdefault(head, Suggestion(names[head].most_common(1)[0][0])), row)
    found = [group for group in groups.values() if group.polarities.total() >= least]
    _count(found, study, [row["evidence"] for row in rows])
    found.sort(key=lambda group: (-group.weight, group.name))
    _oppose(found, rows, heads)
    return found[:most]


def _heads(counts: Mapping[str, int]) -> dict[str, str]:
    """Return for each folded target the one that stands for it: the commonest it ends in.

    What only points to something named elsewhere (这条路) stands for nothing.
    """
    usable = {
        key for key in counts if _SHORTEST <= len(key) <= _LONGEST and key[0] not in _POINTING
    }
    heads = {}
    for key in sorted(usable):
        ends = [key[start:] for start in range(len(key) - _SHORTEST + 1) if key[start:] in usable]
        heads[key] = max(ends, key=lambda end: (counts[end], len(end)))
    return heads


def _add(group: Suggestion, row: Mapping[str, Any]) -> None:
    group.expressions[row["target"]] += 1
    group.documents.add(row["doc_id"])
    group.polarities[row["polarity"]] += 1
    group.evidence.setdefault(row["polarity"], " ".join(row["evidence"].split()))


def _count(groups: Iterable[Suggestion], study: Study, evidence: Sequence[str]) -> None:
    """Add how often the corpus has the expressions of each group, and their keyness."""
    judged = [fold(words) for words in evidence]
    inside = sum(map(len, judged))
    with study.index() as index:
        whole = max(index.characters, inside + 1)
        for group in groups:
            phrase = fold(group.name)
            group.count = index.count(phrase)
            here = sum(words.count(phrase) for words in judged)
            group.keyness = _log_likelihood(here, inside, group.count - here, whole - inside)


def _log_likelihood(a: int, a_of: int, b: int, b_of: int) -> float:
    """Return Dunning's G2 of two counts; 0 when the first is not the more frequent."""
    b = max(b, 0)
    if not a or not a_of or a / a_of <= b / max(b_of, 1):
        return 0.0
    rate = (a + b) / (a_of + b_of)
    terms = (count * math.log(count / (of * rate)) for count, of in ((a, a_of), (b, b_of)) if count)
    return 2 * sum(terms)


def _oppose(
    groups: Sequence[Suggestion], rows: Iterable[Mapping[str, Any]], heads: Mapping[str, str]
) -> None:
    """Note which groups a holder weighs against one another, in one breath and repeatedly."""
    names = {fold(group.name): group.name for group in groups}
    latest: dict[tuple[str, str], tuple[str, str, int]] = {}
    opposed: Counter[frozenset[str]] = Counter()
    for row in sorted(rows, key=lambda row: (row["doc_id"], row["start_char"])):
        name = names.get(heads.get(fold(row["target"]), ""))
        if name is None or row["polarity"] == "neutral":
            continue
        who = row["doc_id"], fold(row["holder"])
        other, polarity, at = latest.get(who, (name, "", 0))
        if other != name and polarity != row["polarity"] and row["start_char"] - at <= _NEAR:
            opposed[frozenset((name, other))] += 1
        latest[who] = name, row["polarity"], row["start_char"]
    for group in groups:
        pairs = [pair for pair, n in opposed.items() if group.name in pair and n >= _LEAST_OPPOSED]
        others = sorted(name for pair in pairs for name in pair if name != group.name)
        group.opposes = tuple(others)


def as_toml(suggestions: Sequence[Suggestion], say: Catalog) -> str:
    """Return suggestions as a file of targets, each with its reasons as comments.

    ``say`` has the comments: ``frames_head``, ``frames_reason`` and one for each polarity.

    Raises:
        UsageError: there are no suggestions.
    """
    if not suggestions:
        raise UsageError("the study has no open targets with enough stances; analyse more texts")
    listed = {suggestion.name for suggestion in suggestions}
    lines = [f"# {line}" for line in say("frames_head").splitlines()]
    for one in suggestions:
        reason = say(
            "frames_reason",
            stances=one.polarities.total(),
            documents=len(one.documents),
            favor=one.polarities["favor"],
            against=one.polarities["against"],
            count=one.count,
            keyness=one.keyness,
        )
        lines += ["", f"# {reason}"]
        for polarity in ("favor", "against", "neutral"):
            if polarity in one.evidence:
                lines.append(f"# {say(f'frames_{polarity}')}{one.evidence[polarity][:_SAMPLE]}")
        expressions = [text for text, _ in one.expressions.most_common(_MOST_EXPRESSIONS)]
        lines += ["[[targets]]", f"name = {_quoted(one.name)}"]
        lines.append(f"expressions = [{', '.join(map(_quoted, expressions))}]")
        if others := [name for name in one.opposes if name in listed]:
            lines.append(f"opposes = [{', '.join(map(_quoted, others))}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return a basic string of TOML."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else " " for c in text) + '"'
