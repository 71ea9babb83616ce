"""Where the charts put holders."""

from __future__ import annotations

import math

from lunheng.frames import Frame, Pole, load_frames
from lunheng_plugins.reports.charts import axes, network, timeline
from lunheng_plugins.reports.model import Pair, Position
from lunheng_plugins.reports.naming import FrameTitles
from lunheng_plugins.reports.view import build_view
from reports.conftest import Draft, MakeStudy

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
        position("甲", "Open", 3, 0),
        position("甲", "Closed", 0, 1),
        position("乙", "Closed", 2, 1, 1),
    ]
    (axis,) = axes(positions, FrameTitles({"route": FRAME}, "en"))
    assert (axis.left, axis.right) == ("Closed", "Open")
    assert [(p.holder, p.value, p.total) for p in axis.points] == [("乙", -0.25, 4), ("甲", 1.0, 4)]


def test_one_holder_makes_no_axis() -> None:
    assert axes([position("甲", "Open", 1, 0)], FrameTitles({"route": FRAME}, "en")) == ()


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


def test_the_timeline_sums_by_date() -> None:
    bars = timeline({"2024-03-01": (1, 1, 0), "2024年4月2日": (1, 0, 0), "早春": (1, 0, 0)})
    assert [(b.label, b.favor, b.against) for b in bars] == [
        ("2024-03-01", 1, 1),
        ("2024-04-02", 1, 0),
    ]
    assert timeline({"2024-03-01": (1, 1, 0), "早春": (1, 0, 0)}) == ()


def test_many_days_become_months() -> None:
    bars = timeline({f"2024-{1 + n // 28:02}-{1 + n % 28:02}": (1, 0, 0) for n in range(1, 100)})
    assert [b.label for b in bars] == ["2024-01", "2024-02", "2024-03", "2024-04"]
    assert sum(b.favor for b in bars) == 99


def test_poles_have_their_titles_in_the_reports_language(make_study: MakeStudy) -> None:
    pole = load_frames(["ai-routes"])[0].poles[0]
    draft = Draft.of("a.txt", "我支持这个。\n")
    draft.stance("我支持这个", "甲", pole.zh, "favor", frame="ai-routes")
    study = make_study([draft])
    titles = FrameTitles.of(study, "en")
    assert (titles.name("ai-routes"), titles.name("mine")) == ("The AI route debate", "mine")
    assert titles.stored()[pole.en] == pole.zh
    assert [build_view(study, lang).view.targets for lang in ("zh", "en")] == [
        (pole.zh,),
        (pole.en,),
    ]
