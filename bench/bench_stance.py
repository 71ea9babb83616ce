"""Who speaks and where they stand: the stages alone, words ready, on the sample articles."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from lunheng.documents import Document
from lunheng.frames import load_frames, shipped_frames
from lunheng.opinion import OpinionFeatures, OpinionModel
from lunheng.text import OffsetMap, blocks
from lunheng.tokenize import Tokenizer
from lunheng_plugins.entities.rules import RuleExtractor, RulesSettings
from lunheng_plugins.quotes.rules import QuoteRules
from lunheng_plugins.stance.cues import CueTagger


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """Return the sample articles with all that the stage before stance finds."""
    tokenizer, extractor, quotes = Tokenizer(), RuleExtractor(RulesSettings()), QuoteRules()
    made = []
    folder = files("lunheng_seeds").joinpath("samples")
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.name.endswith((".txt", ".md")):
            text = path.read_text("utf-8")
            one = Document("d", text, text, OffsetMap.identity(len(text)), blocks=blocks(text))
            one = replace(one, tokens=tokenizer.spans(text), turns=tuple(quotes.turns(one)))
            one = replace(one, mentions=tuple(extractor.mentions(one)))
            made.append(replace(one, quotes=tuple(quotes.quotes(one))))
    return made


@pytest.mark.parametrize("stage", ["turns", "quotes", "cues"])
def test_stage(benchmark: BenchmarkFixture, documents: list[Document], stage: str) -> None:
    quotes = QuoteRules()
    cues = CueTagger.of(frames=load_frames(shipped_frames()))
    calls = {
        "turns": lambda one: len(quotes.turns(one)),
        "quotes": lambda one: len(quotes.quotes(one)),
        "cues": lambda one: len(cues.stances(one)[0]),
    }
    call = calls[stage]
    benchmark.extra_info["characters"] = sum(len(one.text) for one in documents)
    assert benchmark(lambda: sum(map(call, documents))) > 0


def test_linear_model(benchmark: BenchmarkFixture, documents: list[Document]) -> None:
    """Features and scores of a thousand sentences, each with one target."""
    texts = [
        one.text[span : span + 60] for one in documents for span in range(0, len(one.text), 60)
    ][:1000]
    maker = OpinionFeatures()
    random = np.random.default_rng(0)
    model = OpinionModel(random.integers(-99, 99, (1 << 18, 3)).astype(np.int16), 1e-3)
    benchmark.extra_info["characters"] = sum(map(len, texts))
    found = benchmark(lambda: model.probabilities([maker.of(text, "大模型") for text in texts]))
    assert found.shape == (len(texts), 3)
