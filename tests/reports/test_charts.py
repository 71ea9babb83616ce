"""Where the charts put holders."""

from __future__ import annotations

import math

from lunheng.frames import Frame, Pole
from lunheng_plugins.reports.charts import axes, configured_frames, network, timeline
from lunheng_plugins.reports.model import Article, Evidence, Pair, Position

FRAME = Frame(
    "route",
    "路线之争",
    "Routes",
    (
        Pole("open", "开源路线", "Open", ("开源",), ("closed",)),
        Pole("closed", "闭源路线", "Closed", ("闭源",), ("open",)),
    ),
)


def position(holder: str, target: str, favor: int, against: int, neutral: int = 0) -> Position:
    return Position(holder, "person", target, "route", favor, against, neutral, (1,))


def test_a_stance_for_one_pole_counts_against_the_other() -> None:
    positions = [
        position("甲", "开源路线", 3, 0),
        position("甲", "闭源路线", 0, 1),
        position("乙", "闭源路线", 2, 1, 1),
    ]
    (axis,) = axes(positions, [FRAME], "en")
    assert (axis.left, axis.right) == ("Closed", "Open")
    assert [(p.holder, p.value, p.total) for p in axis.points] == [("乙", -0.25, 4), ("甲", 1.0, 4)]


def test_one_holder_makes_no_axis() -> None:
    assert axes([position("甲", "开源路线", 1, 0)], [FRAME], "zh") == ()


def test_allies_stand_nearer_than_opponents() -> None:
    names = ["甲", "乙", "丙", "丁"]
    pairs = [
        Pair("甲", "乙", ("x", "y", "z"), ()),
        Pair("丙", "丁", ("x", "y", "z"), ()),
        *(Pair(a, b, (), ("x", "y", "z")) for a in "甲乙" for b in "丙丁"),
    ]
    drawn = network(pairs, [position(name, "x", 1, 0) for name in names])
    at = {node.name: (node.x, node.y) for node in drawn.nodes}
    near = max(math.dist(at["甲"], at["乙"]), math.dist(at["丙"], at["丁"]))
    far = min(math.dist(at[a], at[b]) for a in "甲乙" for b in "丙丁")
    assert near < far
    assert {edge.kind for edge in drawn.edges} == {"agree", "differ"}
    assert network(pairs, [position(name, "x", 1, 0) for name in names]) == drawn


def test_two_holders_are_enough_and_one_is_not() -> None:
    assert len(network([Pair("甲", "乙", ("x",), ())], []).nodes) == 2
    assert network([], []).nodes == ()


def stance(article: int, polarity: str) -> Evidence:
    return Evidence(
        1, article, "甲", "person", "x", None, polarity, 1.0, "author", None, (), (),
        0, 1, "甲", 0, 1, "甲", None, None,
    )  # fmt: skip


def dated(number: int, date: str | None) -> Article:
    return Article(number, str(number), "题", None, date, ("f",), "none", 1)


def test_the_timeline_sums_by_date() -> None:
    articles = {1: dated(1, "2024-03-01"), 2: dated(2, "2024年4月2日"), 3: dated(3, None)}
    evidence = [stance(1, "favor"), stance(1, "against"), stance(2, "favor"), stance(3, "favor")]
    bars = timeline(evidence, articles)
    assert [(b.label, b.favor, b.against) for b in bars] == [
        ("2024-03-01", 1, 1),
        ("2024-04-02", 1, 0),
    ]
    assert timeline(evidence[:2], articles) == ()


def test_many_days_become_months() -> None:
    articles = {n: dated(n, f"2024-{1 + n // 28:02}-{1 + n % 28:02}") for n in range(1, 100)}
    bars = timeline([stance(n, "favor") for n in articles], articles)
    assert [b.label for b in bars] == ["2024-01", "2024-02", "2024-03", "2024-04"]
    assert sum(b.favor for b in bars) == 99


def test_frames_are_found_in_the_manifest() -> None:
    manifest = {"plugins": [{"settings": {"frames": ["mine.toml"]}}, {"settings": {}}]}
    assert configured_frames(manifest) == ("mine.toml",)
    assert configured_frames({}) == ()
