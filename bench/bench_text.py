"""Cleaning with maps, blocks, sentences, folding and look-ups beside their peers.

Clean text is the sample articles after their repairs, damaged text the articles as they were
scraped. Peers that keep no offsets do less; ``pip install ftfy pysbd`` measures two more. Only
ratios within one run mean anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from lunheng.protocols import Cleaner
from lunheng.text import OffsetMap, apply_edits, blocks, fold, fold_table, sentences

MODULES = (
    "mojibake",
    "controls",
    "misdecoded",
    "html_remnants",
    "pinyin_brackets",
    "punctuation",
    "censored",
)
LARGE = 1_000_000
SHORT = "他说：“走吧。”我们就走了，她没有走。"


@cache
def cleaners() -> tuple[Cleaner, ...]:
    """Return the built-in cleaners in the order of the pipeline."""
    made = (import_module(f"lunheng_plugins.cleaners.{name}") for name in MODULES)
    return tuple(module.lunheng_cleaners(None) for module in made)


def cleaned(text: str) -> tuple[str, OffsetMap]:
    """Return the text after all cleaners and the map from the text before them."""
    whole = OffsetMap.identity(len(text))
    for cleaner in cleaners():
        if edits := cleaner.edits(text):
            text, step = apply_edits(text, edits)
            whole = whole.then(step)
    return text, whole


@cache
def articles(clean: bool) -> tuple[str, ...]:
    """Return the sample articles as they were scraped, or repaired where nothing stays flagged."""
    folder = files("lunheng_seeds").joinpath("samples")
    paths = sorted(folder.iterdir(), key=lambda entry: entry.name)
    texts = [path.read_text("utf-8") for path in paths if path.name.endswith(".txt")]
    if not clean:
        return tuple(texts)
    repaired = [cleaned(text)[0] for text in texts]
    return tuple(t for t in repaired if not any(one.edits(t) for one in cleaners()))


def repeated(size: int) -> str:
    """Return a clean text of about so many bytes of UTF-8."""
    text = "\n".join(articles(True))
    return text * (size // len(text.encode()) + 1)


def note_size(benchmark: BenchmarkFixture, texts: Sequence[str]) -> None:
    benchmark.extra_info["characters"] = sum(map(len, texts))
    benchmark.extra_info["bytes"] = sum(len(text.encode()) for text in texts)


def ours(text: str) -> str:
    return cleaned(text)[0]


def expressions(text: str) -> str:
    """Clean as scripts do: one substitution after the other, no map, no restoring."""
    for pattern, meant in _SCRIPT:
        text = pattern.sub(meant, text)
    return text


_SCRIPT = tuple(
    (re.compile(pattern), meant)
    for pattern, meant in [
        (r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff]", ""),
        (r"\r\n?", "\n"),
        (r"<[^<>\n]{1,200}>|/p>", ""),
        (r"&nbsp;", " "),
        (r"[(（][a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]*[)）]", ""),
        (r",(?=[，。、；！？])", ""),
        (r"([，、；：。])\1(?!\1)", r"\1"),
    ]
)


def ftfy(text: str) -> str:
    fixed: str = pytest.importorskip("ftfy").fix_text(text)
    return fixed


@pytest.mark.parametrize("state", ["clean", "damaged"])
@pytest.mark.parametrize("clean_one", [ours, expressions, ftfy])
def test_cleaning(benchmark: BenchmarkFixture, clean_one: Callable[[str], str], state: str) -> None:
    benchmark.group = f"cleaning {state} articles"
    texts = articles(state == "clean")
    note_size(benchmark, texts)
    clean_one(texts[0])
    assert all(benchmark(lambda: [clean_one(text) for text in texts]))


@pytest.mark.benchmark(group="cleaning one large clean text")
@pytest.mark.parametrize("clean_one", [ours, expressions])
def test_cleaning_large(benchmark: BenchmarkFixture, clean_one: Callable[[str], str]) -> None:
    text = repeated(LARGE)
    note_size(benchmark, [text])
    assert benchmark(clean_one, text)


@pytest.mark.benchmark(group="cleaning one sentence")
@pytest.mark.parametrize("clean_one", [ours, expressions])
def test_cleaning_short(benchmark: BenchmarkFixture, clean_one: Callable[[str], str]) -> None:
    assert benchmark(clean_one, SHORT) == SHORT


def split_by_expression(text: str) -> list[str]:
    return re.split(r"(?<=[。！？…])|\n", text)


def pysbd(text: str) -> list[str]:
    segmenter: Any = pytest.importorskip("pysbd").Segmenter(language="zh", clean=False)
    found: list[str] = segmenter.segment(text)
    return found


@pytest.mark.benchmark(group="sentences and blocks")
@pytest.mark.parametrize("cut", [sentences, blocks, split_by_expression, pysbd])
def test_structure(benchmark: BenchmarkFixture, cut: Callable[[str], Sequence[Any]]) -> None:
    texts = articles(True)
    note_size(benchmark, texts)
    assert all(benchmark(lambda: [cut(text) for text in texts]))


@pytest.mark.benchmark(group="folding")
@pytest.mark.parametrize("way", ["lunheng", "str.translate"])
def test_folding(benchmark: BenchmarkFixture, way: str) -> None:
    text = repeated(LARGE)
    note_size(benchmark, [text])
    changed = {i: int(code) for i, code in enumerate(fold_table()) if code != i}
    fold_one = fold if way == "lunheng" else lambda text: text.translate(changed)
    assert benchmark(fold_one, text) == fold(text)


@pytest.mark.benchmark(group="10,000 look-ups in a map of many runs")
@pytest.mark.parametrize("way", ["many", "one by one", "array of all characters"])
def test_look_ups(benchmark: BenchmarkFixture, way: str) -> None:
    text = "\n".join(articles(False)) * 20
    offsets = cleaned(text)[1]
    starts = np.linspace(0, offsets.target_length - 8, 10_000).astype(np.int64)
    ends = starts + 5
    benchmark.extra_info["runs"] = len(offsets.runs_array())
    wanted = offsets.to_source_many(starts, ends)[0]
    places = np.arange(offsets.target_length)
    origin = offsets.to_source_many(places, places + 1)[0]
    spans = list(zip(starts.tolist(), ends.tolist(), strict=True))
    found = {
        "many": lambda: offsets.to_source_many(starts, ends)[0],
        "one by one": lambda: [offsets.to_source(*span)[0] for span in spans],
        "array of all characters": lambda: origin[starts],
    }[way]
    assert np.array_equal(benchmark(found), wanted)
