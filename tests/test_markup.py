"""Marked files: what they become, and what is refused."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from lunheng.errors import ReadError
from lunheng.gold import SUFFIX, load_gold
from lunheng.markup import read_markup, write_markup

SAMPLES = Path(str(files("lunheng_seeds") / "samples"))
HEAD = "source: a.txt\nfield: ai\ngenre: report\n=== text\n"


def test_marks_become_spans_of_the_source() -> None:
    source, gold = read_markup(
        HEAD + "{P林海}说，{O关{!pinyin-brackets|(guān)|}山}\\{好\\}。\n"
        "=== notes\nQ 林海 | indirect | 关山{好}\n"
    )
    record = gold.records[0]
    assert source == "林海说，关(guān)山{好}。\n"
    assert [(entity.text, entity.type) for entity in record.entities] == [
        ("林海", "PERSON"),
        ("关(guān)山", "ORG"),
    ]
    assert [quote.text for quote in record.quotes] == ["关(guān)山{好}"]
    assert [(repair.text, repair.after) for repair in record.repairs] == [("(guān)", "")]


def test_a_turn_ends_before_the_next_label_or_at_its_end_mark() -> None:
    source, gold = read_markup(
        HEAD + "{P甲一}：{@甲一}好。\n再说。\n\n**{P乙二}**：{@乙二}行。{@}\n\n完。\n=== notes\n"
    )
    turns = gold.records[0].turns
    assert [(turn.speaker, turn.text) for turn in turns] == [
        ("甲一", "好。\n再说。"),
        ("乙二", "行。"),
    ]
    assert all(source[turn.start : turn.end] == turn.text for turn in turns)


def test_notes_find_words_by_number_and_by_their_ends() -> None:
    _, gold = read_markup(
        HEAD + "好。我说好，真的好。\n=== notes\nS 作者 | favor | 一切 | 好#2 | author\n"
        "S 作者 | favor | 一切 | 我说~真的好 | author | flags=past,shared; reporter=老李\n"
    )
    whole, second = gold.records[0].stances
    assert (whole.text, whole.flags, whole.reporter) == (
        "我说好，真的好",
        ("past", "shared"),
        "老李",
    )
    assert (second.start, second.text) == (4, "好")


def test_records_of_jsonl_are_annotated_in_their_lines() -> None:
    raw, gold = read_markup(
        "source: a.jsonl\nfield: ai\ngenre: list\n"
        '=== text {"title": "一"}\n他说\n“{O南湖}\\{”\n=== notes\n'
        '=== text {"title": "二"}\n{P林"海}\n=== notes\n'
    )
    lines = raw.splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["他说\n“南湖{”", '林"海']
    assert [record.record for record in gold.records] == ["1", "2"]
    for line, record in zip(lines, gold.records, strict=True):
        entity = record.entities[0]
        assert line[entity.start : entity.end] == entity.text
    assert gold.records[1].entities[0].text == '林\\"海'


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("{P林{O海}}\n=== notes\n", "an entity inside another"),
        ("林海}\n=== notes\n", "closing brace without entity"),
        ("{P林海\n=== notes\n", "not closed"),
        ("林海。\n=== notes\nQ 林海 | direct | 山\n", "occurs 0 times"),
        ("林海林海。\n=== notes\nQ 林海 | direct | 林海\n", "occurs 2 times"),
        ("林海。\n=== notes\nQ 林海 | direct | 林~山\n", "does not follow"),
        ("林海。\n=== notes\nX 林海\n", "begins with"),
        ("林海。\n=== notes\nQ 林海 | direct\n", "note 'Q 林海"),
    ],
)
def test_what_cannot_be_understood_is_quoted(marked: str, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        read_markup(HEAD + marked)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob(f"*{SUFFIX}")), ids=lambda path: path.stem)
def test_samples_survive_being_marked_and_read_again(path: Path) -> None:
    gold = load_gold(path)
    raw = (SAMPLES / gold.source).read_bytes().decode("utf-8")
    assert read_markup(write_markup(raw, gold)) == (raw, gold)
