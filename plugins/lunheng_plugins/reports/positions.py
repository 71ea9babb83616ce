"""Sums the ledger into positions: where holders agree, differ, contradict themselves and change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np

from lunheng_plugins.reports.ledger import NOBODY, SIDES, Ledger
from lunheng_plugins.reports.model import Contradiction, Course, Dated, Pair, Position

MOST_COMPARED = 200


def sum_positions(ledger: Ledger) -> tuple[Position, ...]:
    """Return one position a holder and target, the best attested first."""
    rows = np.flatnonzero(ledger.counted)
    if not len(rows):
        return ()
    cells = ledger.holder[rows].astype(np.int64) * len(ledger.names) + ledger.target[rows]
    rows = rows[np.argsort(cells, kind="stable")]
    cells = np.sort(cells)
    starts = np.flatnonzero(np.diff(cells, prepend=-1))
    sides = np.zeros((len(rows), len(SIDES)), dtype=np.int64)
    sides[np.arange(len(rows)), ledger.polarity[rows]] = 1
    tallies = np.add.reduceat(sides, starts)
    net = np.repeat(tallies[:, 0] - tallies[:, 1], np.diff([*starts, len(rows)]))
    best = ledger.best_first(rows, net, cells)[starts]
    kinds, frames = ledger.type[rows].tolist(), ledger.frame[rows].tolist()
    numbers = (rows + 1).tolist()
    found = []
    for first, last, tally, shown in zip(
        starts.tolist(),
        [*starts[1:].tolist(), len(rows)],
        tallies.tolist(),
        best.tolist(),
        strict=True,
    ):
        frame = next((f for f in frames[first:last] if f != NOBODY), None)
        favor, against, neutral = tally
        found.append(
            Position(
                holder=ledger.names[ledger.holder[rows[first]]],
                holder_type=ledger.types[Counter(kinds[first:last]).most_common(1)[0][0]],
                target=ledger.names[ledger.target[rows[first]]],
                frame=None if frame is None else ledger.frames[frame],
                favor=favor,
                against=against,
                neutral=neutral,
                evidence=tuple(numbers[first:last]),
                best=shown + 1,
            )
        )
    return tuple(sorted(found, key=lambda p: (-p.total, p.holder, p.target)))


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


def contradictions(
    ledger: Ledger, positions: Sequence[Position], dates: Mapping[int, str]
) -> tuple[Contradiction, ...]:
    """Return the positions with both sides, those with most on the weaker side first.

    ``dates`` are those of the dated articles, by number.
    """
    found = []
    for position in positions:
        if not (position.favor and position.against):
            continue
        rows = np.array(position.evidence, dtype=np.intp) - 1
        sides = [rows[ledger.polarity[rows] == side] for side in (0, 1)]
        surest = [
            int(ledger.best_first(side, net)[0]) + 1
            for side, net in zip(sides, (1, -1), strict=True)
        ]
        spans = [
            sorted({dates[n] for n in ledger.article[s].tolist() if n in dates}) for s in sides
        ]
        edges = [(span[0], span[-1]) if span else () for span in spans]
        found.append(Contradiction(position, surest[0], surest[1], edges[0], edges[1]))
    return tuple(sorted(found, key=lambda c: -min(c.position.favor, c.position.against)))


def courses(
    ledger: Ledger, positions: Sequence[Position], dates: Mapping[int, str]
) -> tuple[Course, ...]:
    """Return the positions that were stated on two dates or more, those that turned first."""
    found = []
    for position in positions:
        by_date: dict[str, list[int]] = defaultdict(list)
        for number in position.evidence:
            if date := dates.get(int(ledger.article[number - 1])):
                by_date[date].append(number - 1)
        if len(by_date) > 1:
            found.append(
                Course(position, tuple(_dated(ledger, by_date[d], d) for d in sorted(by_date)))
            )
    return tuple(sorted(found, key=lambda course: not course.turned))


def _dated(ledger: Ledger, rows: Sequence[int], date: str) -> Dated:
    at = np.array(rows, dtype=np.intp)
    tally = ledger.tally(at)
    best = int(ledger.best_first(at, tally["favor"] - tally["against"])[0]) + 1
    return Dated(date, **tally, best=best)


def compare_holders(positions: Sequence[Position]) -> tuple[Pair, ...]:
    """Return every two holders who both took a side on some target, most shared targets first.

    A holder's side on a target is the sign of the net; an even balance is no side. Of a target
    that very many have a side on, those who say most about it are compared.
    """
    sides: dict[str, dict[str, int]] = defaultdict(dict)
    for p in positions:
        if p.net and len(sides[p.target]) < MOST_COMPARED:
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
