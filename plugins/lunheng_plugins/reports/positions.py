"""Sums the ledger into positions: where holders agree, differ, contradict themselves and change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from lunheng_plugins.reports.ledger import NOBODY, Ledger
from lunheng_plugins.reports.model import Contradiction, Course, Dated, Pair, Position

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_COMPARED = 200


def sum_positions(ledger: Ledger) -> tuple[Position, ...]:
    """Return one position a holder and target, the best attested first."""
    positions = [_position(ledger, rows) for rows in _groups(ledger)]
    return tuple(sorted(positions, key=lambda p: (-p.total, p.holder, p.target)))


def _groups(ledger: Ledger) -> Iterator[NDArray[np.intp]]:
    """Yield the counted rows of each holder on each target, ascending."""
    rows = np.flatnonzero(ledger.counted)
    cells = ledger.holder[rows].astype(np.int64) * len(ledger.names) + ledger.target[rows]
    order = np.argsort(cells, kind="stable")
    edges = np.flatnonzero(np.diff(cells[order])) + 1
    if len(rows):
        yield from np.split(rows[order], edges)


def _position(ledger: Ledger, rows: NDArray[np.intp]) -> Position:
    tally = ledger.tally(rows)
    frames = ledger.frame[rows][ledger.frame[rows] != NOBODY]
    return Position(
        holder=ledger.names[ledger.holder[rows[0]]],
        holder_type=ledger.types[_commonest(ledger.type[rows])],
        target=ledger.names[ledger.target[rows[0]]],
        frame=ledger.frames[frames[0]] if len(frames) else None,
        **tally,
        evidence=tuple((rows + 1).tolist()),
        best=int(ledger.best_first(rows, tally["favor"] - tally["against"])[0]) + 1,
    )


def _commonest(values: NDArray[np.int16]) -> int:
    """Return the value that occurs most often; of equals, the one met first."""
    if len(values) == 1:
        return int(values[0])
    different, first, counts = np.unique(values, return_index=True, return_counts=True)
    return int(different[np.lexsort((first, -counts))[0]])


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
