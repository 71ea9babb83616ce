"""A killed writer loses nothing acknowledged; damaged files are named, never believed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lunheng.errors import NgramIndexError, UsageError
from lunheng.index import NgramIndex

NURSERY = """
import os, random, sys
from lunheng.index import NgramIndex
for line in sys.stdin:
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        print(flush=True)
        print("dead", flush=True)
        continue
    print(os.getpid(), flush=True)
    index = NgramIndex.open(sys.argv[1])
    generator = random.Random(int(line))
    while True:
        for _ in range(generator.randrange(1, 4)):
            index.add("模型" * generator.randrange(1, 2000))
        generation = index.commit()
        print(generation, len(index), index.count("模型"), flush=True)
"""


def kill_writers(folder: Path, trials: int) -> None:
    """Kill writers at random instants; after each, the index holds all they acknowledged."""
    generator = random.Random(trials)
    NgramIndex.create(folder).close()
    with subprocess.Popen(
        [sys.executable, "-c", NURSERY, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        acknowledged = [0, 0, 0]
        for trial in range(trials):
            print(trial, file=nursery.stdin, flush=True)
            writer = int(nursery.stdout.readline())
            time.sleep(generator.random() * 0.15)
            os.kill(writer, signal.SIGKILL)
            for line in iter(nursery.stdout.readline, "dead\n"):
                if len(line.split()) == 3:
                    acknowledged = [int(word) for word in line.split()]
            index = NgramIndex.open(folder)
            index.check()
            generation, documents, count = acknowledged
            assert index.generation in (generation, generation + 1)
            assert len(index) >= documents
            assert index.count("模型") >= count
            assert len(index.docs("模型")) == len(index)
            acknowledged = [index.generation, len(index), index.count("模型")]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_kill_loses_no_acknowledged_commit(tmp_path: Path) -> None:
    kill_writers(tmp_path / "index", 20)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_five_hundred_kills(tmp_path: Path) -> None:
    kill_writers(tmp_path / "index", 500)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    generator = random.Random(3)
    with NgramIndex.create(tmp_path / "index") as index:
        for _ in range(40):
            index.add("".join(generator.choices("大模型开源与闭源之争，", k=400)), year=2020)
    return tmp_path / "index"


def everything(folder: Path) -> object:
    index = NgramIndex.open(folder)
    return (
        [index.positions(phrase)[1].tolist() for phrase in ("大", "模型", "开源与", "无")],
        [index.text(key) for key in range(len(index))],
        index.fields(3),
    )


def everything_or_error(folder: Path) -> object:
    try:
        return everything(folder)
    except NgramIndexError as error:
        return str(error)


def test_a_flipped_bit_is_an_error_or_changes_no_answer(folder: Path) -> None:
    expected = everything(folder)
    segment = next(folder.glob("*.seg"))
    whole = segment.read_bytes()
    generator = random.Random(8)
    refused = 0
    for _ in range(120):
        damaged = bytearray(whole)
        damaged[generator.randrange(len(whole))] ^= 1 << generator.randrange(8)
        segment.write_bytes(damaged)
        answer = everything_or_error(folder)
        if isinstance(answer, str):
            refused += segment.name in answer
        else:
            assert answer == expected
        with pytest.raises(NgramIndexError, match=r"\.seg is damaged"):
            NgramIndex.open(folder).check()
    assert refused > 100


@pytest.mark.parametrize("kept", [0, 1, 100, 5000])
def test_a_truncated_segment_is_refused(folder: Path, kept: int) -> None:
    segment = next(folder.glob("*.seg"))
    segment.write_bytes(segment.read_bytes()[:kept])
    with pytest.raises(NgramIndexError, match=r"\.seg"):
        NgramIndex.open(folder)


def test_a_missing_segment_is_named(folder: Path) -> None:
    next(folder.glob("*.seg")).unlink()
    with pytest.raises(NgramIndexError, match=r"\.seg is missing"):
        NgramIndex.open(folder)


def test_damaged_marks_are_refused(folder: Path) -> None:
    with NgramIndex.open(folder) as index:
        index.delete(2)
    marks = next(folder.glob("*.del"))
    marks.write_bytes(marks.read_bytes()[:-1] + b"\xff")
    with pytest.raises(NgramIndexError, match=r"\.del is damaged"):
        NgramIndex.open(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not the manifest"),
        (b"something else\n{}", "is not the manifest"),
        (b"lunheng-index 9 0\n{}", "expected index format 2, found 9; build the index again"),
        (b"lunheng-index 2 0123456789abcdef\n{}", "is damaged"),
    ],
)
def test_a_foreign_manifest_is_refused(folder: Path, content: bytes, message: str) -> None:
    (folder / "manifest").write_bytes(content)
    with pytest.raises(NgramIndexError, match=message):
        NgramIndex.open(folder)


def test_a_folder_without_index_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no index: it has no file 'manifest'"):
        NgramIndex.open(tmp_path)
    with pytest.raises(UsageError, match="is no index: there is no such folder"):
        NgramIndex.open(tmp_path / "nowhere")


def test_a_full_disk_leaves_the_commit_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = NgramIndex.open(folder)
    index.add("新文章")

    def full(self: object, data: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lunheng.index.segment_writing.SegmentWriter._write", full)
    with pytest.raises(NgramIndexError, match="No space left"):
        index.commit()
    monkeypatch.undo()
    assert len(index) == 40
    index.add("再来一篇新文章")
    index.commit()
    index.close()
    assert NgramIndex.open(folder).count("新文章") == 1
