"""``lunheng train segmenter`` and ``lunheng eval segmenter``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from lunheng.cli import main
from lunheng.tokenize import SegmenterModel, Tokenizer


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.txt"
    path.write_text("我 爱 北京\n他 研究 生命\n北京 大学 很 大\n" * 5, "utf-8")
    return path


def test_trained_model_says_where_it_comes_from(gold: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.bin"
    arguments = ["train", "segmenter", str(gold), "-o", str(model), "--dev", str(gold)]
    run = CliRunner().invoke(main, [*arguments, "--grams", "600", "--licence", "CC0-1.0"])
    assert run.exit_code == 0, run.output
    assert "dev F1 1.0000" in run.stderr or "F1 1.0000" in run.stderr
    assert run.stdout == ""
    loaded = SegmenterModel.load(model)
    assert loaded.provenance["licence"] == "CC0-1.0"
    assert list(loaded.provenance["gold"]) == [str(gold)]  # type: ignore[call-overload]
    assert (loaded.provenance["words"], loaded.provenance["start"]) == ("default", "default")
    assert Tokenizer(model).cut("我爱北京") == ["我", "爱", "北京"]
    scored = CliRunner().invoke(main, ["eval", "segmenter", str(model), str(gold)])
    assert scored.stdout.splitlines()[1].split("\t")[1:4] == ["100.00", "100.00", "100.00"]


def test_words_and_start_can_be_others_or_none(gold: Path, tmp_path: Path) -> None:
    words, first, second = tmp_path / "words.txt", tmp_path / "1.bin", tmp_path / "2.bin"
    words.write_text("北京 3\n数学\n", "utf-8")
    arguments = ["train", "segmenter", str(gold), "--grams", "600", "-o"]
    plain = [*arguments, str(first), "--no-words", "--start", "none"]
    assert CliRunner().invoke(main, plain).exit_code == 0
    said = SegmenterModel.load(first).provenance
    assert (said["words"], said["start"]) == ("none", "none")
    own = [*arguments, str(second), "--words", str(words), "--start", str(first)]
    assert CliRunner().invoke(main, own).exit_code == 0
    said = SegmenterModel.load(second).provenance
    assert list(said["words"]) == [str(words)]  # type: ignore[call-overload]
    assert list(said["start"]) == [str(first)]  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--words", "GOLD", "--no-words"], "found both"),
        (["--start", "GOLD"], "model"),
        (["--start", "nowhere.bin"], "nowhere.bin"),
    ],
)
def test_contradictions_and_foreign_starts_are_refused(
    gold: Path, tmp_path: Path, options: list[str], said: str
) -> None:
    given = [str(gold) if option == "GOLD" else option for option in options]
    arguments = ["train", "segmenter", str(gold), "-o", str(tmp_path / "m.bin"), "--lang", "en"]
    run = CliRunner().invoke(main, [*arguments, *given])
    assert run.exit_code == 2
    assert said in run.output
    assert not (tmp_path / "m.bin").exists()


def test_unknown_words_are_scored_by_themselves(gold: Path, tmp_path: Path) -> None:
    test = tmp_path / "test.txt"
    test.write_text("我 爱 数学\n", "utf-8")
    run = CliRunner().invoke(
        main, ["eval", "segmenter", "default", str(test), "--train", str(gold)]
    )
    assert run.stdout.splitlines()[1].split("\t")[-2:] == ["3", "1"]


def test_gold_without_words_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("\n \n", "utf-8")
    arguments = ["train", "segmenter", str(tmp_path / "empty.txt"), "-o", str(tmp_path / "m")]
    run = CliRunner().invoke(main, arguments)
    assert run.exit_code == 2
    assert not (tmp_path / "m").exists()


def test_gold_of_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "gbk.txt").write_bytes("我 爱 北京".encode("gbk"))
    run = CliRunner().invoke(main, ["eval", "segmenter", "default", str(tmp_path / "gbk.txt")])
    assert run.exit_code == 2
    assert "expected UTF-8" in run.output
