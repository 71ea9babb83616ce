"""The command ``entities``: the highlighted text, and the records."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from commands import output

TEXT = "2021年6月，騰訊花了3000万美元。\n雷军说，小米会跟上，雷总笑了。\n"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "article.txt"
    file.write_text(TEXT, "utf-8")
    return file


def test_records_carry_name_value_and_places(article: Path) -> None:
    lines = output("entities", article, "--to", "jsonl").splitlines()
    rows = {row["text"]: row for row in map(json.loads, lines)}
    assert rows["騰訊"]["name"] == "腾讯"
    assert rows["雷总"]["name"] == "雷军"
    assert rows["3000万美元"]["value"] == {"number": 30_000_000, "currency": "USD"}
    assert rows["2021年6月"]["value"] == {"date": "2021-06"}
    for row in rows.values():
        assert TEXT[row["source_start"] : row["source_end"]] == row["text"]


def test_only_the_types_asked_for(article: Path) -> None:
    rows = csv.DictReader(
        io.StringIO(output("entities", article, "--to", "csv", "--type", "PERSON"))
    )
    assert [row["text"] for row in rows] == ["雷军", "雷总"]


def test_the_text_is_shown_whole(article: Path) -> None:
    assert "騰訊花了3000万美元" in output("entities", article)


def test_standard_input_is_read() -> None:
    assert '"雷军"' in output("entities", "-", "--to", "jsonl", input=TEXT)
