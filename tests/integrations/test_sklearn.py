"""The vectorizer counts as scikit-learn's own does, on characters and on words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

text = pytest.importorskip("sklearn.feature_extraction.text", reason="no extra `sklearn`")

from lunheng.integrations.sklearn import ChineseCountVectorizer  # noqa: E402

letters = st.text(st.sampled_from("大模型Aaİ\0，"), max_size=9)
texts = st.lists(letters, min_size=1, max_size=5)
ranges = st.sampled_from([(1, 1), (1, 3), (2, 4)])


def same(ours: Any, theirs: Any, documents: list[str]) -> None:
    try:
        wanted = theirs.fit_transform(documents)
    except ValueError:
        with pytest.raises(ValueError, match="empty vocabulary"):
            ours.fit_transform(documents)
        return
    found = ours.fit_transform(documents)
    assert ours.vocabulary_ == theirs.vocabulary_
    assert found.toarray().tolist() == wanted.toarray().tolist()
    again = [*documents[::-1], "大模型大"]
    assert ours.transform(again).toarray().tolist() == theirs.transform(again).toarray().tolist()


@given(documents=texts, n=ranges)
def test_characters(documents: list[str], n: tuple[int, int]) -> None:
    same(
        ChineseCountVectorizer(analyzer="char", ngram_range=n, fold=False),
        text.CountVectorizer(analyzer="char", ngram_range=n),
        documents,
    )


@given(documents=texts, n=ranges)
def test_words(documents: list[str], n: tuple[int, int]) -> None:
    """Without marks, n-grams of words are scikit-learn's."""
    documents = [document.translate(dict.fromkeys(map(ord, "，\0İ"))) for document in documents]
    same(
        ChineseCountVectorizer(ngram_range=n, tokenizer=list, fold=False),
        text.CountVectorizer(ngram_range=n, tokenizer=list, token_pattern=None),
        documents,
    )


def test_limits_and_given_vocabularies() -> None:
    documents = ["大模型", "大应用", "大"]
    for options in (
        {"min_df": 2},
        {"max_features": 2},
        {"max_df": 1},
        {"vocabulary": ["型", "大"]},
    ):
        same(
            ChineseCountVectorizer(analyzer="char", **options),
            text.CountVectorizer(analyzer="char", **options),
            documents,
        )


def test_words_part_at_marks_and_stop_words() -> None:
    vectorizer = ChineseCountVectorizer(ngram_range=(2, 2), tokenizer=list, stop_words=["的"])
    assert vectorizer.build_analyzer()("甲乙，丙的丁戊") == ["甲 乙", "丁 戊"]
    vectorizer.fit(["甲乙，丙的丁戊"])
    assert vectorizer.get_feature_names_out().tolist() == ["丁 戊", "甲 乙"]


def test_it_is_an_estimator_that_pickles_and_clones() -> None:
    import pickle

    from sklearn.base import clone

    vectorizer = ChineseCountVectorizer(analyzer="char", fold=False).fit(["大模型"])
    assert clone(vectorizer).get_params() == vectorizer.get_params()
    assert pickle.loads(pickle.dumps(vectorizer)).transform(["模型"]).sum() == 2
    with pytest.raises(ValueError, match="analyzer"):
        ChineseCountVectorizer(analyzer="char_wb").fit(["大"])
