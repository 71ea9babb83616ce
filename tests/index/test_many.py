"""Many phrases at once are answered as one by one, whatever the segments and the threads."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from lunheng.errors import NgramIndexError, UsageError
from lunheng.index import NgramIndex
from lunheng.index.filters import Condition

PHRASES = ["模", "模型", "大模型", "開源", "开源与闭", "没有", "后", "後", "型,大", "大模型"]


@pytest.fixture(scope="module", params=["one segment", "several", "deleted"])
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NgramIndex:
    generator = random.Random(5)
    with NgramIndex.create(tmp_path_factory.mktemp("many") / "index") as index:
        for size in (300,) if request.param == "one segment" else (400, 60, 8):
            for number in range(size):
                text = "".join(generator.choices("大模型開源与闭后後，", k=300))
                index.add(text, even=number % 2 == 0)
            index.commit()
        if request.param == "deleted":
            for identifier in range(0, len(index), 7):
                index.delete(identifier)
            index.commit()
    return NgramIndex.open(index.path)


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("variants", ["written", "all"])
def test_many_are_answered_as_one_by_one(index: NgramIndex, variants: str, threads: int) -> None:
    counts = index.count_many(PHRASES, variants=variants, threads=threads)
    documents = index.docs_many(PHRASES, variants=variants, threads=threads)
    places = index.positions_many(PHRASES, variants=variants, threads=threads)
    assert counts.tolist() == [index.count(phrase, variants=variants) for phrase in PHRASES]
    for i, phrase in enumerate(PHRASES):
        start, end = documents.offsets[i : i + 2]
        assert documents.ids[start:end].tolist() == index.docs(phrase, variants=variants).tolist()
        start, end = places.offsets[i : i + 2]
        one = index.positions(phrase, variants=variants)
        assert places.ids[start:end].tolist() == one.ids.tolist()
        assert places.starts[start:end].tolist() == one.starts.tolist()


def test_more_phrases_than_a_share(index: NgramIndex) -> None:
    phrases = [a + b for a in "大模型開源" for b in "大模型開源与闭后"] * 40
    counts = index.count_many(phrases, threads=2)
    assert counts.tolist() == [index.count(phrase) for phrase in phrases]


def test_nothing_asked_is_nothing_found(index: NgramIndex) -> None:
    assert index.count_many([]).tolist() == []
    assert index.docs_many([], threads=2).offsets.tolist() == [0]
    assert index.positions_many(iter(())).starts.tolist() == []


def test_an_empty_index_has_nothing_of_each(tmp_path: Path) -> None:
    index = NgramIndex.create(tmp_path / "index")
    assert index.count_many(["模型", "大"]).tolist() == [0, 0]
    assert index.docs_many(["模型", "大"]).offsets.tolist() == [0, 0, 0]


@pytest.mark.parametrize("phrases", [["大", ""], ["大", 3], ["大", None]])
def test_a_wrong_phrase_is_refused(index: NgramIndex, phrases: list[object]) -> None:
    with pytest.raises(UsageError, match=r"empty|expected a text"):
        index.count_many(phrases)


def test_there_must_be_a_thread(index: NgramIndex) -> None:
    with pytest.raises(UsageError, match="thread"):
        index.docs_many(["大"], threads=0)


def test_damage_is_named_in_a_thread_too(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as index:
        index.add("大模型开源" * 9000)
    segment = next((tmp_path / "index").glob("*.seg"))
    whole = bytearray(segment.read_bytes())
    footer = int.from_bytes(whole[32:40], "little")
    whole[128:footer] = bytes(footer - 128)
    segment.write_bytes(whole)
    with pytest.raises(NgramIndexError, match=r"\.seg is damaged"):
        NgramIndex.open(tmp_path / "index").count_many(["大模型", "型开源"] * 9, threads=2)


def test_a_view_keeps_its_commit(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as index:
        index.add("大模型")
        index.commit()
        view = index.view()
        index.delete(0)
        index.add("模型与模型")
        index.merge()
        assert (view.count("模型"), index.count("模型")) == (1, 2)
        assert (view.text(0), view.ids().tolist(), len(view)) == ("大模型", [0], 1)
        assert (view.generation, index.generation) == (1, 2)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("where", [None, {"even": True}])
def test_many_searches_are_answered_as_one_by_one(
    index: NgramIndex, where: dict[str, Condition] | None, threads: int
) -> None:
    queries = [*PHRASES[:5], "模型 “开源”", "“大模” “型開”", "没有 后", "“没有” 大"]
    found = index.search_many(queries, 7, where=where, variants="all", threads=threads)
    assert found == [index.search(query, 7, where=where, variants="all") for query in queries]
    assert [bool(hits) for hits in found] == [True] * len(queries[:-1]) + [False]


def test_wrong_searches_are_refused(index: NgramIndex) -> None:
    with pytest.raises(UsageError, match="the query '，' has nothing to look for"):
        index.search_many(["大", "，"])
    with pytest.raises(UsageError, match="k >= 1"):
        index.search_many(["大"], 0)
