"""Telling n-grams: the statistic against its definition, the counts against plain counting."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lunheng_plugins.reports.keyness import WordGrams


def pairs(text: str) -> NDArray[np.int32]:
    """Cut a text into words of two characters."""
    spans = [(k, min(k + 2, len(text))) for k in range(0, len(text), 2)]
    return np.array(spans, dtype=np.int32).reshape(-1, 2)


@given(st.lists(st.text(alphabet="甲乙丙，", max_size=30), max_size=4))
def test_grams_are_those_of_plain_counting(texts: list[str]) -> None:
    grams = WordGrams.of(texts, pairs, ["甲甲"])
    wanted: Counter[str] = Counter()
    for text in texts:
        words = [text[s:e] for s, e in pairs(text).tolist()]
        for n in (1, 2, 3):
            for k in range(len(words) - n + 1):
                run = words[k : k + n]
                solid = [any(c.isalpha() for c in word) for word in run]
                ends = (run[0], run[-1])
                if all(solid) and all(len(w) > 1 and w != "甲甲" for w in ends):
                    wanted["".join(run)] += 1
    text_of = np.repeat(np.arange(len(texts)), np.diff(grams.begins))
    rows = zip(text_of.tolist(), grams.starts.tolist(), grams.ends.tolist(), strict=True)
    assert Counter(texts[t][s:e] for t, s, e in rows) == wanted


def test_the_telling_word_comes_first_and_is_not_repeated() -> None:
    grams = WordGrams.of(["开源路线" * 8 + "天气晴朗", "闭源路线" * 8 + "天气晴朗"], pairs, [])
    terms = grams.key_terms(grams.of_text(0), None, limit=5)
    assert terms == grams.key_terms(grams.of_text(0), grams.of_text(1), limit=5)
    assert "开源" in terms[0].text
    assert all("天气" not in term.text for term in terms)
    assert len({term.text for term in terms}) == len(terms)
