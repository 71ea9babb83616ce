"""Turns: labels of every style, continuation, and what is no label."""

from __future__ import annotations

import pytest

from documents import document


def speakers(text: str, **names: str) -> list[tuple[str, str]]:
    made = document(text, **names)
    return [(t.speaker, made.text[t.start : t.end]) for t in made.turns]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("林若海：", "南湖周刊："),
        ("林若海:", "南湖周刊:"),
        ("**林若海**：", "**南湖周刊**："),
        ("**林若海：**", "**南湖周刊：**"),
        ("问：", "答："),
        ("Q:", "A:"),
        ("Q1：", "A1："),
        ("林若海（星河科技创始人）：", "主持人："),
        ("欧阳明月：", "记者："),
    ],
)
def test_labels_of_any_style_begin_turns(first: str, second: str) -> None:
    text = f"{second}您怎么看？\n{first}我看行。\n{second}为什么？\n{first}因为便宜。"
    assert [said for _, said in speakers(text)] == [
        "您怎么看？",
        "我看行。",
        "为什么？",
        "因为便宜。",
    ]
    assert len({name for name, _ in speakers(text)}) == 2


def test_a_turn_runs_over_paragraphs_to_the_next_label() -> None:
    text = "记者：讲讲吧。\n林若海：先说成本。\n再说速度。\n记者：还有吗？\n林若海：没有了。"
    assert speakers(text)[1] == ("林若海", "先说成本。\n再说速度。")


def test_script_variants_and_short_forms_are_one_speaker() -> None:
    text = (
        "劉東明：好。\n南湖周刊：嗯。\n刘东明：对。\n南湖：是吗？\n劉東明：是。\n南湖周刊：谢谢。"
    )
    assert [name for name, _ in speakers(text)] == [
        "劉東明", "南湖周刊", "劉東明", "南湖周刊", "劉東明", "南湖周刊"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "首先：我们看成本。\n其次：我们看速度。\n首先：再说一遍。\n其次：也再说一遍。",
        "注：数据来自年报。\n注：金额含税。\n来源：新华社\n来源：路透社",
        "林若海：只出现一次的标签不算。\n后面是正文。",
        "优点：便宜。\n缺点：慢。\n优点：安静。\n缺点：贵。",
        "他说：这不行。\n他说：那也不行。",
    ],
)
def test_what_is_no_label_begins_no_turn(text: str) -> None:
    assert speakers(text) == []


def test_the_last_turn_ends_at_the_pages_furniture() -> None:
    text = (
        "记者：最后一问。\n林若海：请讲。\n记者：累吗？\n林若海：不累。\n\n作者：周青\n编辑：吴晓"
    )
    assert speakers(text)[-1] == ("林若海", "不累。")


def test_spans_are_of_the_speech_and_of_its_label() -> None:
    made = document("记者：累吗？\n林若海：不累。\n记者：真的？\n林若海：真的。")
    turn = made.turns[1]
    assert made.text[turn.label_start : turn.label_end] == "林若海："
    assert made.text[turn.start : turn.end] == "不累。"


def test_an_editors_note_after_the_last_turn_is_not_spoken() -> None:
    text = (
        "记者：累吗？\n林若海：不累。\n记者：真的？\n林若海：真的。\n（本文经受访者审阅，有删节。）"
    )
    assert speakers(text)[-1] == ("林若海", "真的。")


def test_question_and_answer_are_the_medium_and_its_guest() -> None:
    text = (
        "郎青山，四十一岁，合肥人。今年他开了个账号。轮上观察和他聊了聊。\n"
        "Q：现在能买吗？\nA：能买。\nQ：续航呢？\nA：打七折听。\n往期回顾 >> 新手提车指南"
    )
    assert speakers(text) == [
        ("轮上观察", "现在能买吗？"),
        ("郎青山", "能买。"),
        ("轮上观察", "续航呢？"),
        ("郎青山", "打七折听。"),
    ]


def test_every_repeated_label_of_a_thread_is_a_speaker() -> None:
    lines = [
        *("爱吃鱼的猫：我先说。", "三号楼老张头：说吧。", "爱吃鱼的猫：房价会跌。"),
        *("路过打酱油的：未必。", "三号楼老张头：我看会。", "路过打酱油的：那再等等。"),
    ]
    assert [name for name, _ in speakers("\n".join(lines))] == [
        line.split("：")[0] for line in lines
    ]


def test_a_medium_before_the_title_of_an_interview_is_no_label() -> None:
    text = (
        "南湖周刊｜林若海：应用才是出路\n"
        "南湖周刊：您怎么看？\n林若海：我看行。\n南湖周刊：为什么？\n林若海：因为便宜。"
    )
    assert speakers(text)[0][1] == "您怎么看？"
