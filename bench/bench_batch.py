"""Whole runs: what each stage and phase costs, how two workers share it, how memory grows.

The articles are made of the samples' sentences in random order; ``LUNHENG_BENCH_MB`` says how many
megabytes (default 2). On a busy machine only seconds of CPU time mean anything: from them
``extra_info`` has the ratio that two free cores would give, since workers and the parent run side
by side while linking, indexing and the start do not.
"""

from __future__ import annotations

import os
import random
import re
import threading
import time
from importlib.resources import files
from pathlib import Path

import numpy as np
import psutil
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from lunheng.batch import Options, run
from lunheng.config import Config
from lunheng.study import Study

MEGA = 1_000_000
ARTICLE = 10_000
LIGHT = ("stages.entities=[]", "stages.quotes=[]", "stages.stance=[]")


def corpus(folder: Path, megabytes: float) -> Path:
    """Write articles of about 10 kB, as many as fill the megabytes, and return their folder."""
    samples = files("lunheng_seeds").joinpath("samples")
    paths = sorted(samples.iterdir(), key=lambda entry: entry.name)
    texts = [path.read_text("utf-8") for path in paths if path.name.endswith((".txt", ".md"))]
    sentences = [part for text in texts for part in re.findall("[^。！？\n]+[。！？]", text)]
    chance = random.Random(11)
    folder.mkdir(parents=True)
    for number in range(round(megabytes * MEGA / ARTICLE)):
        parts: list[str] = []
        size = 0
        while size < ARTICLE:
            parts.append(chance.choice(sentences) + chance.choice(("", "", "\n\n")))
            size += len(parts[-1].encode())
        (folder / f"{number:07}.txt").write_text("".join(parts), "utf-8")
    return folder


class Silent:
    """An observer that only counts bytes."""

    n_bytes = 0

    def begin(self, n_files: int, n_bytes: int) -> None: ...

    def note(self, key: str, /, **fields: object) -> None: ...

    def skip(self, n_bytes: int) -> None: ...

    def advance(self, n_files: int, n_bytes: int, n_documents: int, n_failures: int) -> None:
        self.n_bytes += n_bytes


class Memory(threading.Thread):
    """Samples (megabytes done, memory of the parent, largest memory of a worker), in MB."""

    def __init__(self, observer: Silent) -> None:
        super().__init__(daemon=True)
        self.observer = observer
        self.samples: list[tuple[float, float, float]] = []
        self.done = threading.Event()

    def run(self) -> None:
        me = psutil.Process()
        while not self.done.wait(0.25):
            workers = [psutil.Process(child.pid).memory_info().rss for child in me.children()]
            if workers and self.observer.n_bytes:
                held = (me.memory_info().rss / MEGA, max(workers) / MEGA)
                self.samples.append((self.observer.n_bytes / MEGA, *held))

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
    assert summary.documents == len(list(articles.iterdir()))
    with Study.open(study) as opened:
        return {**opened.manifest["seconds"], **seconds}, memory


def two_core_ratio(seconds: dict[str, float]) -> float:
    """Return how much faster two free cores with two workers are than with one worker."""
    alone = seconds["linking"] + seconds["indexing"]
    parent, workers = seconds["parent"] - alone, seconds["analysis"]
    return (alone + max(parent, workers)) / (alone + max(parent, (parent + workers) / 2))


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.benchmark(group="run")
def test_a_run(benchmark: BenchmarkFixture, tmp_path: Path, jobs: int) -> None:
    megabytes = float(os.environ.get("LUNHENG_BENCH_MB", "2"))
    articles = corpus(tmp_path / "in", megabytes)
    seconds, _ = benchmark.pedantic(
        lambda: analyse(articles, tmp_path / "study", f"plugins.local.jobs={jobs}"), rounds=1
    )
    benchmark.extra_info["megabytes"] = megabytes
    benchmark.extra_info["mb_per_core_second"] = round(megabytes / seconds["analysis"], 3)
    benchmark.extra_info["two_core_ratio"] = round(two_core_ratio(seconds), 3)
    benchmark.extra_info["seconds"] = {name: round(value, 2) for name, value in seconds.items()}


@pytest.mark.parametrize("stages", [(), LIGHT], ids=["default", "light"])
@pytest.mark.benchmark(group="memory")
def test_memory(benchmark: BenchmarkFixture, tmp_path: Path, stages: tuple[str, ...]) -> None:
    """``light`` leaves entities, quotes and stance out: a gigabyte is then no day's work."""
    megabytes = float(os.environ.get("LUNHENG_BENCH_MB", "2"))
    articles = corpus(tmp_path / "in", megabytes)
    _, memory = benchmark.pedantic(
        lambda: analyse(articles, tmp_path / "study", "plugins.local.jobs=2", *stages), rounds=1
    )
    benchmark.extra_info.update(memory.slopes())
    benchmark.extra_info["peak_mb"] = {
        "parent": round(max(sample[1] for sample in memory.samples)),
        "worker": round(max(sample[2] for sample in memory.samples)),
    }
