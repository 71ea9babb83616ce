"""Studies made apart and put together equal one made at once."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from commands import call
from lunheng.assembling import assemble
from lunheng.errors import StudyError, UsageError
from lunheng.study import Study
from studies import analyse, dump, write

TROUBLE = "stages.entities=plain,trouble"


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    """Analyse three folders apart: texts in common, a repost, failures, a file without text."""
    here = tmp_path / "in"
    same = "甲支持新能源。Acme 支持快充。\n" * 20
    write(here / "a", a_txt="O(shè)penAI 支持开源。\n", b_lines="甲|我支持换电\n乙|我不知道\n")
    write(here / "b", a_lines="乙|我支持换电\n丙|我支持换电\n", e_txt="TROUBLE-raise 支持\n")
    write(here / "c", a_txt=same, b_txt=same + "乙反对。\n", x_txt="", y_lines="甲|我支持换电\n")
    studies = []
    for name in ("c", "a", "b"):  # in no order
        studies.append(tmp_path / f"study-{name}")
        analyse([here / name], studies[-1], TROUBLE)
    return studies


def test_parts_put_together_equal_the_whole(parts: list[Path], tmp_path: Path) -> None:
    analyse([tmp_path / "in"], tmp_path / "whole", TROUBLE)
    counts = assemble(parts, tmp_path / "together")
    expected = dump(tmp_path / "whole")
    assert dump(tmp_path / "together") == expected
    assert counts["documents"] == len(expected["documents"])
    assert expected["failures"]
    with Study.open(tmp_path / "together") as ours, Study.open(tmp_path / "whole") as theirs:
        assert ours.index().docs("支持").tolist() == theirs.index().docs("支持").tolist()
        assert ours.manifest["bytes"] == theirs.manifest["bytes"]


def test_a_run_goes_on_from_what_was_assembled(parts: list[Path], tmp_path: Path) -> None:
    result = call("study", "assemble", *parts, "-o", tmp_path / "together")
    assert result.exit_code == 0, result.output
    again = analyse([tmp_path / "in"], tmp_path / "together", TROUBLE)
    assert (again.analysed, again.files) == (0, again.unchanged)


@pytest.mark.parametrize("wrong", ["none", "twice", "unfinished", "settings", "full"])
def test_what_does_not_go_together_is_refused(
    parts: list[Path], tmp_path: Path, wrong: str
) -> None:
    target, chosen = tmp_path / "together", list(parts)
    if wrong == "none":
        chosen = []
    elif wrong == "twice":
        chosen.append(chosen[0])
    elif wrong == "unfinished":
        with closing(sqlite3.connect(parts[1] / "study.db")) as connection, connection:
            connection.execute("UPDATE runs SET finished = NULL")
        connection.close()
    elif wrong == "settings":
        analyse([tmp_path / "in" / "b"], parts[2], TROUBLE, "plugins.stance.plain.word=知道")
    else:
        target = parts[0]
    message = {
        "none": "got none", "twice": "expected it in one part", "unfinished": "not finished",
        "settings": "other plugins or settings", "full": "holds a study already",
    }[wrong]  # fmt: skip
    with pytest.raises(StudyError if chosen else UsageError, match=message):
        assemble(chosen, target)
    assert target == parts[0] or not os.path.lexists(target)
