"""The command ``clean``: the text, the repairs in place, and their number."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from lunheng.cli import main

TEXT = "發(fā)展關(guān)係,，以O(shè)pen為例。行业*的问题。\n"


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments), input=TEXT, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_text_is_repaired() -> None:
    assert run("clean", "-") == "發展關係，以Open為例。行业*的问题。\n"


def test_diff_shows_repairs_in_place() -> None:
    lines = run("clean", "-", "--diff").splitlines()
    assert any("punctuation" in line and "[-,-]" in line for line in lines)
    assert any("censored" in line and "行业[*]的问题" in line for line in lines)


def test_report_counts() -> None:
    report = run("clean", "-", "--report", "--lang", "en")
    assert "4 repaired, 1 flagged" in report
    assert "pinyin-brackets\t3\t0" in report


def test_diff_says_line_and_column_in_their_order() -> None:
    lines = run("clean", "-", "--diff").splitlines()
    places = [line.split(": ")[0] for line in lines]
    assert places == sorted(places, key=lambda place: int(place.split(":")[2]))
    assert places[0] == "-:1:2"


def test_diff_and_report_go_together() -> None:
    shown = run("clean", "-", "--diff", "--report", "--lang", "en")
    assert "[-,-]" in shown
    assert shown.index("[-,-]") < shown.index("4 repaired, 1 flagged")


def test_report_says_encoding_script_and_totals(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("發展關係，請讀這些書。\n".encode("big5hkscs") * 3)
    (tmp_path / "b.jsonl").write_text('{"text": "关(guān)键"}\n{"text": "好的"}\n', "utf-8")
    report = run("clean", str(tmp_path), "--report", "--lang", "en")
    assert "a.txt (big5hkscs, traditional)" in report
    assert "b.jsonl:1 (utf-8, simplified): 1 repaired" in report
    assert "3 documents in all: 1 repaired, 0 flagged" in report


def test_an_encoding_is_obeyed_and_checked(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("开源".encode("gb18030"))
    assert run("clean", str(file), "--encoding", "gbk") == "开源\n"
    assert run("clean", str(file), "--encoding", "big5") == "羲埭\n"
    result = CliRunner().invoke(main, ["clean", str(file), "--encoding", "klingon"])
    assert result.exit_code == 2
    assert "klingon" in result.output


def test_the_script_is_converted() -> None:
    pytest.importorskip("opencc", reason="the extra opencc is not installed")
    assert run("clean", "-", "--convert", "t2s") == "发展关系，以Open为例。行业*的问题。\n"


def test_wrong_lines_do_not_hide_good_ones(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "甲"}\n{bad\n{"text": "乙"}\n', "utf-8")
    result = CliRunner().invoke(main, ["clean", str(file)])
    assert (result.exit_code, result.stdout) == (
        1,
        f"==> {file}:1 <==\n甲\n==> {file}:3 <==\n乙\n",
    )
    assert "a.jsonl:2: expected" in result.stderr
