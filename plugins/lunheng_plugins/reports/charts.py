"""Lays out the charts: holders between two poles, the network of agreement, the timeline."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lunheng.errors import ConfigError
from lunheng.frames import Frame, load_frames
from lunheng_plugins.reports.model import Article, Evidence, Pair, Position, View

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
    evidence: tuple[int, ...]


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


def draw_charts(view: View, frames: Iterable[Frame], lang: str) -> Charts:
    """Lay out the charts of a view, with the titles of frames and poles in ``lang``."""
    return Charts(
        axes(view.positions, frames, lang),
        network(view.pairs, view.positions),
        timeline(view.evidence, {a.number: a for a in view.articles}),
    )


def load_known_frames(names: Iterable[str], configured: Iterable[str]) -> tuple[Frame, ...]:
    """Return the frames called ``names`` that are shipped or configured by path and still there."""
    found: dict[str, Frame] = {}
    wanted = set(names)
    for source in (*sorted(wanted), *configured):
        try:
            (frame,) = load_frames([source])
        except ConfigError:
            continue
        found.setdefault(frame.name, frame)
    return tuple(found[name] for name in sorted(wanted & set(found)))


def configured_frames(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the frames that the plugins of a run were configured with."""
    found: list[str] = []
    for plugin in manifest.get("plugins", ()):
        found += plugin.get("settings", {}).get("frames", ())
    return tuple(found)


def axes(positions: Sequence[Position], frames: Iterable[Frame], lang: str) -> tuple[Axis, ...]:
    """Return one axis a pair of opposed poles on which at least two holders took a side.

    A holder stands at (right − left) ÷ all, where a stance for one pole counts as one against
    the other.
    """
    by_target: dict[str, list[Position]] = defaultdict(list)
    for p in positions:
        by_target[p.target].append(p)
    found = []
    for frame in frames:
        for left in frame.poles:
            for name in left.opposes:
                right = frame.pole(name)
                if left.name in right.opposes and left.name > right.name:
                    continue
                points = _points(by_target[left.zh], by_target[right.zh])
                if len(points) > 1:
                    frame_title, *poles = (getattr(part, lang) for part in (frame, left, right))
                    found.append(Axis(frame_title, poles[0], poles[1], points))
    return tuple(found)


def _points(left: Iterable[Position], right: Iterable[Position]) -> tuple[AxisPoint, ...]:
    net: Counter[str] = Counter()
    total: Counter[str] = Counter()
    evidence: dict[str, list[int]] = defaultdict(list)
    for sign, group in ((-1, left), (1, right)):
        for p in group:
            net[p.holder] += sign * p.net
            total[p.holder] += p.total
            evidence[p.holder] += p.evidence
    names = [name for name, _ in total.most_common(MOST_ON_AXIS)]
    points = [AxisPoint(n, net[n] / total[n], total[n], tuple(evidence[n])) for n in names]
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


def timeline(evidence: Iterable[Evidence], articles: Mapping[int, Article]) -> tuple[Bar, ...]:
    """Return the counted stances by their articles' dates; nothing without two dates.

    The step is a day, a month or a year, the finest that needs at most 60 bars.
    """
    dated: list[tuple[tuple[str, ...], str]] = []
    for item in evidence:
        found = _DATE.search(articles[item.article].date or "")
        if item.counted and found:
            year, month, day = found.groups()
            parts = (year, *(f"{int(p):02}" for p in (month, day) if p))
            dated.append((parts, item.polarity))
    for depth in (3, 2, 1):
        groups: dict[str, Counter[str]] = defaultdict(Counter)
        for parts, polarity in dated:
            groups["-".join(parts[:depth])][polarity] += 1
        if len(groups) <= MOST_BARS:
            break
    if len(groups) < 2:
        return ()
    return tuple(
        Bar(label, tally["favor"], tally["against"], tally["neutral"])
        for label, tally in sorted(groups.items())
    )
