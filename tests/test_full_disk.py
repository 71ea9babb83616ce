"""Every write of a run may fail, and Ctrl-C may come at any statement: nothing is half-stored."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import traceback
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from lunheng import database
from lunheng.errors import LunhengError, StudyError
from lunheng.study import Study
from studies import analyse, dump, write

OPTION = "plugins.stance.plain.word=知道"
FULL = sqlite3.OperationalError("database or disk is full")


class Failing:
    """A connection whose statements raise from the n-th on, as on a disk that is full."""

    def __init__(self, connection: sqlite3.Connection, at: int, error: BaseException) -> None:
        self.connection = connection
        self.left = at
        self.error = error

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def execute(self, *args: Any) -> sqlite3.Cursor:
        return self._call(self.connection.execute, args)

    def executemany(self, *args: Any) -> sqlite3.Cursor:
        return self._call(self.connection.executemany, args)

    def _call(self, act: Callable[..., sqlite3.Cursor], args: Sequence[Any]) -> sqlite3.Cursor:
        self.left -= 1
        if self.left == 0:
            raise self.error
        return act(*args)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    lines = "甲|我支持换电\n乙|我知道快充\n甲|我支持换电\n"
    return write(tmp_path / "in", a_txt="丙支持开源，知道闭源。\n", b_lines=lines)


def redo(articles: Path, study: Path, *, at: int, error: BaseException) -> int:
    """Analyse with another option, failing at one statement; return how many were left to go."""
    real = database.connect
    made: list[Failing] = []

    def failing(folder: Path) -> Any:
        made.append(Failing(real(folder), at, error))
        return made[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "connect", failing)
        analyse([articles], study, OPTION)
    return made[0].left


def check_statements(
    articles: Path, folder: Path, error: BaseException, raised: type[BaseException], number: int
) -> None:
    """Let statements of a run fail, each in a study of its own, and then go on with the run."""
    analyse([articles], folder / "before")
    analyse([articles], folder / "expected", OPTION)
    expected = dump(folder / "expected")
    shutil.copytree(folder / "before", folder / "counted")
    statements = 10**9 - redo(articles, folder / "counted", at=10**9, error=error)
    assert statements > 60
    chosen = range(1, statements + 1)
    for at in random.Random(number).sample(chosen, min(number, statements)):
        study = folder / "study"
        shutil.copytree(folder / "before", study)
        with pytest.raises(raised):
            redo(articles, study, at=at, error=error)
        with Study.open(study) as opened:
            assert opened.count("documents") == 3
        analyse([articles], study, OPTION)
        assert dump(study) == expected, f"statement {at}"
        shutil.rmtree(study)


@pytest.mark.parametrize(
    ("error", "raised"), [(FULL, StudyError), (KeyboardInterrupt(), KeyboardInterrupt)]
)
@pytest.mark.parametrize(
    "number", [pytest.param(2, id="some"), pytest.param(10**6, id="all", marks=pytest.mark.slow)]
)
def test_a_statement_that_fails_leaves_a_whole_study(
    articles: Path, tmp_path: Path, error: BaseException, raised: type[BaseException], number: int
) -> None:
    check_statements(articles, tmp_path, error, raised, number)


def limited(limit: int, act: Callable[[], object], said: Path) -> int:
    """Run something in a process that can write no file beyond a size; return how it went.

    0 is done, 1 an error of ours, whose message goes to ``said``, and 2 anything else.
    """
    resource = pytest.importorskip("resource")

    def child() -> None:
        code = 2
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            act()
            code = 0
        except LunhengError as error:
            resource.setrlimit(
                resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            )
            said.write_text(str(error), "utf-8")
            code = 1
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    process = get_context("fork").Process(target=child)
    process.start()
    process.join()
    return process.exitcode or 0


def check_limits(folder: Path, number: int) -> None:
    """Analyse where files cannot grow beyond limits, from none to enough, and then go on."""
    texts = {f"a{n:02}_txt": f"甲支持第{n}种方案，Acme 知道。\n" * 40 for n in range(12)}
    articles = write(folder / "in", **texts)
    analyse([articles], folder / "expected")
    expected = dump(folder / "expected")
    enough = (folder / "expected" / "study.db").stat().st_size * 4
    limits = [enough * n**2 // number**2 for n in range(number + 1)]
    codes = []
    for limit in limits:
        study, said = folder / f"study{limit}", folder / "said"
        codes.append(limited(limit, lambda study=study: analyse([articles], study), said))  # type: ignore[misc]
        if codes[-1] == 1:
            assert str(study) in said.read_text("utf-8")
        analyse([articles], study)
        assert dump(study) == expected, limit
    assert 2 not in codes, list(zip(limits, codes, strict=True))
    assert (codes[0], codes[-1]) == (1, 0)


@pytest.mark.parametrize(
    "number", [pytest.param(2, id="some"), pytest.param(60, id="all", marks=pytest.mark.slow)]
)
@pytest.mark.skipif(os.name == "nt", reason="limits and forks")
def test_a_disk_that_fills_up_is_one_message_and_loses_nothing(tmp_path: Path, number: int) -> None:
    check_limits(tmp_path, number)


@pytest.mark.skipif(os.name == "nt", reason="limits and forks")
def test_a_disk_that_is_full_when_the_index_is_written(articles: Path, tmp_path: Path) -> None:
    study, said = tmp_path / "study", tmp_path / "said"
    (articles / "c.txt").write_text("".join(chr(0x4E00 + n) for n in range(20000)), "utf-8")
    analyse([articles], study)
    before = dump(study)
    shutil.rmtree(study / "index")
    assert limited(60_000, lambda: analyse([articles], study), said) == 1
    assert str(study) in said.read_text("utf-8")
    assert dump(study) == before
    analyse([articles], study)
    with Study.open(study) as opened, opened.index() as index:
        assert len(index) == 4
