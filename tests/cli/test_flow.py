"""The commands that run stages: run, report, retry."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commands import PLAIN_OPTIONS, STAGE_OPTIONS, call, call_plain
from lunheng.study import Study
from studies import dump, write


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write(tmp_path / "articles", a_txt="甲支持新能源\n", b_txt="“快充”是 Acme 的\n")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return tmp_path / "a study"


def test_run_says_what_it_did_and_how_to_go_on(articles: Path, study: Path) -> None:
    result = call_plain("run", articles, "-o", study)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "2 files: 2 documents analysed" in result.stderr
    assert f"lunheng report '{study}' --to html" in result.stderr


def test_run_speaks_chinese(articles: Path, study: Path) -> None:
    result = call_plain("run", articles, "-o", study, "--lang", "zh")
    assert "共 2 篇" in result.stderr


def test_quiet_is_quiet(articles: Path, study: Path) -> None:
    assert call_plain("run", articles, "-o", study, "--quiet").output == ""


def test_progress_for_programs_is_json_lines(articles: Path, study: Path) -> None:
    result = call_plain("run", articles, "-o", study, "--json-progress")
    done, end = map(json.loads, result.stderr.splitlines()[-2:])
    assert (end["event"], end["files"], end["documents"]) == ("end", 2, 2)
    assert (done["event"], done["analysed"], done["counts"]["stances"]) == ("done", 2, 1)


def test_the_first_failures_are_named_and_all_can_be_listed(articles: Path, study: Path) -> None:
    for number in range(7):
        (articles / f"x{number}\x1b[2J\n.txt").write_bytes(b"\xff")
    result = call_plain("run", articles, "-o", study, "--quiet")
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert lines[0] == "7 failures:"
    assert lines[1].startswith(f"  {articles}/x0\\x1b[2J\\n.txt (readers.plain ")
    assert lines[1].endswith("): expected UTF-8, found 0xff")
    assert lines[6] == "  and 2 more"
    assert (len(lines), f"retry '{study}' --list" in lines[-1]) == (8, True)
    listed = call("retry", str(study), "--list")
    assert (listed.exit_code, len(listed.stdout.splitlines())) == (0, 7)
    rows = call("retry", str(study), "--list", "--json").stdout.splitlines()
    assert json.loads(rows[6])["path"] == f"{articles}/x6\x1b[2J\n.txt"


def test_one_of_a_thing_is_no_plural(tmp_path: Path, study: Path) -> None:
    folder = write(tmp_path / "in", a_txt="甲支持新能源\n")
    said = call_plain("run", folder, "-o", study).stderr
    assert "1 file: 1 document analysed" in said
    assert "holds 1 document: 0 turns, 0 mentions, 0 quotes, 1 stance, 0 repairs" in said


def test_a_folder_without_texts_is_wrong_use_and_leaves_no_study(
    tmp_path: Path, study: Path
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    result = call_plain("run", folder, "-o", study)
    assert (result.exit_code, study.exists()) == (2, False)
    expected = f"expected files to read at {folder} (.lines, .txt); found nothing: empty, hidden"
    assert expected in result.stderr
    (folder / "a.jpg").write_bytes(b"")
    assert (
        "No reader is for what is there: 1 .jpg." in call_plain("run", folder, "-o", study).stderr
    )


def test_files_no_longer_given_are_mentioned_until_they_are_pruned(
    articles: Path, study: Path
) -> None:
    call_plain("run", articles, "-o", study)
    (articles / "a.txt").unlink()
    hint = "also holds 1 file not given this time; add --prune"
    assert hint in call_plain("run", articles, "-o", study).stderr
    assert "1 dropped" in call_plain("run", articles, "-o", study, "--prune").stderr
    assert hint not in call_plain("run", articles, "-o", study).stderr


def test_only_one_file_is_never_a_reason_to_drop_the_others(articles: Path, study: Path) -> None:
    result = call_plain("run", articles, "--only", articles / "a.txt", "--prune", "-o", study)
    assert (result.exit_code, study.exists()) == (2, False)
    assert "would drop all but one file" in result.stderr


@pytest.mark.parametrize(
    ("options", "expected"),
    [([], rb"\x1b\["), (["--quiet"], rb"\A\Z"), (["--json-progress"], rb"\A(\{[^\x1b]*\}\s+)+\Z")],
    ids=["bar", "quiet", "json"],
)
@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals")
def test_on_a_terminal_there_is_a_bar(
    articles: Path, study: Path, options: list[str], expected: bytes
) -> None:
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "lunheng", "run", str(articles), "-o", str(study), *options]
    environment = {**os.environ, "TERM": "xterm", "PYTHONWARNINGS": "error"}
    process = subprocess.Popen([*command, *STAGE_OPTIONS], stderr=theirs, env=environment)
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):  # the end, on Linux
        while part := os.read(ours, 65536):
            said += part
    os.close(ours)
    assert process.wait() == 0, said
    assert re.search(expected, said), said


def test_in_a_pipe_progress_is_plain_lines(articles: Path, study: Path) -> None:
    script = (
        "from lunheng.cli import watching, main\nwatching.EVERY = 0\n"
        f"main(['--lang', 'en', 'run', {str(articles)!r}, '-o', {str(study)!r},"
        f" *{STAGE_OPTIONS!r}])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert re.search(rb"^2/2 files \S+ 2 documents \S+ 0\.0 MB \S+ [\d.]+ MB/s", ran.stderr, re.M)
    assert b"\x1b" not in ran.stderr
    assert ran.stdout == b""


def test_failed_documents_make_exit_code_1_and_retry_does_them_again(
    articles: Path, study: Path
) -> None:
    (articles / "c.txt").write_bytes(b"\xff")
    assert call_plain("run", articles, "-o", study).exit_code == 1
    assert call_plain("run", articles, "-o", study).exit_code == 1
    (articles / "c.txt").write_text("丙支持换电\n", "utf-8")
    retried = call("retry", str(study))
    assert retried.exit_code == 0, retried.output
    assert "1 document analysed, 2 files unchanged" in retried.stderr
    assert dump(study)["failures"] == []


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["run"], "Missing argument"),
        (["run", "no-such-path"], "found nothing at 'no-such-path'"),
        (["report", "study", "--to", "nobody"], "study is not a study"),
        (["plugins", "list", "--plugin-dir", "no-such-folder"], "none at no-such-folder"),
        (["run", __file__, "--set", "x=1"], "--set x=1: expected stages.<kind>"),
        (["run", __file__, "--set", "plugins.plain.x=1"], "found 'x'"),
        (["run", __file__, "--set", "plugins.nobody.x=1"], "installed plugin"),
        (["run", __file__, "--config", "no.toml"], "no.toml cannot be read"),
        (["run", __file__, "--jobs", "0"], "--jobs"),
        (["run", __file__, "-o", __file__], "is a file, not a folder"),
        (["report", "no-such-study"], "no-such-study is not a study"),
        (["report", str(Path(__file__).parent)], "is not a study"),
        (["retry", "no-such-study"], "no-such-study is not a study"),
    ],
)
def test_wrong_use_is_exit_code_2_and_one_message(
    args: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = call_plain(*args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_standard_input_is_a_file(study: Path) -> None:
    result = call_plain("run", "-", "-o", study, input="甲支持新能源".encode())
    assert result.exit_code == 0, result.output
    assert dump(study)["sources"][0]["path"] == "-"


def test_one_report_that_fails_does_not_stop_the_others(articles: Path, study: Path) -> None:
    call_plain("run", articles, "-o", study)
    result = call_plain("report", study, "--to", "unwritable", "--to", "plain", "--lang", "zh")
    assert result.exit_code == 1
    path = study / "reports" / "counts.zh.txt"
    assert result.stdout == f"{path}\n"
    assert path.read_text("utf-8") == "documents 2\nstances 1\n"
    assert "No space left on device" in result.stderr


def test_debug_prints_the_records_of_every_stage(articles: Path, study: Path) -> None:
    result = call_plain("run", "--only", articles / "b.txt", "--debug", "-o", study)
    assert result.exit_code == 0, result.output
    assert "## entities.plain\nmention\tMention(start=6, end=10, text='Acme'" in result.stdout
    assert "a.txt" not in result.stdout
    assert not study.exists()
    nothing = call_plain("run", "--debug")
    assert (nothing.exit_code, "Missing argument 'PATHS...'" in nothing.stderr) == (2, True)


@pytest.mark.skipif(os.name == "nt", reason="sends the signal of Ctrl-C")
def test_ctrl_c_saves_and_prints_the_command_to_go_on(tmp_path: Path, study: Path) -> None:
    texts = {f"a{n:04}_txt": f"甲支持第{n}种方案。" + "第二天没有消息。" * 60 for n in range(800)}
    folder = write(tmp_path / "in", **texts)
    command = [
        sys.executable,
        "-m",
        "lunheng",
        "--lang",
        "en",
        "run",
        str(folder),
        "-o",
        str(study),
    ]
    # A shell starts what it runs in the background with the signal ignored, which is inherited.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [*command, *PLAIN_OPTIONS, "--jobs", "2"],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    signal.signal(signal.SIGINT, before)
    while not (study / "study.db").exists() or _stored(study) < 5:
        time.sleep(0.02)
        assert process.poll() is None, "it ended before it could be interrupted"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert f"To go on: lunheng --lang en run {folder}" in said
    assert "Traceback" not in said
    stored = _stored(study)
    assert 5 <= stored < len(texts)
    subprocess.run([*command, *PLAIN_OPTIONS, "--quiet"], check=True)
    assert _stored(study) == len(texts)


def _stored(study: Path) -> int:
    """Return how many documents a study holds at this instant."""
    with Study.open(study) as opened:
        return opened.count("documents")
