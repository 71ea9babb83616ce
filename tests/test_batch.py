"""Batches: what is stored, what is done again, and what is left as it is."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lunheng import database, planning
from lunheng.errors import StudyError, UsageError
from lunheng.inputs import InputFile
from lunheng.pipeline import ANALYSIS_KINDS
from lunheng.study import Study
from studies import Notes, analyse, dump, write

INTERVIEW = "O(shè)penAI 的下一步\n主持人：您支持开源吗？\n林若海：我支持开源。他说“也许不错”。\n"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    lines = "甲|我支持换电\n乙|我不知道\n甲|我支持换电\n"
    return write(tmp_path / "articles", a_txt=INTERVIEW, b_lines=lines, c_txt="Acme 支持快充。\n")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return tmp_path / "study"


def test_a_study_holds_every_record_at_its_place(articles: Path, study: Path) -> None:
    summary = analyse([articles], study)
    tables = dump(study)
    assert (summary.files, summary.analysed, summary.failures) == (3, 5, 0)
    assert [Path(row["path"]).name for row in tables["sources"]] == ["a.txt"] + ["b.lines"] * 3 + [
        "c.txt"
    ]
    assert len(tables["documents"]) == 4, "the repeated line is one document"
    first = tables["documents"][0]
    assert first["text"] == INTERVIEW.replace("(shè)", "")
    assert first["source"] == INTERVIEW
    repair = tables["repairs"][0]
    assert (repair["before"], repair["after"], repair["cleaner"]) == ("(shè)", "", "plain")
    mention = tables["mentions"][0]
    assert INTERVIEW[mention["source_start"] : mention["source_end"]] == "O(shè)penAI"
    assert mention["value"] == {"letters": 6}
    assert [turn["speaker"] for turn in tables["turns"]] == ["主持人", "林若海"]
    for stance in tables["stances"]:
        text = next(d["text"] for d in tables["documents"] if d["doc_id"] == stance["doc_id"])
        assert text[stance["start_char"] : stance["end_char"]] == stance["evidence"]
    assert [row["holder"] for row in tables["stances"]].count("甲") == 1
    assert first["abstained"] == 1


def test_a_second_run_does_nothing_and_changes_nothing(articles: Path, study: Path) -> None:
    analyse([articles], study)
    before = dump(study)
    again = analyse([articles], study)
    assert (again.analysed, again.unchanged) == (0, 3)
    assert dump(study) == before


def test_the_manifest_tells_what_each_stage_and_phase_cost(articles: Path, study: Path) -> None:
    local = ("stages.engines=local", "plugins.local.jobs=1")
    analyse([articles], study, *local)
    with Study.open(study) as opened:
        manifest = opened.manifest
    seconds = manifest["seconds"]
    assert manifest["bytes"] == sum(path.stat().st_size for path in articles.iterdir())
    stages = [name for name in seconds if "." in name]
    assert stages == [f"{kind}.plain" for kind in sorted(ANALYSIS_KINDS)]
    assert all(number >= 0 for number in seconds.values())
    assert sum(seconds[name] for name in stages) <= seconds["analysis"] + 0.01
    assert {"storing", "linking", "indexing", "elapsed"} < set(seconds)
    analyse([articles], study, *local)
    with Study.open(study) as opened:
        assert (opened.manifest["bytes"], "analysis" in opened.manifest["seconds"]) == (0, False)


def test_two_studies_of_the_same_files_are_equal(articles: Path, tmp_path: Path) -> None:
    analyse([articles], tmp_path / "one")
    analyse([articles], tmp_path / "two", "stages.engines=local", "plugins.local.jobs=2")
    assert dump(tmp_path / "one") == dump(tmp_path / "two")


def test_a_clean_end_leaves_one_database_file(articles: Path, study: Path) -> None:
    analyse([articles], study)
    assert {path.name for path in study.iterdir()} <= {"study.db", "run.lock", "index"}
    with closing(sqlite3.connect(study / "study.db")) as connection, connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


@pytest.mark.parametrize("change", ["edit", "add", "append", "rename", "remove"])
def test_after_a_change_the_study_equals_a_fresh_one(
    articles: Path, study: Path, tmp_path: Path, change: str
) -> None:
    analyse([articles], study)
    expected = 1
    if change == "edit":
        (articles / "a.txt").write_text("甲支持新能源。\n", "utf-8")
    elif change == "add":
        (articles / "aa.txt").write_text("乙支持新能源。\n", "utf-8")
    elif change == "append":
        with (articles / "b.lines").open("a", encoding="utf-8") as stream:
            stream.write("丙|我支持太阳能\n")
    elif change == "rename":
        (articles / "a.txt").rename(articles / "z.txt")
        expected = 0
    else:
        (articles / "b.lines").unlink()
        expected = 0
    summary = analyse([articles], study, prune=True)
    assert summary.analysed == expected
    analyse([articles], tmp_path / "fresh")
    assert dump(study) == dump(tmp_path / "fresh")


def test_without_prune_what_is_gone_stays(articles: Path, study: Path) -> None:
    analyse([articles], study)
    (articles / "a.txt").unlink()
    analyse([articles], study)
    assert len(dump(study)["files"]) == 3


def test_a_repost_with_another_author_is_named_by_the_first_file(
    tmp_path: Path, study: Path
) -> None:
    articles = write(tmp_path / "in", m_lines="甲|我支持换电\n")
    analyse([articles], study)
    write(articles, a_lines="乙|我支持换电\n")
    analyse([articles], study)
    assert [row["holder"] for row in dump(study)["stances"]] == ["乙"]
    (articles / "a.lines").unlink()
    analyse([articles], study, prune=True)
    assert [row["holder"] for row in dump(study)["stances"]] == ["甲"]
    analyse([articles], tmp_path / "fresh")
    assert dump(study) == dump(tmp_path / "fresh")


def test_a_changed_option_redoes_what_depends_on_it_and_says_so(
    articles: Path, study: Path, tmp_path: Path
) -> None:
    analyse([articles], study)
    notes = Notes()
    summary = analyse([articles], study, "plugins.stance.plain.word=知道", notes=notes)
    assert summary.analysed == 5
    assert notes.about("changed") == [{"what": "stance.plain"}]
    analyse([articles], tmp_path / "fresh", "plugins.stance.plain.word=知道")
    assert dump(study) == dump(tmp_path / "fresh")


def test_fresh_does_everything_again(articles: Path, study: Path) -> None:
    analyse([articles], study)
    assert analyse([articles], study, fresh=True).analysed == 5


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("empty.txt", b"", "expected text, found none"),
        ("binary.txt", bytes(range(256)), "expected UTF-8, found 0x80"),
        ("wrong.txt", "支持".encode("gb18030"), "expected UTF-8, found 0xb3"),
        ("blank.lines", b"|  \n", "expected text, found none in record 1"),
    ],
)
def test_a_bad_file_is_a_recorded_failure(
    articles: Path, study: Path, name: str, data: bytes, message: str
) -> None:
    (articles / name).write_bytes(data)
    summary = analyse([articles], study)
    assert summary.failures == 1
    failure = dump(study)["failures"][0]
    assert (Path(failure["path"]).name, failure["stage"]) == (name, "readers")
    assert failure["message"] == message
    assert analyse([articles], study).analysed == 0
    assert dump(study)["failures"] == [failure]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a file it may not read")
def test_an_unreadable_file_is_a_recorded_failure(articles: Path, study: Path) -> None:
    (articles / "a.txt").chmod(0)
    analyse([articles], study)
    assert "Permission denied" in dump(study)["failures"][0]["message"]


def test_links_that_loop_and_links_to_nothing_are_recorded(articles: Path, study: Path) -> None:
    (articles / "loop.txt").symlink_to("loop.txt")
    (articles / "gone.txt").symlink_to("nowhere.txt")
    (articles / "up").symlink_to(articles, target_is_directory=True)
    summary = analyse([articles], study)
    assert (summary.files, summary.failures) == (3, 2)


def test_a_file_that_goes_away_before_it_is_read_is_recorded(articles: Path, study: Path) -> None:
    class Remover(Notes):
        def begin(self, n_files: int, n_bytes: int) -> None:
            (articles / "c.txt").unlink()

    summary = analyse([articles], study, notes=Remover())
    assert summary.failures == 1
    assert dump(study)["failures"][0]["message"] == "cannot be read: No such file or directory"


@pytest.mark.parametrize("change", ["other", "shorter", "gone"])
def test_a_file_that_changes_while_it_is_read_is_what_was_read(
    articles: Path, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """It changes after the parent has looked at it and before a worker reads it."""
    look = planning._digest

    def look_and_change(file: InputFile, data: bytes | None) -> tuple[str, bytes]:
        looked = look(file, data)
        if file.path.endswith("a.txt"):
            texts = {"other": "乙支持新能源\n", "shorter": INTERVIEW[:40]}
            path = Path(file.file)
            path.unlink() if change == "gone" else path.write_text(texts[change], "utf-8")
        return looked

    monkeypatch.setattr(planning, "_digest", look_and_change)
    summary = analyse([articles], study)
    monkeypatch.undo()
    if change == "gone":
        (failure,) = dump(study)["failures"]
        assert failure["message"] == "cannot be read: No such file or directory"
        analyse([articles], study, prune=True)
    else:
        assert summary.failures == 0
        assert analyse([articles], study).analysed == 0
    analyse([articles], tmp_path / "fresh")
    assert dump(study) == dump(tmp_path / "fresh")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="paths are shorter there")
def test_a_file_very_deep_down_is_found(tmp_path: Path, study: Path) -> None:
    deep = tmp_path / "in"
    deep.mkdir()
    for _ in range(1200):
        deep = deep / "d"
        deep.mkdir()
    (deep / "a.txt").write_text("甲支持新能源\n", "utf-8")
    try:
        assert analyse([tmp_path / "in"], study).analysed == 1
    finally:
        (deep / "a.txt").unlink()
        while deep != tmp_path:  # what removes the temporary folder descends by recursion
            deep.rmdir()
            deep = deep.parent


def test_lone_surrogates_are_replaced_and_noted(tmp_path: Path, study: Path) -> None:
    articles = write(tmp_path / "in", a_txt="我支持\ud83d开源\n")
    analyse([articles], study)
    tables = dump(study)
    assert tables["documents"][0]["source"] == "我支持\ufffd开源\n"
    repair = tables["repairs"][0]
    assert (repair["before"], repair["cleaner"]) == ("\\ud83d", "surrogates")
    assert (repair["source_start"], repair["source_end"]) == (3, 4)


def test_odd_names_are_kept_readable(tmp_path: Path, study: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "新 闻\n1.txt").write_text("甲支持新能源\n", "utf-8")
    try:
        Path(os.fsdecode(bytes(folder) + b"/\xff.txt")).write_text("乙支持新能源\n", "utf-8")
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    summary = analyse([folder], study)
    assert (summary.documents, summary.failures) == (2, 0)
    assert [Path(row["path"]).name for row in dump(study)["sources"]] == [
        "\\xff.txt",
        "新 闻\n1.txt",
    ]


def test_files_that_no_reader_is_for_are_counted(articles: Path, study: Path) -> None:
    (articles / "picture.jpg").write_bytes(b"\xff\xd8")
    (articles / ".hidden.txt").write_text("隐藏", "utf-8")
    notes = Notes()
    assert analyse([articles], study, notes=notes).files == 3
    assert notes.about("passed_over") == [{"suffix": ".jpg", "number": 1}]


def test_a_missing_path_is_wrong_use_and_leaves_no_study(tmp_path: Path, study: Path) -> None:
    with pytest.raises(UsageError, match="found nothing at"):
        analyse([tmp_path / "nowhere"], study)
    assert not study.exists()


@pytest.mark.parametrize("kind", ["file", "folder", "database", "garbage"])
def test_a_place_that_is_no_study_is_refused_and_left_alone(
    articles: Path, study: Path, kind: str
) -> None:
    if kind == "file":
        study.write_text("mine", "utf-8")
    else:
        study.mkdir()
        if kind == "folder":
            (study / "thesis.doc").write_text("mine", "utf-8")
        elif kind == "garbage":
            (study / "study.db").write_text("mine" * 1000, "utf-8")
        else:
            connection = sqlite3.connect(study / "study.db")
            connection.execute("CREATE TABLE mine (a)")
            connection.close()
    before = {path: path.read_bytes() for path in study.rglob("*")} if study.is_dir() else {}
    with pytest.raises(StudyError):
        analyse([articles], study)
    after = {path: path.read_bytes() for path in before}
    assert before == after


def test_a_study_in_use_is_refused(articles: Path, study: Path) -> None:
    class Second(Notes):
        def begin(self, n_files: int, n_bytes: int) -> None:
            with pytest.raises(StudyError, match="in use"):
                analyse([articles], study)

    analyse([articles], study, notes=Second())


def test_a_reader_of_the_study_sees_it_while_it_is_written(articles: Path, study: Path) -> None:
    analyse([articles], study)
    with Study.open(study) as opened:
        analyse([articles], study, fresh=True)
        assert opened.count("documents") == 4


def test_a_full_disk_is_one_message_and_loses_nothing_that_was_saved(
    tmp_path: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {f"a{n:03}_txt": f"甲支持第{n}种方案。" * 60 for n in range(60)}
    articles = write(tmp_path / "in", **texts)
    real = database.connect

    def cramped(folder: Path) -> sqlite3.Connection:
        connection = real(folder)
        connection.execute("PRAGMA max_page_count = 90")
        return connection

    monkeypatch.setattr(database, "COMMIT_SECONDS", 0.0)
    monkeypatch.setattr(database, "connect", cramped)
    with pytest.raises(StudyError, match="database or disk is full"):
        analyse([articles], study)
    monkeypatch.setattr(database, "connect", real)
    with Study.open(study) as opened:
        saved = opened.count("documents")
    assert 0 < saved < 60
    assert analyse([articles], study).analysed == 60 - saved
    analyse([articles], tmp_path / "fresh")
    assert dump(study) == dump(tmp_path / "fresh")


@pytest.mark.slow
def test_one_line_of_50_megabytes_is_a_document(tmp_path: Path, study: Path) -> None:
    line = "林若海认为开源更好，而陈牧并不同意 Acme 的路线。"
    articles = write(tmp_path / "in", a_txt=line * (50_000_000 // len(line.encode())))
    summary = analyse([articles], study, "stages.engines=local", "plugins.local.jobs=1")
    assert (summary.documents, summary.failures) == (1, 0)
    assert summary.counts["mentions"] == 50_000_000 // len(line.encode())
