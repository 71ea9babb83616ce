"""The commands ``lunheng eval …`` on the samples and on a user's folder."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lunheng.cli import main
from lunheng.cli.eval import TABLE

ARTICLE = "yuancheng-bangong-suibi"
SAMPLES = Path(str(files("lunheng_seeds") / "samples"))


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["eval", *args])


@pytest.mark.parametrize("name", TABLE)
def test_every_evaluation_has_help_with_an_example(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert "Example" in result.output


def test_an_unknown_evaluation_is_wrong_use_and_the_nearest_is_named() -> None:
    result = run("sample")
    assert result.exit_code == 2
    assert "'samples'" in result.output


def test_samples_as_json_add_up() -> None:
    result = run("samples", "--json", "--article", ARTICLE)
    assert result.exit_code == 0
    scores = json.loads(result.stdout)
    assert scores["articles"] == [f"{ARTICLE}.txt"]
    for classes in scores["layers"].values():
        whole = classes.pop("all")
        for key in ("right", "gold", "found"):
            assert not classes or whole[key] == sum(one[key] for one in classes.values())
    assert scores["fields"]["work"].keys() == scores["layers"].keys()
    assert scores["layers"]["entities"]["DATE"]["right"] > 0


@pytest.mark.parametrize(("lang", "word"), [("zh", "精确率"), ("en", "entities")])
def test_the_table_speaks_the_analysts_language(lang: str, word: str) -> None:
    result = run("samples", "--article", ARTICLE, "--lang", lang)
    assert result.exit_code == 0
    assert word in result.stdout


def test_errors_name_what_is_missed_and_what_is_spurious(tmp_path: Path) -> None:
    marked = "source: a.txt\nfield: work\ngenre: essay\n=== text\n{P今年}是{D2024年}。\n=== notes\n"
    (tmp_path / "a.mark").write_text(marked, "utf-8")
    assert run("mark", str(tmp_path / "a.mark"), "-o", str(tmp_path / "gold")).exit_code == 0
    result = run("gold", str(tmp_path / "gold"), "--errors", "entities")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["a.txt\t-\tPERSON\t今年\t", "a.txt\t+\tDATE\t今年\t"]


def test_mark_and_unmark_are_each_others_way_back(tmp_path: Path) -> None:
    gold = SAMPLES / f"{ARTICLE}.gold.json"
    shown = run("unmark", str(gold))
    assert shown.exit_code == 0
    (tmp_path / "again.mark").write_text(shown.stdout, "utf-8")
    assert run("mark", str(tmp_path / "again.mark"), "-o", str(tmp_path)).exit_code == 0
    assert (tmp_path / gold.name).read_bytes() == gold.read_bytes()
    assert (tmp_path / f"{ARTICLE}.txt").read_bytes() == (SAMPLES / f"{ARTICLE}.txt").read_bytes()


def test_wrong_use_says_what_was_expected(tmp_path: Path) -> None:
    nothing = run("gold", str(tmp_path))
    assert nothing.exit_code == 2
    assert "found none" in nothing.output
    unknown = run("samples", "--article", "nirgends")
    assert unknown.exit_code == 2
    assert ARTICLE in unknown.output
    (tmp_path / "a.mark").write_text(
        "source: a.txt\nfield: ai\ngenre: essay\n=== text\n{P林\n=== notes\n", "utf-8"
    )
    broken = run("mark", str(tmp_path / "a.mark"), "-o", str(tmp_path))
    assert broken.exit_code == 2
    assert "a.mark: an entity is not closed" in broken.output
