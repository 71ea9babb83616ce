"""Ranking is BM25 of the whole index; filters, required phrases and snippets do what they say."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lunheng.errors import UsageError
from lunheng.index import NgramIndex, Snippet
from lunheng.index.filters import Alike
from reference.bm25 import scores

texts = st.lists(st.text(st.sampled_from("大模型开源"), max_size=12), min_size=1, max_size=8)


def occurrences(text: str, term: str) -> int:
    return sum(text.startswith(term, start) for start in range(len(text)))


@given(texts=texts, query=st.text(st.sampled_from("大模型开源"), min_size=1, max_size=4))
def test_scores_are_bm25_whatever_the_segments(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], query: str
) -> None:
    with NgramIndex.create(tmp_path_factory.mktemp("index")) as index:
        for text in texts:
            index.add(text)
            index.commit()
        terms = list(dict.fromkeys(query[i : i + 2] for i in range(max(len(query) - 1, 1))))
        expected = scores(dict(enumerate(texts)), terms, occurrences)
        found = index.search(query, k=len(texts))
        assert [hit.id for hit in found] == [key for key, _ in expected]
        assert [hit.score for hit in found] == pytest.approx([score for _, score in expected])
        assert index.search(query, k=2) == found[:2]


@pytest.fixture(scope="module")
def frequent(tmp_path_factory: pytest.TempPathFactory) -> tuple[NgramIndex, dict[int, str]]:
    """Make a segment in which most pairs are frequent enough for impacts, and a small one."""
    generator = random.Random(3)
    texts = {}
    with NgramIndex.create(tmp_path_factory.mktemp("frequent") / "index") as index:
        for segment, documents in enumerate((700, 150)):
            for number in range(documents):
                text = "".join(generator.choices("甲乙丙", k=generator.randrange(1, 270)))
                text += "丁甲戊"[: number % 90] if number % 3 == 0 else ""
                texts[index.add(text, even=number % 2 == 0)] = text
            index.commit()
            assert index.info().segments == segment + 1
    return NgramIndex.open(index.path), texts


@settings(max_examples=60)
@given(
    query=st.lists(
        st.sampled_from(["甲乙", "乙丙", "丙丙", "丁甲", "甲戊", "丁丁"]),
        min_size=1,
        max_size=4,
        unique=True,
    ),
    k=st.integers(1, 60),
    k1=st.sampled_from([0.0, 0.4, 1.2, 3.0]),
    b=st.sampled_from([0.0, 0.3, 0.75, 1.0]),
    even=st.booleans(),
)
def test_pruned_ranking_is_exact(
    frequent: tuple[NgramIndex, dict[int, str]],
    query: list[str],
    k: int,
    k1: float,
    b: float,
    even: bool,
) -> None:
    index, texts = frequent
    expected = scores(texts, query, occurrences, k1, b)
    where = {"even": True} if even else None
    if even:
        expected = [hit for hit in expected if index.fields(hit[0])["even"]]
    found = index.search(" ".join(query), k, where=where, k1=k1, b=b)
    assert [hit.score for hit in found] == pytest.approx([score for _, score in expected[:k]])
    by_document = dict(expected)
    assert [hit.score for hit in found] == pytest.approx([by_document[hit.id] for hit in found])
    assert found == sorted(found, key=lambda hit: (-hit.score, hit.id))
    assert len({hit.id for hit in found}) == len(found)


def test_deleted_documents_do_not_count(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as index:
        texts = {index.add(text): text for text in ("甲乙甲乙", "甲乙", "丙甲乙丙", "乙丙")}
        index.commit()
        index.delete(1)
        index.commit()
        del texts[1]
        expected = scores(texts, ["甲乙", "乙丙"], occurrences)
        found = index.search("甲乙 乙丙", 3)
        assert [hit.id for hit in found] == [identifier for identifier, _ in expected]
        assert [hit.score for hit in found] == pytest.approx([score for _, score in expected])


@pytest.fixture
def index(tmp_path: Path) -> NgramIndex:
    with NgramIndex.create(tmp_path / "index") as index:
        index.add("开源大模型的未来", year=2021, source="甲", score=0.5)
        index.add("大模型與開源無關", year=2022, source="乙", checked=True)
        index.add("模型大，开源难", year=2023, source="丙")
        index.add("大模型", source="甲")
    return NgramIndex.open(index.path)


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ({"year": 2022}, {1}),
        ({"year": (2022, None)}, {1, 2}),
        ({"year": (None, 2022)}, {0, 1}),
        ({"year": (2022.5, 2030)}, {2}),
        ({"source": ["甲", "丙", "丁"]}, {0, 2, 3}),
        ({"source": "甲", "year": (2000, 2030)}, {0}),
        ({"checked": True}, {1}),
        ({"score": (0, 1)}, {0}),
        ({"missing": 1}, set()),
    ],
)
def test_filters_keep_what_meets_every_condition(
    index: NgramIndex, where: dict[str, object], ids: set[int]
) -> None:
    assert {hit.id for hit in index.search("模型", where=where)} == ids  # type: ignore[arg-type]


def test_quoted_phrases_are_required(index: NgramIndex) -> None:
    assert {hit.id for hit in index.search("“大模型” 开源")} == {0, 1, 3}
    assert {hit.id for hit in index.search('大模型 "模型大"')} == {2}


def test_snippet_shows_the_terms_where_they_stand(index: NgramIndex) -> None:
    assert index.snippet(1, "开源", 4) == Snippet("與開源無", 3, 7, ((1, 3),))
    assert index.snippet(3, "没有的词", 10) == Snippet("大模型", 0, 3, ())


@pytest.mark.parametrize("query", ["", "，。", '""'])
def test_a_query_needs_something_to_look_for(index: NgramIndex, query: str) -> None:
    with pytest.raises(UsageError, match="nothing to look for"):
        index.search(query)


def test_ids_and_lengths_are_those_of_living_documents(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as index:
        first = index.add("大模型", year=2023)
        gone = index.add("删去", year=2023)
        last = index.add("", year=2024)
        index.commit()
        index.delete(gone)
        index.commit()
        assert index.ids().tolist() == [first, last]
        assert index.ids({"year": (None, 2023)}).tolist() == [first]
        assert index.lengths().tolist() == [3, 0]
        assert index.field_names() == ["year"]
        assert index.values("year") == [2023, 2024]
        assert index.values("month") == [None, None]
        assert index.text(first, 1) == index.text(first, -2, 9) == "模型"
        assert index.text(first, 2, 1) == index.text(last, 0, 5) == ""


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("陈牧", [0, 1]),
        ("陳牧", [0, 1]),
        ("陈", []),
        ("*陈*", [0, 1, 2]),
        ("*chen*", []),
        ("*Chen*", [3]),
        ("Chen Mu", [3]),
        ("陈牧|Chen Mu", [0, 1, 3]),
        ("**", []),
    ],
)
def test_names_are_found_in_either_script_and_by_a_part(
    tmp_path: Path, condition: str, expected: list[int]
) -> None:
    with NgramIndex.create(tmp_path / "index") as index:
        for author in ("陈牧", "陳牧", "陳默", "Chen Mu", None):
            index.add("一", author=author)
        index.commit()
        where = {"author": index.condition("author", condition)}
        assert index.ids(where).tolist() == expected


def test_a_part_is_sought_in_text_only(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as index:
        index.add("一", year=2023)
        index.add("一", year="二〇二三")
        index.commit()
        assert index.ids({"year": Alike("二", part=True)}).tolist() == [1]
