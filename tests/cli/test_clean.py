"""The command ``clean``: the text, the repairs in place, and their number."""

from __future__ import annotations

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
    assert any("punctuation" in line and "[-,-]{++}" in line for line in lines)
    assert any("censored" in line and "行业[*]的问题" in line for line in lines)


def test_report_counts() -> None:
    report = run("clean", "-", "--report", "--lang", "en")
    assert "4 repaired, 1 flagged" in report
    assert "pinyin-brackets\t3\t0" in report
