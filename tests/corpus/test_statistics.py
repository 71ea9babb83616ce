"""Statistics are what a hand computes, and what brute force counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from math import log, log2, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.corpus import (
    Frequency,
    Query,
    WordTable,
    collocates,
    dispersion,
    frequency_list,
    keyness,
    new_words,
    trend,
)
from lunheng.errors import UsageError
from lunheng.index import NgramIndex

Make = Callable[..., NgramIndex]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    made: list[NgramIndex] = []

    def of(texts: list[str], **columns: list[object]) -> NgramIndex:
        index = NgramIndex.create(tmp_path_factory.mktemp("corpus") / "index")
        for number, text in enumerate(texts):
            index.add(text, **{name: values[number] for name, values in columns.items()})
        index.commit()
        made.append(index)
        return index

    yield of
    for index in made:
        index.close()


def test_a_word_table_folds_and_leaves_out_marks(make: Make) -> None:
    index = make(["騰訊 做 應用 。", "", "腾讯"])
    table = WordTable.of(index, str.split)
    assert table.words == ("腾讯", "做", "应用")
    assert table.numbers.tolist() == [0, 1, 2, 0]
    assert table.begins.tolist() == [0, 3, 3, 4]
    assert (table.starts % (1 << 32)).tolist() == [0, 3, 5, 0]
    assert (table.ends - table.starts).tolist() == [2, 1, 2, 2]
    assert table.counts().tolist() == [2, 1, 1]
    assert table.document_counts(table.in_documents(np.array([0, 2]))).tolist() == [2, 1, 1]


@given(texts=st.lists(st.text(st.sampled_from("甲乙，"), max_size=8), max_size=4))
def test_ngrams_of_words_are_those_of_brute_force(make: Make, texts: list[str]) -> None:
    expected: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        for run in text.split("，"):
            for n in (1, 2, 3):
                expected.update(tuple(run[i : i + n]) for i in range(len(run) - n + 1))
    found = WordTable.of(make(texts), list).ngrams(1, 3)
    assert found == sorted(expected.items(), key=lambda item: (-item[1], item[0]))


@given(texts=st.lists(st.text(st.sampled_from("甲乙丙"), max_size=30), min_size=1, max_size=3))
def test_maximal_ngrams_are_those_of_the_definition(make: Make, texts: list[str]) -> None:
    counts: Counter[str] = Counter()
    for text in texts:
        for n in range(1, 5):
            counts.update(text[i : i + n] for i in range(len(text) - n + 1))
    expected = [
        Frequency(tuple(ngram), count)
        for ngram, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if 2 <= len(ngram) <= 3
        and not any(
            ngram in (longer[:-1], longer[1:]) and more >= 0.9 * count
            for longer, more in counts.items()
        )
    ]
    index = make(texts)
    for k in (1, 3, 1000):
        assert frequency_list(index, 2, 3, k) == expected[:k]
        assert frequency_list(WordTable.of(index, list), 2, 3, k) == expected[:k]


def test_all_ngrams_when_parts_are_asked_for(make: Make) -> None:
    index = make(["大模型大模型"])
    assert frequency_list(index, 2, 3, 9) == [Frequency(tuple("大模型"), 2)]
    every = frequency_list(index, 2, 3, 9, maximal=False)
    assert [("".join(one.ngram), one.count) for one in every] == index.top(2, 3, 9)


def test_collocates_by_hand(make: Make) -> None:
    """The node 烧钱 stands twice; its windows hold 要, 不 and 要: 3 of 8 others."""
    index = make(["我们 要 烧钱 不 要 停", "他们 也 要 烧钱"])
    found = collocates(
        WordTable.of(index, str.split),
        Query("烧钱").matches(index),
        window=(1, 1),
        measure="pmi",
        least=2,
    )
    (only,) = found
    assert (only.word, only.together, only.left, only.right) == ("要", 2, 2, 0)
    assert (only.frequency, only.expected) == (3, 3 * 3 / 8)
    assert only.pmi == pytest.approx(log2(2 * 8 / 9))
    assert only.t_score == pytest.approx((2 - 9 / 8) / sqrt(2))
    assert only.log_dice == pytest.approx(14 + log2(2 * 2 / (2 + 3)))
    cells = {(2, 9 / 8), (1, 15 / 8), (1, 15 / 8, 2), (4, 25 / 8)}
    assert only.log_likelihood == pytest.approx(2 * sum(c[0] * log(c[0] / c[1]) for c in cells))


def test_a_window_ends_with_its_document_and_leaves_out_nodes(make: Make) -> None:
    index = make(["甲 乙", "乙 甲 甲 丙"])
    found = collocates(
        WordTable.of(index, str.split),
        Query("甲").matches(index),
        window=(9, 9),
        measure="log_likelihood",
        least=1,
    )
    assert {(one.word, one.left, one.right) for one in found} == {("乙", 1, 1), ("丙", 0, 1)}
    table, node = WordTable.of(index, str.split), Query("甲").matches(index)
    assert [one.word for one in collocates(table, node, least=1, without={"丙"})] == ["乙"]
    with pytest.raises(UsageError, match="window"):
        collocates(WordTable.of(index, str.split), Query("甲").matches(index), window=(0, 0))


def test_keyness_by_hand(make: Make) -> None:
    index = make(["开源 " * 20 + "的 " * 20, "闭源 " * 20 + "的 " * 20])
    table = WordTable.of(index, str.split)
    (only,) = keyness(table, np.array([0]))
    assert (only.word, only.count, only.reference, only.documents) == ("开源", 20, 0, 1)
    assert only.per_million == 500_000
    assert only.log_likelihood == pytest.approx(2 * 20 * log(2))
    assert only.log_ratio == pytest.approx(log2(20.5 / 0.5))
    assert keyness(table, np.array([1]), np.array([0]))[0].word == "闭源"
    with pytest.raises(UsageError, match="reference"):
        keyness(table, np.array([0, 1]))


def test_dispersion_by_hand(make: Make) -> None:
    index = make(["甲甲甲乙乙", "甲乙乙乙乙", ""])
    found = dispersion(index, Query("甲").matches(index))
    assert (found.occurrences, found.range, found.documents) == (4, 2, 2)
    assert (found.dp, found.dp_norm) == (0.25, 0.5)
    assert found.juilland_d == pytest.approx(0.5)
    nothing = dispersion(index, Query("丙").matches(index))
    assert nothing.occurrences == 0
    assert np.isnan(nothing.dp)
    with pytest.raises(UsageError, match="two documents"):
        dispersion(index, Query("甲").matches(index), np.array([0]))


def test_trend_counts_a_period(make: Make) -> None:
    index = make(
        ["开源开源", "闭源模型开源", "开源", "开源"],
        date=["2023-09-07", "2023年9月30日", "2024", None],
    )
    rows = trend(index, [Query("开源"), Query("闭源")], by="month")
    assert [(row.period, row.documents, row.occurrences, row.with_query) for row in rows] == [
        ("", 2, (2, 0), (2, 0)),
        ("2023-09", 2, (3, 1), (2, 1)),
    ]
    assert rows[1].per_million == (300_000.0, 100_000.0)
    years = trend(index, [Query("开源")], by="year", ids=np.array([0, 2]))
    assert [(row.period, row.occurrences) for row in years] == [("2023", (2,)), ("2024", (1,))]
    with pytest.raises(UsageError, match=r"\(date\), got 'day'"):
        trend(index, [Query("开源")], field="day")


def test_new_words_are_cohesive_free_and_unknown(make: Make) -> None:
    """龘靐 always stands together among changing neighbours; 齉 always has 爩 before it."""
    frames = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏"
    index = make([f"{a}龘靐{b}、{b}爩齉{a}" for a, b in zip(frames, reversed(frames), strict=True)])
    found = new_words(index, list, least=5, cohesion=3)
    assert [one.word for one in found] == ["爩齉", "龘靐"]
    assert found[1].count == len(frames)
    assert found[1].cohesion == pytest.approx(log2(index.characters / len(frames)))
    assert found[1].freedom == pytest.approx(log2(len(frames)))
    assert new_words(index, lambda text: [text], cohesion=3) == []
