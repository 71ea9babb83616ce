"""Segmentation beside its peers: batches, single lines and one short call, in one run.

Peers are measured where they are installed (``pip install --group peers``). The text is made up of
the sample articles, so that the figures can be had anywhere, or of the file that
``LUNHENG_BENCH_TEXT`` names (lines of text, or JSON lines with a ``text``; compressed with xz or
not). Only ratios within one run mean anything.
"""

from __future__ import annotations

import itertools
import os
import pickle
import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from lunheng.tokenize import SegmenterModel, Tokenizer
from lunheng_seeds.models.recipe import texts

SIZES = (100_000, 2_000_000)
MOST_LINES = 60_000
SHORT = "人工智能改变世界的速度超过了我们的想象"
THREADS = (1, 2)


RESIDENT = """
import psutil
from lunheng.tokenize import Tokenizer
tokenizer = Tokenizer()
tokenizer.cut("好")
print(psutil.Process().memory_info().rss)
"""


def sample_lines() -> list[str]:
    """Return the first lines of the named file, else those of the articles without markup."""
    named = os.environ.get("LUNHENG_BENCH_TEXT")
    if named:
        found = itertools.islice(texts(Path(named), random.Random(0)), MOST_LINES)
        return [line.strip() for line in found if line.strip()]
    folder = files("lunheng_seeds").joinpath("samples")
    lines: list[str] = []
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.name.endswith((".txt", ".md")):
            lines += [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    return lines


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size} characters")
def lines(request: pytest.FixtureRequest) -> list[str]:
    samples = sample_lines()
    found: list[str] = []
    length = 0
    while length < request.param:
        line = samples[len(found) % len(samples)]
        found.append(line)
        length += len(line)
    return found


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer()


def note(benchmark: BenchmarkFixture, lines: list[str]) -> None:
    benchmark.extra_info["characters"] = sum(map(len, lines))
    benchmark.extra_info["bytes"] = sum(len(line.encode()) for line in lines)


def peer(name: str) -> Callable[[str], list[str]]:
    """Return the function of a peer that cuts one line into a list."""
    if name == "wapic":
        cut: Callable[[str], list[str]] = pytest.importorskip("wapic").Segmenter().segment
        return cut
    module = pytest.importorskip(name)
    cut = module.lcut if name == "jieba" else module.cut
    cut(SHORT)
    return cut


@pytest.mark.benchmark(group="batch")
@pytest.mark.parametrize("threads", THREADS, ids=lambda n: f"{n} threads")
def test_batch(
    benchmark: BenchmarkFixture, tokenizer: Tokenizer, lines: list[str], threads: int
) -> None:
    note(benchmark, lines)
    batch = benchmark(tokenizer.cut_many, lines, threads)
    assert "".join(batch.words(0)) == lines[0]


@pytest.mark.benchmark(group="batch")
def test_batch_of_a_buffer(
    benchmark: BenchmarkFixture, tokenizer: Tokenizer, lines: list[str]
) -> None:
    note(benchmark, lines)
    encoded = [line.encode() for line in lines]
    offsets = np.cumsum([0, *map(len, encoded)])
    batch = benchmark(tokenizer.cut_many, b"".join(encoded), offsets=offsets)
    assert "".join(batch.words(0)) == lines[0]


@pytest.mark.benchmark(group="batch")
@pytest.mark.parametrize("name", ["rjieba", "jieba", "wapic"])
def test_batch_of_a_peer(benchmark: BenchmarkFixture, lines: list[str], name: str) -> None:
    note(benchmark, lines)
    cut = peer(name)
    words = benchmark.pedantic(lambda: [cut(line) for line in lines], rounds=2)
    assert "".join(words[0]) == lines[0]


@pytest.mark.benchmark(group="lists of words")
def test_lists(benchmark: BenchmarkFixture, tokenizer: Tokenizer, lines: list[str]) -> None:
    note(benchmark, lines)
    words = benchmark(lambda: [tokenizer.cut(line) for line in lines])
    assert "".join(words[0]) == lines[0]


@pytest.mark.benchmark(group="lists of words")
def test_lists_of_rjieba(benchmark: BenchmarkFixture, lines: list[str]) -> None:
    note(benchmark, lines)
    cut = peer("rjieba")
    words = benchmark(lambda: [cut(line) for line in lines])
    assert "".join(words[0]) == lines[0]


@pytest.mark.benchmark(group="a short call")
def test_short(benchmark: BenchmarkFixture, tokenizer: Tokenizer) -> None:
    assert "".join(benchmark(tokenizer.cut, SHORT)) == SHORT


@pytest.mark.benchmark(group="a short call")
@pytest.mark.parametrize("name", ["rjieba", "jieba", "wapic"])
def test_short_of_a_peer(benchmark: BenchmarkFixture, name: str) -> None:
    assert "".join(benchmark(peer(name), SHORT)) == SHORT


@pytest.mark.benchmark(group="short calls from threads")
@pytest.mark.parametrize("threads", THREADS, ids=lambda n: f"{n} threads")
def test_short_calls_from_threads(
    benchmark: BenchmarkFixture, tokenizer: Tokenizer, threads: int
) -> None:
    def calls(count: int) -> int:
        return sum(len(tokenizer.cut(SHORT)) for _ in range(count))

    with ThreadPoolExecutor(threads) as pool:
        total = benchmark(lambda: sum(pool.map(calls, [20_000 // threads] * threads)))
    assert total == 20_000 * len(tokenizer.cut(SHORT))


def made_up_words(lines: list[str], count: int) -> list[str]:
    """Return words of two to four of the ideographs that the lines use."""
    choice = random.Random(count)
    ideographs = sorted({c for line in lines for c in line if "\u4e00" <= c <= "\u9fff"})
    lengths = choice.choices((2, 3, 3, 4), k=count)
    return ["".join(choice.choices(ideographs, k=length)) for length in lengths]


@pytest.mark.benchmark(group="user words")
@pytest.mark.parametrize("count", [0, 1000, 100_000, 1_000_000])
def test_user_words(benchmark: BenchmarkFixture, tokenizer: Tokenizer, count: int) -> None:
    lines = sample_lines()
    own = tokenizer.with_words(made_up_words(lines, count))
    assert len(benchmark(own.cut_many, lines)) == len(lines)


@pytest.mark.benchmark(group="loading user words")
@pytest.mark.parametrize("count", [1000, 1_000_000])
def test_loading_user_words(benchmark: BenchmarkFixture, tokenizer: Tokenizer, count: int) -> None:
    words = made_up_words(sample_lines(), count)
    own = benchmark.pedantic(tokenizer.with_words, (words,), rounds=2)
    assert len(own.user_words) == count


@pytest.mark.benchmark(group="loading user words")
def test_adding_one_to_many(benchmark: BenchmarkFixture, tokenizer: Tokenizer) -> None:
    many = tokenizer.with_words(made_up_words(sample_lines(), 1_000_000))
    assert len(benchmark(many.with_words, ["云雀大模型"]).user_words) == 1_000_001


@pytest.mark.benchmark(group="load")
def test_load(benchmark: BenchmarkFixture, tokenizer: Tokenizer, tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    tokenizer.model.save(path)
    benchmark.extra_info["bytes on disk"] = path.stat().st_size
    resident = subprocess.run([sys.executable, "-c", RESIDENT], capture_output=True, check=True)
    benchmark.extra_info["bytes of the whole process"] = int(resident.stdout)
    assert benchmark(SegmenterModel.load, path).scale == tokenizer.model.scale


@pytest.mark.benchmark(group="load")
def test_unpickle(benchmark: BenchmarkFixture, tokenizer: Tokenizer) -> None:
    assert benchmark(pickle.loads, pickle.dumps(tokenizer)).cut("好") == ["好"]
