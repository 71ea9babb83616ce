"""Lays out the charts: holders between two poles, the network of agreement, the timeline."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lunheng_plugins.reports.model import Pair, Position, View
from lunheng_plugins.reports.naming import FrameTitles

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_ON_AXIS = 18
MOST_NODES = 22
WIDTH, HEIGHT = 760.0, 460.0
MARGIN_X, MARGIN_Y = 90.0, 34.0
ROUNDS = 400
MOST_BARS = 60
_DATE = re.compile(r"(\d{4})(?:[-./年](\d{1,2}))?(?:[-./月](\d{1,2}))?")


@dataclass(frozen=True, slots=True)
class AxisPoint:
    """A holder between two poles: ``value`` is −1 at the left one and 1 at the right one."""

    holder: str
    value: float
    total: int


@dataclass(frozen=True, slots=True)
class Axis:
    """Two opposed poles of a frame with the holders who took a side on either."""

    frame: str
    left: str
    right: str
    points: tuple[AxisPoint, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A holder in the network, with the place of the centre and the radius."""

    name: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Edge:
    """Two holders who took sides on the same targets; ``kind`` is agree, differ or even."""

    first: Node
    second: Node
    agree: int
    differ: int
    kind: str


@dataclass(frozen=True, slots=True)
class Network:
    """Who agrees and who differs with whom."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """The stances of one day, month or year."""

    label: str
    favor: int
    against: int
    neutral: int


@dataclass(frozen=True, slots=True)
class Charts:
    """All charts of a view; those with nothing to show are empty."""

    axes: tuple[Axis, ...]
    network: Network
    timeline: tuple[Bar, ...]

    @property
    def tallest(self) -> int:
        """The height of the highest bar of the timeline, at least 1."""
        return max((max(bar.favor, bar.against) for bar in self.timeline), default=1) or 1


def draw_charts(view: View, titles: FrameTitles) -> Charts:
    """Lay out the charts of a view."""
    return Charts(
        axes(view.positions, titles),
        network(view.pairs, view.positions),
        timeline(view.days),
    )


def axes(positions: Sequence[Position], titles: FrameTitles) -> tuple[Axis, ...]:
    """Return one axis a pair of opposed poles on which at least two holders took a side.

    A holder stands at (right − left) ÷ all, where a stance for one pole counts as one against
    the other.
    """
    by_target: dict[str, list[Position]] = defaultdict(list)
    for p in positions:
        by_target[p.target].append(p)
    found = []
    for frame in titles.frames.values():
        for left in frame.poles:
            for name in left.opposes:
                right = frame.pole(name)
                if left.name in right.opposes and left.name > right.name:
                    continue
                poles = titles.title(left), titles.title(right)
                points = _points(by_target[poles[0]], by_target[poles[1]])
                if len(points) > 1:
                    found.append(Axis(titles.title(frame), *poles, points))
    return tuple(found)


def _points(left: Iterable[Position], right: Iterable[Position]) -> tuple[AxisPoint, ...]:
    net: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for sign, group in ((-1, left), (1, right)):
        for p in group:
            net[p.holder] += sign * p.net
            total[p.holder] += p.total
    names = [name for name, _ in total.most_common(MOST_ON_AXIS)]
    points = [AxisPoint(n, net[n] / total[n], total[n]) for n in names]
    return tuple(sorted(points, key=lambda p: (p.value, -p.total, p.holder)))


def network(pairs: Sequence[Pair], positions: Iterable[Position]) -> Network:
    """Place the most connected holders so that allies are near and opponents far.

    The layout is force-directed (Fruchterman & Reingold 1991) with agreement pulling and
    difference pushing; it begins on a circle and is the same every time.
    """
    degree: Counter[str] = Counter()
    for pair in pairs:
        for name in (pair.first, pair.second):
            degree[name] += len(pair.agree) + len(pair.differ)
    names = [name for name, _ in sorted(degree.items(), key=lambda kv: (-kv[1], kv[0]))][
        :MOST_NODES
    ]
    if len(names) < 2:
        return Network((), ())
    weight: Counter[str] = Counter()
    for p in positions:
        weight[p.holder] += p.total
    index = {name: k for k, name in enumerate(names)}
    pull = np.zeros((len(names), len(names)))
    for pair in pairs:
        if pair.first in index and pair.second in index:
            a, b = index[pair.first], index[pair.second]
            pull[a, b] = pull[b, a] = len(pair.agree) - len(pair.differ)
    places = _spread(pull)
    nodes = [
        Node(
            name, round(float(x), 1), round(float(y), 1), round(4 + 2 * math.sqrt(weight[name]), 1)
        )
        for name, (x, y) in zip(names, places, strict=True)
    ]
    edges = [
        Edge(nodes[index[p.first]], nodes[index[p.second]], len(p.agree), len(p.differ), _kind(p))
        for p in pairs
        if p.first in index and p.second in index
    ]
    return Network(tuple(nodes), tuple(edges))


def _kind(pair: Pair) -> str:
    if len(pair.agree) == len(pair.differ):
        return "even"
    return "agree" if len(pair.agree) > len(pair.differ) else "differ"


def _spread(pull: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places of shape (n, 2) inside the drawing."""
    n = len(pull)
    angle = 2 * np.pi * np.arange(n) / n
    at = np.stack((np.cos(angle), np.sin(angle)), axis=1)
    ideal = 2.2 / math.sqrt(n)
    for step in range(ROUNDS):
        apart = at[:, None] - at[None]
        distance = np.sqrt((apart**2).sum(axis=2)) + 1e-6
        push = ideal**2 / distance * (1 + np.maximum(-pull, 0))
        draw = distance**2 / ideal * np.minimum(np.maximum(pull, 0.15), 3)
        force = (apart / distance[:, :, None] * (push - draw)[:, :, None]).sum(axis=1)
        length = np.sqrt((force**2).sum(axis=1, keepdims=True)) + 1e-9
        at = at + force / length * np.minimum(length, 0.12 * (1 - step / ROUNDS))
    low, high = at.min(axis=0), at.max(axis=0)
    size = np.maximum(high - low, 1e-6)
    inner = np.array([WIDTH - 2 * MARGIN_X, HEIGHT - 2 * MARGIN_Y])
    placed: NDArray[np.float64] = (at - low) / size * inner + np.array([MARGIN_X, MARGIN_Y])
    return placed


def timeline(days: Mapping[str, tuple[int, int, int]]) -> tuple[Bar, ...]:
    """Return the counted stances by their articles' dates; nothing without two dates.

    The step is a day, a month or a year, the finest that needs at most 60 bars.
    """
    dated: list[tuple[tuple[str, ...], tuple[int, int, int]]] = []
    for date, tally in days.items():
        if found := _DATE.search(date):
            year, month, day = found.groups()
            dated.append(((year, *(f"{int(p):02}" for p in (month, day) if p)), tally))
    for depth in (3, 2, 1):
        groups: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for parts, tally in dated:
            groups["-".join(parts[:depth])].append(tally)
        if len(groups) <= MOST_BARS:
            break
    if len(groups) < 2:
        return ()
    return tuple(
        Bar(label, *(sum(side) for side in zip(*tallies, strict=True)))
        for label, tallies in sorted(groups.items())
    )
