"""Chooses what the first screen shows: the debates, who stands on which side, in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lunheng.i18n import Catalog
from lunheng_plugins.reports.model import Evidence, Position, View
from lunheng_plugins.reports.summary import common_ground, disputes, figures, name_list

MOST_DEBATES = 3
WORDS_A_SIDE = 2
LONGEST = 110
MOST_TURNS = 12  # contradictions, and courses
MOST_DATES = 6

Words = Mapping[int, Evidence]


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
    if not view.overview.stances:
        return say("no_stances")
    return say("stance_lead", **figures(view.overview))


def debates(view: View, words: Words, say: Catalog) -> tuple[Debate, ...]:
    """Return the most disputed targets, each side in the words of up to two holders."""

    def side(
        polarity: str, positions: tuple[Position, ...]
    ) -> tuple[str, str, tuple[Evidence, ...]]:
        names = name_list([p.holder for p in positions], say)
        return polarity, names, tuple(words[p.best] for p in positions[:WORDS_A_SIDE])

    return tuple(
        Debate(d.target, (side("favor", d.favor), side("against", d.against)))
        for d in disputes(view.positions)[:MOST_DEBATES]
    )


def strongest(view: View, words: Words) -> tuple[tuple[Position, Evidence], ...]:
    """Return, where debates are few, the best attested other positions, each in its best words."""
    return tuple((p, words[p.best]) for p in _strongest(view))


def _strongest(view: View) -> list[Position]:
    """Return the best attested positions on what is not debated, where debates are few."""
    debated = {dispute.target for dispute in disputes(view.positions)}
    room = 2 * max(MOST_DEBATES - len(debated), 0)
    others = [p for p in view.positions if p.net and p.target not in debated]
    others.sort(key=lambda p: (-abs(p.net), -p.total, p.holder, p.target))
    return others[:room]


def quoted(view: View) -> set[int]:
    """Return the numbers of all evidence that the page quotes before anybody asks for any."""
    debated = disputes(view.positions)[:MOST_DEBATES]
    sides = [side[:WORDS_A_SIDE] for d in debated for side in (d.favor, d.against)]
    numbers = {p.best for group in (*sides, _strongest(view)) for p in group}
    for contradiction in view.contradictions[:MOST_TURNS]:
        numbers.update((contradiction.favor, contradiction.against))
    for course in view.courses[:MOST_TURNS]:
        numbers.update(dated.best for dated in course.dates[-MOST_DATES:])
    return numbers


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
