"""Says the study's answer in words: who stands where, where they differ, what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lunheng.i18n import Catalog
from lunheng_plugins.reports.model import Overview, Pair, Position, View
from lunheng_plugins.reports.naming import name_key

NAMED = 3
FIGURES = (
    "files", "articles", "characters", "holders", "targets", "stances", "favor", "against",
    "neutral", "abstained", "failures", "reposts", "repairs", "unheld", "unplaced", "confirmed",
    "changed", "rejected",
)  # fmt: skip
MOST_DISPUTES = 3


@dataclass(frozen=True, slots=True)
class Dispute:
    """A target on which holders took both sides; each side strongest first."""

    target: str
    frame: str | None
    favor: tuple[Position, ...]
    against: tuple[Position, ...]
    even: tuple[Position, ...]


def disputes(positions: Iterable[Position]) -> tuple[Dispute, ...]:
    """Return the targets with holders on both sides, the most evenly and widely split first.

    What somebody thinks of themselves makes no dispute.
    """
    groups: dict[str, list[Position]] = defaultdict(list)
    for p in positions:
        if name_key(p.holder) != name_key(p.target):
            groups[p.target].append(p)
    found = []
    for target, group in groups.items():
        favor = tuple(sorted((p for p in group if p.net > 0), key=lambda p: (-p.net, p.holder)))
        against = tuple(sorted((p for p in group if p.net < 0), key=lambda p: (p.net, p.holder)))
        even = tuple(p for p in group if not p.net)
        if favor and against:
            frame = next((p.frame for p in group if p.frame), None)
            found.append(Dispute(target, frame, favor, against, even))
    return tuple(sorted(found, key=_heat, reverse=True))


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one holder stands: the targets of each side, strongest first."""

    holder: str
    sides: tuple[tuple[str, tuple[Position, ...]], ...]

    @property
    def strongest(self) -> Position:
        """The position that stands out most."""
        positions = [p for _, group in self.sides for p in group]
        return max(positions, key=lambda p: (abs(p.net), p.total))


def stands(view: View) -> list[Stand]:
    """Return where each holder stands, those with the most evidence first."""
    groups: dict[str, list[Position]] = {name: [] for name in view.holders}
    for position in sorted(view.positions, key=lambda p: (-abs(p.net), -p.total, p.target)):
        groups[position.holder].append(position)
    found = []
    for holder, positions in groups.items():
        by_side = (
            ("favor", tuple(p for p in positions if p.net > 0)),
            ("against", tuple(p for p in positions if p.net < 0)),
            ("neutral", tuple(p for p in positions if not p.net)),
        )
        found.append(Stand(holder, tuple(side for side in by_side if side[1])))
    return found


def _heat(dispute: Dispute) -> tuple[int, bool, int, int]:
    sides = (len(dispute.favor), len(dispute.against))
    weight = sum(p.total for p in (*dispute.favor, *dispute.against))
    return min(sides), dispute.frame is not None, sum(sides), weight


def answer(view: View, say: Catalog) -> tuple[str, ...]:
    """Return the report's opening sentences."""
    if not view.overview.stances:
        return (reading(view.overview, say), say("no_stances"))
    split = disputes(view.positions)
    lines = [reading(view.overview, say), say("stance_sum", **figures(view.overview))]
    lines += [_dispute_line(d, say) for d in split[:MOST_DISPUTES]]
    return (*lines, *common_ground(view, split, say))


def common_ground(view: View, split: Iterable[Dispute], say: Catalog) -> tuple[str, ...]:
    """Say where holders agree, and which two are farthest apart and closest."""
    consensus = _consensus_line(view, {d.target for d in split}, say)
    return (*consensus, *_pair_lines(view, say))


def opposed(pairs: Iterable[Pair]) -> list[Pair]:
    """Return pairs of holders, those who differ most first."""
    return sorted(pairs, key=lambda p: (-len(p.differ), len(p.agree), p.first, p.second))


def reading(overview: Overview, say: Catalog) -> str:
    """Return what was read, in one sentence."""
    if not overview.first_date:
        key = "read"
    else:
        key = "read_on" if overview.first_date == overview.last_date else "read_between"
    return say(key, **figures(overview))


def caveats(view: View, say: Catalog) -> tuple[str, ...]:
    """Return what the reader must keep in mind: abstention, failures, reposts, damage."""
    known = figures(view.overview)
    confirmed, changed, rejected = (
        view.overview.confirmed,
        view.overview.changed,
        view.overview.rejected,
    )
    present = (
        ("caveat_abstained", view.overview.abstained),
        ("caveat_unheld", view.overview.unheld),
        ("caveat_failures", view.overview.failures),
        ("caveat_reposts", view.overview.reposts),
        ("caveat_repairs", view.overview.repairs),
        ("caveat_unplaced", view.overview.unplaced),
        ("caveat_human", confirmed + changed + rejected),
    )
    return (*(say(key, **known) for key, count in present if count), say("caveat_machine"))


def figures(overview: Overview) -> dict[str, object]:
    """Return what sentences about a study are filled with."""
    judged = overview.stances + overview.abstained
    known = {name: getattr(overview, name) for name in FIGURES}
    return {
        **known,
        "first": overview.first_date,
        "last": overview.last_date,
        "share": f"{overview.abstained / judged:.0%}" if judged else "0%",
    }


def _dispute_line(dispute: Dispute, say: Catalog) -> str:
    return say(
        "dispute",
        target=dispute.target,
        favor=name_list([p.holder for p in dispute.favor], say),
        against=name_list([p.holder for p in dispute.against], say),
    )


def _consensus_line(view: View, disputed: set[str], say: Catalog) -> list[str]:
    """Name the target on which most holders take one and the same side."""
    sides: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for p in view.positions:
        if p.net and p.target not in disputed:
            sides[p.target, p.net > 0].append(p.holder)
    shared = [(target, favor, who) for (target, favor), who in sides.items() if len(who) > 1]
    if not shared:
        return []
    target, favor, who = max(shared, key=lambda item: (len(item[2]), item[0]))
    key = "consensus_favor" if favor else "consensus_against"
    return [say(key, target=target, holders=name_list(who, say), n=len(who))]


def _pair_lines(view: View, say: Catalog) -> list[str]:
    """Name the two holders who differ most, and the two who agree most."""
    lines = []
    apart = next(iter(opposed(view.pairs)), None)
    if apart and apart.differ:
        targets = name_list([say("quoted", text=t) for t in apart.differ], say, "and_more_things")
        lines.append(say("apart", first=apart.first, second=apart.second, targets=targets))
    close = max(view.pairs, key=lambda p: (len(p.agree), -len(p.differ)), default=None)
    if close and len(close.agree) > 1:
        targets = name_list([say("quoted", text=t) for t in close.agree], say, "and_more_things")
        lines.append(say("nearest", first=close.first, second=close.second, targets=targets))
    return lines


def name_list(names: Sequence[str], say: Catalog, more: str = "and_more") -> str:
    """Return up to three names joined as the language does, and how many more there are.

    ``more`` is the message that says so of people; of things it is ``and_more_things``.
    """
    if len(names) > NAMED + 1:
        shown = say("comma").join(names[:NAMED])
        return say(more, names=shown, n=len(names) - NAMED)
    if len(names) < 2:
        return "".join(names)
    return say("and", first=say("comma").join(names[:-1]), last=names[-1])
