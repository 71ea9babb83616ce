"""``lunheng train tagger`` and ``lunheng eval tagger``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from lunheng.cli import main
from lunheng.tagging import TaggerModel

NAMES = "林 B-PER\n若 I-PER\n海 I-PER\n说 O\n好 O\n\n我 O\n在 O\n星 B-ORG\n河 I-ORG\n\n"
WORD = "{}\t{}\t_\t{}\t_\t_\t_\t_\t_\t_\n"
SENTENCE = [("他", "PRON"), ("研究", "VERB"), ("生命", "NOUN"), ("。", "PUNCT")]
TREE = "".join(WORD.format(n, word, tag) for n, (word, tag) in enumerate(SENTENCE, 1)) + "\n"


@pytest.mark.parametrize(
    ("name", "text", "rows"),
    [
        ("gold.bio", NAMES, [("all", "100.00"), ("ORG", "100.00"), ("PER", "100.00")]),
        ("gold.conllu", TREE, [("gold words", "100.00"), ("raw text", "100.00")]),
    ],
)
def test_what_was_trained_is_scored(
    tmp_path: Path, name: str, text: str, rows: list[tuple[str, str]]
) -> None:
    gold, model = tmp_path / name, tmp_path / "model.bin"
    gold.write_text(text * 8, "utf-8")
    run = CliRunner().invoke(
        main,
        ["train", "tagger", str(gold), "-o", str(model), "--dev", str(gold), "--licence", "CC0"],
    )
    assert run.exit_code == 0, run.output
    assert TaggerModel.load(model).provenance["licence"] == "CC0"
    scores = CliRunner().invoke(main, ["eval", "tagger", str(model), str(gold)])
    assert scores.exit_code == 0, scores.output
    lines = [line.split("\t") for line in scores.output.splitlines()[1:]]
    assert [(line[1], line[4]) for line in lines] == rows


def test_kinds_of_gold_are_not_mixed(tmp_path: Path) -> None:
    paths = [tmp_path / "gold.bio", tmp_path / "gold.conllu"]
    for path in paths:
        path.write_text("\n", "utf-8")
    run = CliRunner().invoke(main, ["train", "tagger", *map(str, paths), "-o", "model.bin"])
    assert run.exit_code == 2
    assert ".conllu" in run.output


def test_empty_gold_is_refused(tmp_path: Path) -> None:
    gold = tmp_path / "gold.bio"
    gold.write_text("\n", "utf-8")
    run = CliRunner().invoke(main, ["train", "tagger", str(gold), "-o", "model.bin"])
    assert run.exit_code == 2
    assert "BMES" in run.output
