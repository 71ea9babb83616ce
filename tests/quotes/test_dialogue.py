"""Dialogue of a story: speakers without verbs of speech, and the shipped model held out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from documents import document
from lunheng_plugins.quotes.dialogue import DialogueModel, Name, Spoken

STORY = """林若海推开门，看见周青坐在窗边，便问：
“你吃了吗？”
周青摇摇头：
“还没有。”
“那一起去吧。”
“好。等我一下，我去拿伞。”
他们下了楼。"""


def test_people_take_turns_in_a_story() -> None:
    made = document(STORY, PERSON="林若海 周青")
    assert [q.holder for q in made.quotes] == ["林若海", "周青", "林若海", "周青"]


def test_an_article_keeps_what_its_verbs_say() -> None:
    made = document("林若海说：“这件事我不同意。”\n会议在三点结束。", PERSON="林若海 周青")
    assert made.quotes[0].holder_start == 0


def test_a_known_speaker_is_kept_and_nobody_near_is_nobody() -> None:
    model = DialogueModel.load()
    assert model.speakers("“好。”", [], [Spoken(1, 3, None)]) == [None]
    assert model.speakers("甲“好。”", [Name(0, 1, "甲")], [Spoken(2, 4, "乙")]) == ["乙"]


@pytest.mark.shared
def test_speakers_of_a_novel(shared_data: Path) -> None:
    """The development part was seen in training, so this guards against breakage only."""
    folder = shared_data / "quotes"
    people = [
        line.split()[1:] for line in (folder / "name_list.txt").read_text("utf-8").split("\n")
    ]
    owner = {alias: names[0] for names in reversed(people) if names for alias in names}
    pattern = re.compile("|".join(sorted(map(re.escape, owner), key=len, reverse=True)))
    model, right, total = DialogueModel.load(), 0, 0
    for block in (folder / "dev.txt").read_text("utf-8").strip().split("\n\n"):
        rows = block.split("\n")
        end = next(i for i, row in enumerate(rows) if row.startswith("Speaker:"))
        lines = rows[end - 21 : end]
        text = "\n".join(lines)
        names = [Name(*m.span(), owner[m[0]]) for m in pattern.finditer(text)]
        quotes = [Spoken(*m.span(1), None) for m in re.finditer("“([^“”]{2,})”?", text)]
        centre = sum(len(line) + 1 for line in lines[:10])
        inside = [n for n, q in enumerate(quotes) if centre <= q.start <= centre + len(lines[10])]
        total += 1
        if inside:
            found = model.speakers(text, names, quotes)[inside[0]]
            right += found == rows[end].removeprefix("Speaker: ").strip()
    assert right / total > 0.7
