"""The commands ``quotes`` and ``stance``: views, records, targets, explanations."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from commands import output

TEXT = """记者：您怎么看？
林若海：我坚决反对996。
记者：那远程办公呢？
林若海：我非常支持居家办公。
"""


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "interview.txt"
    file.write_text(TEXT, "utf-8")
    return file


def test_quotes_as_json_lines(article: Path) -> None:
    rows = [json.loads(line) for line in output("quotes", article, "--to", "jsonl").splitlines()]
    assert [row["holder"] for row in rows] == ["记者", "林若海", "记者", "林若海"]
    assert TEXT[rows[1]["source_start"] : rows[1]["source_end"]] == "我坚决反对996。"


def test_stances_as_csv(article: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(output("stance", article, "--to", "csv"))))
    assert {(row["holder"], row["target"], row["polarity"]) for row in rows} == {
        ("林若海", "长时间工作", "against"),
        ("林若海", "远程办公", "favor"),
    }


def test_ones_own_targets_and_explanations(article: Path, tmp_path: Path) -> None:
    targets = tmp_path / "targets.toml"
    targets.write_text('[[targets]]\nname = "在家上班"\naliases = ["居家办公"]\n', "utf-8")
    shown = output("stance", article, "--targets", str(targets), "--explain", "--lang", "en")
    assert "林若海 is for 在家上班" in shown
    assert "because of 「支持」: endorse" in shown


def test_standard_input_is_read(article: Path) -> None:
    assert "林若海" in output("quotes", "-", input=TEXT)


def test_a_threshold_of_one_asserts_nothing(article: Path) -> None:
    assert output("stance", article, "--to", "jsonl", "--threshold", "1") == ""
