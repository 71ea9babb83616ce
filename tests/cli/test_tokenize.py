"""``lunheng tokenize``."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from lunheng.cli import main


def test_words_of_a_file_and_of_stdin(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("改变世界\n\n你好 世界", "utf-8")
    expected = "改变 世界\n\n你好 世界\n"
    assert CliRunner().invoke(main, ["tokenize", str(path)]).output == expected
    assert CliRunner().invoke(main, ["tokenize", "-"], input=path.read_bytes()).output == expected


def test_spans_are_code_points_of_the_line() -> None:
    run = CliRunner().invoke(main, ["tokenize", "--spans"], input="改变 世界\n")
    assert json.loads(run.output) == [[0, 2], [3, 5]]


def test_undecodable_bytes_come_out_as_they_went_in() -> None:
    run = CliRunner().invoke(main, ["tokenize"], input=b"\xff\xfe\n")
    assert run.exit_code == 0
    assert run.stdout_bytes.replace(b" ", b"") == b"\xff\xfe\n"


def test_file_that_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "m.bin").write_bytes(b"no model")
    run = CliRunner().invoke(main, ["tokenize", "--model", str(tmp_path / "m.bin")], input="a")
    assert run.exit_code == 2
    assert "expected a segmenter model" in run.output
