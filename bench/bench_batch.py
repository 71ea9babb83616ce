"""Whole runs: what each stage and phase costs, how two workers share it, how memory grows.

``LUNHENG_BENCH_MB`` says how many megabytes of articles are analysed (default 2).
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from articles import MEGA, write_articles
from lunheng.batch import Options, run
from lunheng.config import Config
from lunheng.study import Study

MEGABYTES = float(os.environ.get("LUNHENG_BENCH_MB", "2"))
LIGHT = ("stages.entities=[]", "stages.quotes=[]", "stages.stance=[]")


class Silent:
    """An observer that only counts bytes."""

    n_bytes = 0

    def begin(self, n_files: int, n_bytes: int) -> None: ...

    def note(self, key: str, /, **fields: object) -> None: ...

    def skip(self, n_bytes: int) -> None: ...

    def advance(self, n_files: int, n_bytes: int, n_documents: int, n_failures: int) -> None:
        self.n_bytes += n_bytes


class Memory(threading.Thread):
    """Samples (megabytes done, memory of the parent, largest memory of a worker), in MB.

    ``after`` is the most that the parent holds once the workers are gone: while it links and
    indexes.
    """

    def __init__(self, observer: Silent) -> None:
        super().__init__(daemon=True)
        self.observer = observer
        self.samples: list[tuple[float, float, float]] = []
        self.after = 0.0
        self.done = threading.Event()

    def run(self) -> None:
        me = psutil.Process()
        while not self.done.wait(0.25):
            held = me.memory_info().rss / MEGA
            try:
                workers = [child.memory_info().rss / MEGA for child in me.children()]
            except psutil.NoSuchProcess:
                continue
            if workers and self.observer.n_bytes:
                self.samples.append((self.observer.n_bytes / MEGA, held, max(workers)))
            elif self.samples:
                self.after = max(self.after, held)

    def slopes(self) -> dict[str, float]:
        """Return how many MB of memory each further GB of input takes, after the first third."""
        points = np.array(self.samples)
        points = points[points[:, 0] > points[-1, 0] / 3]
        return {
            name: round(float(np.polyfit(points[:, 0], points[:, column], 1)[0]) * 1000, 1)
            for column, name in ((1, "parent_mb_per_gb"), (2, "worker_mb_per_gb"))
        }


def analyse(articles: Path, study: Path, *assignments: str) -> tuple[dict[str, float], Memory]:
    """Run an analysis; return the manifest's seconds with the parent's, and the memory."""
    observer = Silent()
    memory = Memory(observer)
    memory.start()
    begun = time.process_time()
    config = Config.load(None, {}, assignments)
    summary = run([str(articles)], study, config, Options(), observer)
    seconds = {"parent": time.process_time() - begun}
    memory.done.set()
    memory.join()
    assert summary.failures == 0
    assert summary.documents == len(list(articles.rglob("*.txt")))
    with Study.open(study) as opened:
        return {**opened.manifest["seconds"], **seconds}, memory


@contextmanager
def on_cores(number: int) -> Iterator[None]:
    """Keep this process and its workers to the first cores of those that it may use."""
    me = psutil.Process()
    cores = me.cpu_affinity()
    if len(cores) < 2:
        pytest.skip("expected two cores, found one")
    me.cpu_affinity(cores[:number])
    try:
        yield
    finally:
        me.cpu_affinity(cores)


@pytest.mark.skipif(not hasattr(psutil.Process, "cpu_affinity"), reason="cores cannot be chosen")
@pytest.mark.benchmark(group="run")
def test_a_run(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """One worker on one core, one worker on two (the parent has the other), two workers on two.

    The ratios are of seconds on the clock, start-up left out.
    """
    articles = write_articles(tmp_path / "in", MEGABYTES)

    def seconds(cores: int, jobs: int) -> dict[str, float]:
        with on_cores(cores):
            study = tmp_path / f"{cores}-{jobs}"
            return analyse(articles, study, f"plugins.local.jobs={jobs}")[0]

    one, mixed = seconds(1, 1), seconds(2, 1)
    two = benchmark.pedantic(lambda: seconds(2, 2), rounds=1)
    benchmark.extra_info["megabytes"] = MEGABYTES
    benchmark.extra_info["mb_per_core_second"] = round(MEGABYTES / two["analysis"], 3)
    benchmark.extra_info["two_cores_to_one"] = round(one["elapsed"] / two["elapsed"], 3)
    benchmark.extra_info["two_workers_to_one"] = round(mixed["elapsed"] / two["elapsed"], 3)
    for name, spent in (("one", one), ("one worker", mixed), ("two", two)):
        benchmark.extra_info[name] = {key: round(value, 2) for key, value in spent.items()}


@pytest.mark.parametrize("stages", [(), LIGHT], ids=["default", "light"])
@pytest.mark.benchmark(group="memory")
def test_memory(benchmark: BenchmarkFixture, tmp_path: Path, stages: tuple[str, ...]) -> None:
    """``light`` leaves entities, quotes and stance out: a gigabyte is then no day's work."""
    articles = write_articles(tmp_path / "in", MEGABYTES)
    _, memory = benchmark.pedantic(
        lambda: analyse(articles, tmp_path / "study", "plugins.local.jobs=2", *stages), rounds=1
    )
    benchmark.extra_info.update(memory.slopes())
    benchmark.extra_info["peak_mb"] = {
        "parent": round(max(sample[1] for sample in memory.samples)),
        "worker": round(max(sample[2] for sample in memory.samples)),
        "parent_after": round(memory.after),
    }
