"""What is asked of engines on clusters, whichever cluster it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from studies import Notes, analyse, dump, write

TROUBLE = "stages.entities=plain,trouble"


class Interrupter(Notes):
    """An observer that does something once, when some documents are stored."""

    def __init__(self, after: int, deed: Callable[[], object]) -> None:
        super().__init__()
        self.left = after
        self.deed = deed

    def advance(self, n_files: int, n_bytes: int, n_documents: int, n_failures: int) -> None:
        super().advance(n_files, n_bytes, n_documents, n_failures)
        self.left -= n_documents
        if self.left <= 0:
            self.left = 10**9
            self.deed()


def check_equal_though_killed(folder: Path, kill: Callable[[], object], *engine: str) -> None:
    """Check that a study equals the serial engine's though a worker is killed half-way."""
    texts = {f"a{n:02}_txt": f"甲支持第{n}种方案(fāng)。\n" * (1 + n % 7) for n in range(40)}
    lines = "".join(f"甲|我支持第{n}条\n" for n in range(30))
    articles = write(folder / "in", **texts, b_lines=lines)
    watching = Interrupter(8, kill)
    analyse([articles], folder / "here", TROUBLE)
    summary = analyse([articles], folder / "there", TROUBLE, *engine, notes=watching)
    assert watching.left > 10**8, "the worker was killed"
    assert (summary.failures, summary.analysed) == (0, 70)
    assert dump(folder / "there") == dump(folder / "here")


def check_poison(folder: Path, *engine: str) -> None:
    """Check that a crash and a hang cost one stage of one document, as with the local engine."""
    texts = {f"a{n}_txt": f"甲支持第{n}种方案。\n" for n in range(6)}
    texts |= {"a2b_txt": "乙支持快充。TROUBLE-crash\n", "a4b_txt": "丙支持换电。TROUBLE-spin\n"}
    articles, notes = write(folder / "in", **texts), Notes()
    local = ("stages.engines=local", "plugins.local.jobs=2", "plugins.local.seconds=2")
    analyse([articles], folder / "here", TROUBLE, *local)
    analyse([articles], folder / "there", TROUBLE, *engine, notes=notes)
    assert dump(folder / "there") == dump(folder / "here")
    assert sorted(str(note["reason"]).partition(":")[0] for note in notes.about("worker_lost")) == [
        "died",
        "time",
    ]


def of_one_worker(item: tuple[Path, int]) -> Iterator[int]:
    """Yield who asked: the process whose child this is; the first to come is slow."""
    import os

    place, _ = item
    asking = os.getppid()
    try:
        with place.open("x", encoding="ascii") as file:
            file.write(str(asking))
    except FileExistsError:
        pass
    if place.read_text("ascii") == str(asking):
        time.sleep(0.3)
    yield asking


def check_slow_node(engine: Any, folder: Path) -> None:
    """Check that all is done and that a slow worker does the smaller part of it."""
    items = [(folder / "slow", number) for number in range(40)]
    done = list(engine.map(of_one_worker, items))
    assert sorted(item for item, _ in done) == items
    slow = int((folder / "slow").read_text("ascii"))
    assert [worker for _, worker in done].count(slow) < len(items) / 2
