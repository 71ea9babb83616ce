"""The cue tagger: polarity, holders, targets, flags and abstention, clause by clause."""

from __future__ import annotations

import pickle

import pytest

from documents import document
from lunheng.documents import Document, Stance
from lunheng.frames import Target, load_frames
from lunheng_plugins.stance.cues import CueTagger


@pytest.fixture(scope="module")
def tagger() -> CueTagger:
    return CueTagger.of()


def read(tagger: CueTagger, made: Document) -> list[Stance]:
    return list(tagger.stances(made)[0])


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("我非常支持这个方案。", "favor"),
        ("我坚决反对这种做法。", "against"),
        ("我不支持这个方案。", "against"),
        ("我认为这条路没有前途。", "against"),
        ("我觉得这个产品真的很不错。", "favor"),
        ("我認為這條路根本走不通。", "against"),
        ("我并不反对远程办公。", "favor"),
        ("我觉得这两种观点无分对错。", "neutral"),
        ("这种创新有什么用呢？", "against"),
        ("难道远程办公不合理吗？", "favor"),
        ("远程办公不是很好吗？", "favor"),
        ("远程办公有什么不好？", "favor"),
        ("谁会支持加班制度？", "against"),
        ("我看好远程办公。", "favor"),
        ("没有人比林若海更懂这个行业。", "favor"),
        ("这个方案的难度没有那么大。", "favor"),
        ("这个方案的效率不高。", "against"),
        ("这个方案带来了很多麻烦。", "against"),
        ("这家公司的机会在于开源。", "favor"),
        ("要不是开源，这家公司早倒闭了。", "favor"),
        ("别碰加密货币。", "against"),
        ("不开源我们才会后悔。", "favor"),
        ("这个功能迟早会栽在未解决的漏洞里。", "against"),
    ],
)
def test_polarity(tagger: CueTagger, text: str, polarity: str) -> None:
    found = read(tagger, document(text))
    assert [s.polarity for s in found] == [polarity]
    assert found[0].holder_type == "author"


@pytest.mark.parametrize(
    "text",
    [
        "我不知道这家公司靠不靠谱。",
        "心疼归心疼，道理归道理。",
        "最后是会计说服了大家。",
        "你觉得他讲得对，你就去说。",
        "谁不用谁落后。",
    ],
)
def test_what_only_looks_like_a_verdict_is_none(tagger: CueTagger, text: str) -> None:
    assert read(tagger, document(text)) == []


def test_what_is_felt_is_named_behind_the_feeling(tagger: CueTagger) -> None:
    made = document("我讨厌的从来不是加班，是打卡。")
    assert [(s.target, s.polarity) for s in read(tagger, made)] == [("打卡", "against")]


def test_what_does_not_count_is_rejected(tagger: CueTagger) -> None:
    found = read(tagger, document("这家公司的机会不在补贴。"))
    assert [(s.target, s.polarity) for s in found] == [("补贴", "against")]


def test_a_date_is_no_target(tagger: CueTagger) -> None:
    found = read(tagger, document("我觉得2025年很不错。"))
    assert "2025年" not in {s.target for s in found}


def test_a_baseline_of_a_comparison_is_not_judged(tagger: CueTagger) -> None:
    found = read(tagger, document("这款手机比从前更好。"))
    assert [(s.target, s.polarity) for s in found] == [("这款手机", "favor")]


def test_a_noun_that_names_nothing_is_no_target(tagger: CueTagger) -> None:
    found = read(tagger, document("我看好大模型，结论很荒唐。"))
    assert "结论" not in {s.target for s in found}


def test_a_comparison_favours_one_side_against_the_other(tagger: CueTagger) -> None:
    made = document("我认为应用比模型更重要。")
    assert {(s.target, s.polarity) for s in read(tagger, made)} == {
        ("应用", "favor"),
        ("模型", "against"),
    }


def test_rather_than_is_against_the_first(tagger: CueTagger) -> None:
    found = read(tagger, document("与其盲目烧钱，不如先做好一个产品。"))
    assert [s.polarity for s in found] == ["against", "favor"]


@pytest.mark.parametrize(
    ("text", "polarity"),
    [("与其等补贴，他宁可自己干。", "against"), ("还不如早点开源。", "favor")],
)
def test_half_of_rather_than_speaks_for_itself(tagger: CueTagger, text: str, polarity: str) -> None:
    assert polarity in [s.polarity for s in read(tagger, document(text))]


def test_the_subject_of_a_verdict_is_its_target_not_the_topic_before(tagger: CueTagger) -> None:
    found = read(tagger, document("我看好大模型，应用才是出路。"))
    assert [(s.target, s.polarity) for s in found] == [("大模型", "favor"), ("应用", "favor")]


def test_an_attitude_without_an_object_is_about_the_clause_before(tagger: CueTagger) -> None:
    [stance] = read(tagger, document("他们要卖掉公司，我不同意。"))
    assert (stance.target, stance.polarity) == ("要卖掉公司", "against")


def test_a_clause_is_not_against_itself(tagger: CueTagger) -> None:
    assert read(tagger, document("我不同意。")) == []


def test_a_title_takes_no_stand(tagger: CueTagger) -> None:
    made = document("他写了一篇《坚决反对加班》的文章。", WORK="《坚决反对加班》")
    assert read(tagger, made) == []


def test_reporting_a_fact_is_no_stance(tagger: CueTagger) -> None:
    made = document("公司去年在深圳设立了分部，员工有三百人。会议于周二举行。")
    assert read(tagger, made) == []


def test_the_speaker_of_a_turn_holds_what_it_says(tagger: CueTagger) -> None:
    text = "记者：您怎么看？\n林若海：我非常看好开源。\n记者：为什么？\n林若海：闭源没有前途。"
    found = read(tagger, document(text, PERSON="林若海"))
    assert [(s.holder, s.polarity, s.attribution) for s in found] == [
        ("林若海", "favor", "turn"),
        ("林若海", "against", "turn"),
    ]
    assert all(s.turn is not None for s in found)


def test_what_i_feel_is_mine_whoever_the_clause_before_is_about(tagger: CueTagger) -> None:
    made = document("老周是前辈，我尊重他的选择。", PERSON="老周")
    assert {s.holder_type for s in read(tagger, made)} == {"author"}


def test_a_verdict_within_a_quote_is_its_holders_however_much_stands_before(
    tagger: CueTagger,
) -> None:
    text = "记者：您怎么看？\n林若海：所以大家觉得应用没价值。\n记者：为什么？\n林若海：不知道。"
    found = read(tagger, document(text, PERSON="林若海"))
    assert [(s.holder, s.reporter, s.flags) for s in found] == [("大家", "林若海", ("unnamed",))]


def test_the_quoted_hold_what_they_say_and_the_author_reports(tagger: CueTagger) -> None:
    made = document("林若海说：“这条路根本走不通。”", author="周青", PERSON="林若海")
    [stance] = read(tagger, made)
    assert (stance.holder, stance.reporter, stance.attribution) == ("林若海", "周青", "direct")
    assert stance.quote == 0


def test_an_attitude_belongs_to_its_subject(tagger: CueTagger) -> None:
    [stance] = read(tagger, document("很多投资人非常看好机器人。"))
    assert (stance.holder, stance.holder_type, stance.polarity) == ("投资人", "group", "favor")


def test_a_users_target_goes_by_its_name() -> None:
    tagger = CueTagger.of(targets=[Target("开放源码", ("开源", "开放源码"))])
    [stance] = read(tagger, document("我非常支持開源。"))
    assert (stance.target, stance.polarity) == ("开放源码", "favor")


def test_a_frames_pole_goes_by_its_title() -> None:
    tagger = CueTagger.of(frames=load_frames(["remote-work"]))
    [stance] = read(tagger, document("我坚决反对996。"))
    assert (stance.target, stance.frame) == ("长时间工作", "remote-work")


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("如果真的这样，那就太糟糕了，完全没有意义。", "hypothetical"),
        ("凭什么说这个很重要？", "rhetorical"),
        ("我以前非常喜欢这个产品。", "past"),
    ],
)
def test_flags_instead_of_silence(text: str, flag: str) -> None:
    found = read(CueTagger.of(threshold=0.0), document(text))
    assert any(flag in s.flags for s in found)


def test_below_the_threshold_it_abstains_and_counts() -> None:
    made = document("可能有点糟糕。我坚决反对这种做法。")
    strict = CueTagger.of(threshold=0.6).stances(made)
    assert [s.polarity for s in strict[0]] == ["against"]
    assert strict[1] == 1


def test_every_stance_shows_its_evidence_and_its_cues(tagger: CueTagger) -> None:
    made = document("我坚决反对这种做法。")
    [stance] = read(tagger, made)
    assert made.text[stance.start : stance.end] == "我坚决反对这种做法"
    assert [c.rule for c in stance.cues] == ["reject", "intensifier"]
    assert all(made.text[c.start : c.end] == c.text for c in stance.cues)
    assert 0 < stance.score < 1


def test_the_tagger_is_pickled_whole(tagger: CueTagger) -> None:
    made = document("我坚决反对这种做法。")
    assert pickle.loads(pickle.dumps(tagger)).stances(made) == tagger.stances(made)


def targets(text: str, words: str | None = None, **names: str) -> list[tuple[str, str, str]]:
    made = document(text, words, **names)
    return [(s.holder, s.target, s.polarity) for s in CueTagger.of().stances(made)[0]]


def test_what_is_not_needed_is_the_target() -> None:
    words = "林若海 认为 创业 公司 不需要 十万 张 显卡 。"
    assert targets(words.replace(" ", ""), words, PERSON="林若海") == [
        ("林若海", "显卡", "against")
    ]


def test_nobody_takes_a_stand_on_themselves() -> None:
    words = "林若海 坦言 ， 林若海 不 反对 开源 。"
    found = targets(words.replace(" ", ""), words, PERSON="林若海")
    assert found == [("林若海", "开源", "favor")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我反对的是一刀切。", [("", "一刀切", "against")]),
        ("没有开源，小公司根本不可能存在。", [("", "开源", "favor")]),
        ("做应用好过做模型。", [("", "做应用", "favor"), ("", "做模型", "against")]),
        ("这张卡不如月票划算。", [("", "这张卡", "against"), ("", "月票划算", "favor")]),
    ],
)
def test_constructions_that_judge(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert targets(text) == expected


def test_what_is_feared_is_not_asserted(tagger: CueTagger) -> None:
    assert read(tagger, document("人人都害怕这个模型不够强大。")) == []


def test_crowds_are_marked_as_nobody_in_particular(tagger: CueTagger) -> None:
    (found,) = read(tagger, document("很多人坚决反对远程办公。"))
    assert (found.holder, found.holder_type, found.flags) == ("很多人", "group", ("unnamed",))
    compared = read(tagger, document("也有很多人说，做应用不如做模型。"))
    assert [s.flags for s in compared] == [("unnamed",), ("unnamed",)]


def test_a_demonstrative_stays_with_its_noun() -> None:
    assert targets("这种说法 太 荒谬 了 。".replace(" ", ""), "这 种 说法 太 荒谬 了 。") == [
        ("", "这种说法", "against")
    ]


def test_he_is_the_person_named_before() -> None:
    assert targets("林若海上周来过。不过我依然认为他是对的。", PERSON="林若海") == [
        ("", "林若海", "favor")
    ]


def test_a_group_is_named_by_its_noun(tagger: CueTagger) -> None:
    [stance] = read(tagger, document("也有老师支持这个方案。"))
    assert stance.holder == "老师"


def test_who_tells_of_an_interviewed_author_is_somebody_else(tagger: CueTagger) -> None:
    text = (
        "林若海反对补贴。这篇访谈非常精彩。\n记者：您怎么看？\n林若海：我看行。\n"
        "记者：为什么？\n林若海：因为便宜。"
    )
    found = read(tagger, document(text, author="林若海", PERSON="林若海"))
    assert [(s.holder, s.holder_type) for s in found][:2] == [("林若海", "person"), ("", "author")]
