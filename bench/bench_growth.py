"""Growth: what more text costs in time, memory, room and latency, as fitted curves.

``LUNHENG_GROWTH_MB`` lists the megabytes of whole runs (default 1,2,4), ``LUNHENG_GROWTH_INDEX_MB``
those of indexes alone (default 4,8,16); 100,1000,10000 is the recipe for a machine that is one's
own: articles are written as they are needed, and a size keeps its study, 6 bytes a byte, until the
next. Each curve is cost = factor · megabytes ** power; a power of 1 is proportional growth.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from articles import ARTICLE, MEGA, article, write_articles
from bench_batch import Silent
from lunheng import NgramIndex
from lunheng.batch import Options, run
from lunheng.config import Config
from lunheng.study import Study

QUESTIONS = ("开源", "大模型", "我们认为", "人工智能", "这个问题")


def megabytes(name: str, default: str) -> list[float]:
    """Return the sizes that the environment asks for."""
    return [float(size) for size in os.environ.get(name, default).split(",")]


def curves(rows: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Return factor and power of each cost's curve over the megabytes."""
    sizes = np.log([row["mb"] for row in rows])
    fitted = {}
    for name in rows[0]:
        costs = np.array([row[name] for row in rows])
        if name != "mb" and (costs > 0).all() and len(rows) > 1:
            power, factor = np.polyfit(sizes, np.log(costs), 1)
            fitted[name] = {"factor": float(np.exp(factor)), "power": float(power)}
    return fitted


def latencies(index: NgramIndex) -> dict[str, float]:
    """Return the milliseconds of a count and of a ranked search, the best of five rounds."""
    found = {}
    for name, ask in (("count_ms", index.count), ("search_ms", index.search)):
        rounds = []
        for _ in range(5):
            begun = time.perf_counter()
            for question in QUESTIONS:
                ask(question)
            rounds.append((time.perf_counter() - begun) / len(QUESTIONS) * 1000)
        found[name] = min(rounds)
    return found


def size(folder: Path) -> float:
    """Return the megabytes of a file, or of the files below a folder."""
    files = folder.rglob("*") if folder.is_dir() else [folder]
    return sum(file.stat().st_size for file in files if file.is_file()) / MEGA


def whole_run(folder: Path, mb: float) -> dict[str, float]:
    """Return what a run over so many megabytes costs."""
    write_articles(folder / "in", mb)
    config = Config.load(None, {}, ["plugins.local.jobs=1"])
    summary = run([str(folder / "in")], folder / "study", config, Options(), Silent())
    assert summary.failures == 0
    with Study.open(folder / "study") as study:
        seconds = study.manifest["seconds"]
        index = latencies(study.index())
    phases = ("analysis", "storing", "linking", "indexing")
    return {
        "mb": mb,
        **{f"{phase}_s": seconds[phase] for phase in phases},
        "study_mb": size(folder / "study" / "study.db"),
        "index_mb": size(folder / "study" / "index"),
        "parent_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGA,
        "worker_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / MEGA,
        **index,
    }


def index_alone(folder: Path, mb: float) -> dict[str, float]:
    """Return what an index of so many megabytes costs, the making of the texts left out."""
    chance, spent = random.Random(11), 0.0
    with NgramIndex.create(folder / "index") as index:
        for _ in range(round(mb * MEGA / ARTICLE)):
            text = article(chance)
            begun = time.process_time()
            index.add(text)
            spent += time.process_time() - begun
        begun = time.process_time()
        index.commit()
        index.merge()
        spent += time.process_time() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGA
        asked = latencies(index)
    return {
        "mb": mb,
        "building_s": spent,
        "index_mb": size(folder / "index"),
        "rss_mb": peak,
    } | asked


def in_a_child(measure: Any, folder: Path, mb: float) -> dict[str, float]:
    """Measure in a process of its own, so that each size has its own memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        measured: dict[str, float] = pool.submit(measure, folder, mb).result()
    shutil.rmtree(folder)
    return measured


def measured(measure: Any, place: Path, sizes: list[float]) -> Iterator[dict[str, float]]:
    """Yield what each size costs, and print it."""
    for mb in sizes:
        folder = place / f"{mb:g}"
        folder.mkdir()
        row = in_a_child(measure, folder, mb)
        print(json.dumps(row))
        yield row


@pytest.mark.benchmark(group="growth")
@pytest.mark.parametrize(
    ("measure", "sizes"),
    [
        (whole_run, megabytes("LUNHENG_GROWTH_MB", "1,2,4")),
        (index_alone, megabytes("LUNHENG_GROWTH_INDEX_MB", "4,8,16")),
    ],
    ids=["run", "index"],
)
def test_growth(
    benchmark: BenchmarkFixture, tmp_path: Path, measure: Any, sizes: list[float]
) -> None:
    rows: list[dict[str, float]] = []
    benchmark.pedantic(
        lambda: rows.extend(measured(measure, tmp_path, sizes)), rounds=1, iterations=1
    )
    fitted = curves(rows)
    print(json.dumps(fitted))
    benchmark.extra_info.update(rows=rows, curves=fitted)
    assert all(row["index_mb"] > 0 for row in rows)
