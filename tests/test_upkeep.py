"""Looking after a study: what is told of it, which damage is found, and what gives room back."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from commands import call
from lunheng.errors import StudyError
from lunheng.study import Study
from lunheng.upkeep import check, describe, vacuum
from studies import analyse, dump, write


@pytest.fixture
def study(tmp_path: Path) -> Path:
    texts = {f"a{n:02}_txt": f"甲支持第{n}种方案。\n" * (n + 1) for n in range(20)}
    articles = write(tmp_path / "in", **texts, b_txt="我支持开源\n", c_txt="我支持开源\n")
    analyse([articles], tmp_path / "study")
    return tmp_path / "study"


def test_what_a_study_holds_is_told(study: Path) -> None:
    facts = describe(study)
    assert (facts["rows"]["documents"], facts["rows"]["sources"]) == (21, 22)
    assert facts["bytes"]["study.db"] == (study / "study.db").stat().st_size
    assert facts["index"]["documents"] == 21
    assert facts["last_run"]["seconds"]["elapsed"] > 0
    told = call("study", "info", study)
    assert told.exit_code == 0
    assert "stance.plain" in told.stdout
    assert "The index has 21 documents in 1 segment, 0 deleted" in told.stdout
    assert json.loads(call("study", "info", study, "--json").stdout) == facts


def test_a_whole_study_has_no_problem(study: Path) -> None:
    assert list(check(study)) == []
    result = call("study", "check", study)
    assert (result.exit_code, result.stdout) == (0, "The study is whole\n")


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ("DELETE FROM documents WHERE path LIKE '%a03.txt'", {"orphans"}),
        ("UPDATE documents SET source = x'00' WHERE path LIKE '%a03.txt'", {"source"}),
        ("UPDATE stances SET start_char = start_char + 1 WHERE rowid = 1", {"evidence"}),
        ("UPDATE state SET value = value + 1 WHERE key = 'generation'", {"behind"}),
        ("UPDATE runs SET finished = NULL", {"unfinished"}),
    ],
)
def test_what_is_wrong_is_named(study: Path, change: str, kinds: set[str]) -> None:
    with closing(sqlite3.connect(study / "study.db")) as connection, connection:
        assert connection.execute(change).rowcount > 0
    connection.close()
    assert {problem.kind for problem in check(study)} == kinds
    assert call("study", "check", study).exit_code == 1
    found = [
        json.loads(line) for line in call("study", "check", study, "--json").stdout.split("\n")[:-1]
    ]
    assert {each["problem"] for each in found} == kinds


def test_a_damaged_index_is_named(study: Path) -> None:
    (segment,) = (study / "index").glob("*.seg")
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 255
    segment.write_bytes(data)
    assert {problem.kind for problem in check(study)} == {"index"}
    assert call("study", "check", study).exit_code == 1


def test_a_vacuum_gives_room_back_and_changes_nothing(study: Path, tmp_path: Path) -> None:
    for number in range(10, 20):
        (tmp_path / "in" / f"a{number}.txt").unlink()
    write(tmp_path / "in", y_txt="，" * 33_000)
    analyse([tmp_path / "in"], study, prune=True)
    write(tmp_path / "in", z_txt="乙支持换电\n")
    analyse([tmp_path / "in"], study)
    with Study.open(study) as opened:
        assert opened.index().info().segments == 2
    before = dump(study)
    then, now = vacuum(study)
    assert now < then
    assert dump(study) == before
    assert list(check(study)) == []
    with Study.open(study) as opened:
        assert opened.index().info().segments == 1
    assert "MB became" in call("study", "vacuum", study).stderr


def test_what_is_no_study_is_refused(tmp_path: Path) -> None:
    for deed in (describe, vacuum, lambda folder: list(check(folder))):
        with pytest.raises(StudyError, match="is not a study"):
            deed(tmp_path)
    assert not list(tmp_path.iterdir())
