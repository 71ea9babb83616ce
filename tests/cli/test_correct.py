"""The command correct."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import call, output
from lunheng.study import CORRECTIONS
from studies import analyse, write


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = write(tmp_path / "in", a_txt="甲支持開源\n", b_txt="支持快充\x1b[2J\n")
    analyse([folder], tmp_path / "study")
    return tmp_path / "study"


def listed(study: Path, words: str = "") -> list[dict[str, str]]:
    return [
        json.loads(line)
        for line in output("correct", study, "--find", words, "--json").splitlines()
    ]


def test_stances_are_found_judged_listed_and_freed_again(study: Path) -> None:
    (found,) = listed(study, "开源")  # whatever the script
    name = found["stance_id"]
    result = call("correct", study, name, "--polarity", "against", "--note", "反话")
    assert "0 confirmed, 1 changed, 0 rejected; 0 names" in result.stderr
    (now,) = listed(study, "開源")
    assert (now["polarity"], now["origin"], now["verdict"]) == ("against", "human", "changed")
    said = output("correct", study)
    assert said.startswith(f"{name}  changed  (the author) against 開源")
    assert 'note = "反话"' in (study / CORRECTIONS).read_text("utf-8")
    assert call("correct", study, name, "--undo").exit_code == 0
    (again,) = listed(study, "開源")
    assert again == found


def test_names_are_given_and_taken_back(study: Path) -> None:
    output("correct", study, "--name", "林若海", "--alias", "老林", "--type", "PERSON")
    output("correct", study, "--not-name", "小米")
    said = output("correct", study)
    assert "name  林若海 [PERSON] 老林" in said
    assert "no name  小米" in said
    output("correct", study, "--name", "林若海", "--not-name", "小米", "--undo")
    assert output("correct", study) == ""


def test_a_report_follows_a_file_edited_by_hand(study: Path, tmp_path: Path) -> None:
    names = [row["stance_id"] for row in listed(study)]
    output("correct", study, *names, "--reject")
    text = (study / CORRECTIONS).read_text("utf-8")
    (study / CORRECTIONS).unlink()
    assert output("correct", study) == ""
    assert len(listed(study)) == 2
    (study / CORRECTIONS).write_text(text, "utf-8")
    report = call("report", study, "--to", "json", "-o", tmp_path / "out")
    assert report.exit_code == 0, report.stderr
    assert listed(study) == []


def test_import_and_export(study: Path, tmp_path: Path) -> None:
    decisions = {
        "stance": [{"id": row["stance_id"], "verdict": "confirmed"} for row in listed(study)]
    }
    path = tmp_path / "d.json"
    path.write_text(json.dumps(decisions), "utf-8")
    assert call("correct", study, "--import", path).exit_code == 0
    result = call("correct", study, "--export", tmp_path / "data")
    assert "2 examples to train on, 2 documents as gold; 0 documents" in result.stderr
    assert len(result.stdout.splitlines()) == 3


def test_what_a_report_says_of_stances_that_are_gone_is_told(study: Path, tmp_path: Path) -> None:
    names = [listed(study)[0]["stance_id"], "0123456789"]
    path = tmp_path / "d.json"
    decisions = [{"id": name, "verdict": "rejected"} for name in names]
    path.write_text(json.dumps({"stance": decisions}), "utf-8")
    result = call("correct", study, "--import", path)
    assert result.exit_code == 1
    assert "the rest was taken over: 0123456789" in result.stderr
    assert len(listed(study)) == 1


def test_control_characters_do_not_reach_the_terminal(study: Path) -> None:
    output("correct", study, *(row["stance_id"] for row in listed(study)), "--holder", "\x1b[2J")
    assert "\x1b" not in output("correct", study) + output("correct", study, "--find", "支持")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["x"], "found none"),
        (["x", "--confirm", "--undo"], "found --confirm or --reject and --undo"),
        (["x", "--confirm", "--reject"], "found both"),
        (["--confirm"], "expected the name of a STANCE"),
        (["--name", "甲"], "expected --alias or --type with it"),
        (["--alias", "甲"], "expected --name with them"),
        (["--undo"], "expected a STANCE, --name or --not-name"),
        (["x", "--undo"], "expected stances with a correction; found x"),
        (["x", "--reject"], "found x. `lunheng correct STUDY --find WORDS`"),
        (["--import", "nowhere.toml"], "nowhere.toml: cannot be read"),
    ],
)
def test_wrong_use_is_explained(study: Path, options: list[str], expected: str) -> None:
    result = call("correct", study, *options)
    assert result.exit_code == 2
    assert expected in " ".join(result.stderr.split())


def test_a_correction_whose_text_is_gone_is_told(study: Path, tmp_path: Path) -> None:
    (row,) = listed(study, "開源")
    output("correct", study, row["stance_id"], "--reject")
    (tmp_path / "in" / "a.txt").unlink()
    analyse([tmp_path / "in"], study, prune=True)
    result = call("correct", study)
    assert result.exit_code == 1
    assert f"{row['stance_id']}: the study no longer has its text" in result.stderr
