"""``ChineseCountVectorizer`` beside scikit-learn's own ``CountVectorizer`` on characters.

``pip install 'lunheng[sklearn]'``; the texts are those of the sample articles in new orders. Only
ratios within one run mean anything.
"""

from __future__ import annotations

import random
from importlib.resources import files
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

theirs = pytest.importorskip("sklearn.feature_extraction.text", reason="no extra `sklearn`")

LINES = 20_000


def lines() -> list[str]:
    """Return lines of about 140 characters, made of sentences of the samples."""
    chosen = random.Random(0)
    samples = files("lunheng_seeds.samples").iterdir()
    texts = [file.read_text("utf-8") for file in samples if file.name.endswith((".txt", ".md"))]
    sentences = [part for text in texts for part in text.replace("\n", "").split("。")]
    return ["。".join(chosen.choices(sentences, k=4)) for _ in range(LINES)]


@pytest.mark.parametrize("n", [(1, 1), (2, 2), (1, 3)], ids=lambda n: f"{n[0]}-{n[1]}")
@pytest.mark.parametrize("peer", ["lunheng", "scikit-learn"])
def test_counting_characters(benchmark: BenchmarkFixture, peer: str, n: tuple[int, int]) -> None:
    from lunheng.integrations.sklearn import ChineseCountVectorizer

    texts = lines()
    made: Any = (
        ChineseCountVectorizer(analyzer="char", ngram_range=n, fold=False)
        if peer == "lunheng"
        else theirs.CountVectorizer(analyzer="char", ngram_range=n)
    )
    benchmark.group = f"characters {n[0]}-{n[1]}"
    benchmark.extra_info["bytes"] = sum(len(text.encode()) for text in texts)
    found = benchmark.pedantic(made.fit_transform, (texts,), rounds=3, iterations=1)
    assert found.sum() > sum(map(len, texts)) / 2
