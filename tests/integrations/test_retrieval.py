"""The retriever: whole sentences, at their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from lunheng import NgramIndex
from lunheng.errors import UsageError
from lunheng.integrations.retrieval import Retriever
from lunheng.text import sentences

TEXTS = {
    "晚报": "天气很好。燒錢訓練大模型沒有出路。大家都走了。",
    "日报": "应用才是正道。小模型够用了。",
    "早报": "今天没有新闻。",
}


@pytest.fixture
def index(tmp_path: Path) -> NgramIndex:
    with NgramIndex.create(tmp_path) as made:
        for number, (source, text) in enumerate(TEXTS.items()):
            made.add(text, source=source, year=2023 + number)
    return NgramIndex.open(tmp_path)


def test_passages_are_whole_sentences_at_their_places(index: NgramIndex) -> None:
    found = Retriever(index, width=12).invoke("大模型有出路吗")
    assert found[0].text == "燒錢訓練大模型沒有出路。"
    for passage in found:
        text = index.text(passage.id)
        assert text[passage.start : passage.end] == passage.text
        whole = {(s.start, s.end) for s in sentences(text)}
        assert {passage.start} <= {start for start, _ in whole}
        assert {passage.end} <= {end for _, end in whole}


def test_best_first_and_no_more_than_asked(index: NgramIndex) -> None:
    found = Retriever(index, k=3).invoke("大模型")
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert len(Retriever(index, k=1)("大模型")) == 1


def test_conditions_narrow(index: NgramIndex) -> None:
    [passage] = Retriever(index, where={"year": (2024, 2030)}).invoke("模型")
    assert passage.metadata["source"] == "日报"
    assert passage.page_content == passage.text


@pytest.mark.parametrize("question", ["", "？！", "量子力学"])
def test_nothing_to_look_for_finds_nothing(index: NgramIndex, question: str) -> None:
    assert Retriever(index).invoke(question) == []


@pytest.mark.parametrize("wrong", [{"k": 0}, {"width": 0}])
def test_what_cannot_be_meant_is_refused(index: NgramIndex, wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        Retriever(index, **wrong)
