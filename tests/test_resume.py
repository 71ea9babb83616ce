"""A run that is killed at any instant loses nothing that matters: the same command goes on."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import psutil
import pytest

from lunheng.study import Study
from studies import analyse, dump, write

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills and forks")

LOCAL = ("stages.engines=local", "plugins.local.jobs=2", "plugins.local.start=fork")


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    texts = {f"a{n:02}_txt": f"甲支持第{n}种方案(fāng)。\n" * (1 + n % 7) for n in range(12)}
    lines = "".join(f"甲|我支持第{n}条\n" for n in range(120))
    return write(tmp_path / "in", **texts, b_lines=lines)


def in_a_child(function: Callable[[], object]) -> int:
    """Start a function in a forked process that leads its own group; return its id."""
    process = get_context("fork").Process(target=lambda: (os.setsid(), function()))
    process.start()
    assert process.pid is not None
    return process.pid


def kill(pid: int) -> None:
    """Kill a process, and that alone; its workers must end by themselves."""
    workers = psutil.Process(pid).children()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    _, alive = psutil.wait_procs(workers, timeout=5)
    assert not alive, "a worker outlived its parent"


def check_kills(articles: Path, folder: Path, trials: int, seed: int) -> None:
    """Kill runs at random instants and check that a second run makes the study whole.

    Every other kill waits for a random number of stored documents rather than for a random time,
    so that the instants fall while documents are written, however fast the machine is.
    """
    analyse([articles], folder / "warm", *LOCAL)
    begun = time.monotonic()
    analyse([articles], folder / "expected", *LOCAL)
    whole = time.monotonic() - begun
    expected = dump(folder / "expected")
    chance = random.Random(seed)
    halfway = 0
    for trial in range(trials):
        study = folder / f"study{trial}"
        pid = in_a_child(lambda study=study: analyse([articles], study, *LOCAL))  # type: ignore[misc]
        if trial % 2:
            wait_for_documents(study, chance.randrange(1, len(expected["documents"]) // 2))
        else:
            time.sleep(chance.uniform(0, whole * 1.2))
        kill(pid)
        stored = stored_documents(study)
        halfway += 0 < stored < len(expected["documents"])
        summary = analyse([articles], study, *LOCAL)
        assert summary.failures == 0
        assert summary.analysed <= len(expected["sources"]) - stored
        assert dump(study) == expected
    assert halfway >= trials // 4, "few runs were killed half-way: the instants are badly chosen"


def stored_documents(study: Path) -> int:
    """Return how many documents survived, checking the database's integrity."""
    if not (study / "study.db").exists():
        return 0
    with closing(sqlite3.connect(study / "study.db")) as connection, connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    with Study.open(study) as opened:
        return opened.count("documents")


def wait_for_documents(study: Path, number: int) -> None:
    """Return when a study that is being written holds so many documents."""
    while not study.exists() or stored_documents(study) < number:
        time.sleep(0.005)


@pytest.fixture(autouse=True)
def commit_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every step be committed, so that kills find the study in every state it can be in."""
    monkeypatch.setattr("lunheng.database.COMMIT_SECONDS", 0.0)


def test_killed_runs_go_on(articles: Path, tmp_path: Path) -> None:
    check_kills(articles, tmp_path, trials=20, seed=4)


@pytest.mark.slow
def test_killed_runs_go_on_at_length(articles: Path, tmp_path: Path) -> None:
    check_kills(articles, tmp_path, trials=200, seed=44)


def test_a_file_that_was_half_done_is_not_done_from_its_start(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_lines="".join(f"甲|我支持第{n}条\n" for n in range(300)))
    study = tmp_path / "study"
    pid = in_a_child(lambda: analyse([folder], study, *LOCAL))
    wait_for_documents(study, 20)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    stored = stored_documents(study)
    assert stored < 300
    assert analyse([folder], study, *LOCAL).analysed == 300 - stored
