"""Chooses what the first screen shows: the debates, who stands on which side, in which words."""

from __future__ import annotations

from dataclasses import dataclass

from lunheng.i18n import Catalog
from lunheng_plugins.reports.model import Evidence, Position, View
from lunheng_plugins.reports.selection import best_evidence, by_number
from lunheng_plugins.reports.summary import common_ground, disputes, figures, name_list

MOST_DEBATES = 3
WORDS_A_SIDE = 2
LONGEST = 110


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of evidence within its sentences; what is cut off ends in an ellipsis."""

    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Debate:
    """A target with its two sides: polarity, the holders' names, and the best of their words."""

    target: str
    sides: tuple[tuple[str, str, tuple[Evidence, ...]], ...]


def lead(view: View, say: Catalog) -> str:
    """Return the sentence that says how many took a stand on what."""
    if not view.evidence:
        return say("no_stances")
    return say("stance_lead", **figures(view.overview))


def debates(view: View, say: Catalog) -> tuple[Debate, ...]:
    """Return the most disputed targets, each side in the words of up to two holders."""
    evidence = by_number(view.evidence)

    def side(
        polarity: str, positions: tuple[Position, ...]
    ) -> tuple[str, str, tuple[Evidence, ...]]:
        names = name_list([p.holder for p in positions], say)
        words = [best_evidence(p, evidence, 1) for p in positions[:WORDS_A_SIDE]]
        return polarity, names, tuple(item for items in words for item in items)

    return tuple(
        Debate(d.target, (side("favor", d.favor), side("against", d.against)))
        for d in disputes(view.positions)[:MOST_DEBATES]
    )


def strongest(view: View) -> tuple[tuple[Position, Evidence], ...]:
    """Return, where debates are few, the best attested other positions, each in its best words."""
    debated = {dispute.target for dispute in disputes(view.positions)}
    room = 2 * max(MOST_DEBATES - len(debated), 0)
    others = [p for p in view.positions if p.net and p.target not in debated]
    others.sort(key=lambda p: (-abs(p.net), -p.total, p.holder, p.target))
    evidence = by_number(view.evidence)
    return tuple((p, best_evidence(p, evidence, 1)[0]) for p in others[:room])


def closing(view: View, say: Catalog) -> tuple[str, ...]:
    """Return the sentences on agreement, and on who is farthest apart and closest."""
    return common_ground(view, disputes(view.positions), say)


def excerpt(item: Evidence, longest: int = LONGEST) -> Excerpt:
    """Return the evidence with as much of its sentences around it as a glance takes in."""
    start, end = item.start - item.context_start, item.end - item.context_start
    room = max(longest - (end - start), 0)
    before, after = item.context[:start].lstrip(), item.context[end:].rstrip()
    left = min(len(before), max(room // 2, room - len(after)))
    right = min(len(after), room - left)
    return Excerpt(
        before if left == len(before) else f"……{before[len(before) - left :]}",
        item.context[start:end],
        after if right == len(after) else f"{after[:right]}……",
    )
