"""Texts at URLs that fsspec reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import call_plain
from lunheng.errors import UsageError
from lunheng.study import Study
from studies import analyse, dump, write

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def store() -> Iterator[str]:
    """Make a store in memory and return its URL."""
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    texts = {"a.txt": "甲支持新能源。\n", "deep/b.lines": "甲|我支持换电\n乙|我不知道\n"}
    for name, text in {**texts, ".git/c.txt": "不", "d.exe": "不"}.items():
        memory.pipe(f"/texts/{name}", text.encode())
    yield "memory://texts"
    memory.store.clear()


def test_a_study_of_a_store_equals_that_of_the_files(store: str, tmp_path: Path) -> None:
    summary = analyse([store], tmp_path / "remote")
    assert (summary.files, summary.analysed, summary.failures) == (2, 3, 0)
    folder = write(tmp_path / "in", a_txt="甲支持新能源。\n")
    write(folder / "deep", b_lines="甲|我支持换电\n乙|我不知道\n")
    analyse([folder], tmp_path / "local")
    there, here = dump(tmp_path / "remote"), dump(tmp_path / "local")
    assert [row["path"] for row in there["files"]] == [f"{store}/a.txt", f"{store}/deep/b.lines"]
    assert there["stances"] == here["stances"]
    assert [row["text"] for row in there["documents"]] == [row["text"] for row in here["documents"]]
    with Study.open(tmp_path / "remote") as study:
        assert study.manifest["passed_over"] == {".exe": 1}


def test_only_what_changed_in_a_store_is_read_again(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyse([store], tmp_path / "study")
    fsspec.filesystem("memory").pipe("/texts/a.txt", "甲支持新能源和快充。\n".encode())
    read: list[str] = []
    whole = fsspec.implementations.memory.MemoryFileSystem.cat_file
    monkeypatch.setattr(
        "fsspec.implementations.memory.MemoryFileSystem.cat_file",
        lambda self, path, *rest, **more: read.append(path) or whole(self, path, *rest, **more),
    )
    again = analyse([store], tmp_path / "study")
    assert (again.analysed, again.unchanged) == (1, 1)
    assert read == ["/texts/a.txt"]


def test_workers_read_for_themselves(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", **{f"a{n}_txt": f"甲支持第{n}种方案。\n" for n in range(9)})
    spawned = ("stages.engines=local", "plugins.local.jobs=2", "plugins.local.start=spawn")
    summary = analyse([folder.as_uri()], tmp_path / "study", *spawned)
    assert (summary.files, summary.analysed, summary.failures) == (9, 9, 0)
    assert analyse([folder.as_uri()], tmp_path / "study").unchanged == 9


def test_parquet_is_read_from_a_store(store: str, tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = arrow.table({"text": ["甲支持开源。", "乙反对烧钱。"], "author": ["甲", "乙"]})
    with fsspec.open(f"{store}/t.parquet", "wb") as file:
        parquet.write_table(table, file)
    summary = analyse([f"{store}/t.parquet"], tmp_path / "study", "stages.readers=parquet")
    assert (summary.documents, summary.failures) == (2, 0)
    with Study.open(tmp_path / "study") as study:
        assert [row["author"] for row in study.rows("sources")] == ["甲", "乙"]


def test_what_is_not_there_is_named(store: str, tmp_path: Path) -> None:
    for url, message in (
        (f"{store}/nothing", "found nothing at"),
        ("nowhere://texts", "cannot read nowhere://texts"),
    ):
        with pytest.raises(UsageError, match=message):
            analyse([url], tmp_path / "study")
    assert call_plain("run", f"{store}/nothing", "-o", tmp_path / "study").exit_code == 2


def test_a_file_that_vanishes_is_a_failure(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*arguments: object, **more: object) -> bytes:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr("fsspec.implementations.memory.MemoryFileSystem.cat_file", gone)
    assert analyse([store], tmp_path / "study").failures == 2


def test_a_file_here_is_told_by_its_content(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt="甲支持开源。\n")
    analyse([folder], tmp_path / "study")
    digest = hashlib.blake2b((folder / "a.txt").read_bytes(), digest_size=16).hexdigest()
    assert [row["digest"] for row in dump(tmp_path / "study")["files"]] == [digest]
