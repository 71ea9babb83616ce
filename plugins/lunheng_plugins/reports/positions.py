"""Sums evidence into positions, and finds where holders agree and differ."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from lunheng_plugins.reports.model import Evidence, Pair, Position


def sum_positions(evidence: Iterable[Evidence]) -> tuple[Position, ...]:
    """Return one position a holder and target, the best attested first."""
    groups: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for item in evidence:
        if item.counted:
            groups[item.holder, item.target].append(item)
    positions = []
    for (holder, target), items in groups.items():
        tally = Counter(item.polarity for item in items)
        positions.append(
            Position(
                holder=holder,
                holder_type=Counter(i.holder_type for i in items).most_common(1)[0][0],
                target=target,
                frame=next((i.frame for i in items if i.frame), None),
                favor=tally["favor"],
                against=tally["against"],
                neutral=tally["neutral"],
                evidence=tuple(i.number for i in items),
            )
        )
    return tuple(sorted(positions, key=lambda p: (-p.total, p.holder, p.target)))


def order_holders(positions: Iterable[Position]) -> tuple[str, ...]:
    """Return the holders, those with the most evidence first."""
    weight: Counter[str] = Counter()
    for p in positions:
        weight[p.holder] += p.total
    return tuple(sorted(weight, key=lambda name: (-weight[name], name)))


def order_targets(positions: Iterable[Position]) -> tuple[str, ...]:
    """Return the targets: most holders first, then frames' poles, then most evidence."""
    holders: dict[str, set[str]] = defaultdict(set)
    weight: Counter[str] = Counter()
    framed: set[str] = set()
    for p in positions:
        holders[p.target].add(p.holder)
        weight[p.target] += p.total
        if p.frame:
            framed.add(p.target)
    return tuple(sorted(weight, key=lambda t: (-len(holders[t]), t not in framed, -weight[t], t)))


def compare_holders(positions: Sequence[Position]) -> tuple[Pair, ...]:
    """Return every two holders who both took a side on some target, most shared targets first.

    A holder's side on a target is the sign of the net; an even balance is no side.
    """
    sides: dict[str, dict[str, int]] = defaultdict(dict)
    for p in positions:
        if p.net:
            sides[p.target][p.holder] = 1 if p.net > 0 else -1
    agree: dict[tuple[str, str], list[str]] = defaultdict(list)
    differ: dict[tuple[str, str], list[str]] = defaultdict(list)
    for target, stand in sides.items():
        for first, second in combinations(sorted(stand), 2):
            found = agree if stand[first] == stand[second] else differ
            found[first, second].append(target)
    pairs = [
        Pair(
            first,
            second,
            tuple(agree.get((first, second), ())),
            tuple(differ.get((first, second), ())),
        )
        for first, second in {*agree, *differ}
    ]
    return tuple(sorted(pairs, key=lambda p: (-len(p.agree) - len(p.differ), p.first, p.second)))
