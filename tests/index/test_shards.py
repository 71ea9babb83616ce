"""Shards opened side by side answer as one index with all their documents does."""

from __future__ import annotations

import pickle
import random
from pathlib import Path

import pytest

from lunheng.errors import UsageError
from lunheng.index import NgramIndex, ShardedView

LETTERS = "大模型開开源后後腾騰讯"
QUERIES = ("大模型", "开源 腾讯", "“大模” 后", "型开源后")


def texts(seed: int, number: int) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chance.choices(LETTERS, k=chance.randrange(1, 60))) for _ in range(number)]


@pytest.fixture
def both(tmp_path: Path) -> tuple[NgramIndex, ShardedView]:
    """Make one index and four shards, one of them empty, with deletions, in several segments."""
    whole = NgramIndex.create(tmp_path / "whole")
    deleted = []
    for number, size in enumerate((30, 0, 7, 55)):
        with NgramIndex.create(tmp_path / f"shard{number}") as shard:
            for text in texts(number, size):
                place = whole.add(text, shard=number, length=len(text))
                same = shard.add(text, shard=number, length=len(text))
                if same == 20:
                    shard.commit()
                if same % 9 == 4:
                    deleted.append(place)
                    shard.delete(same)
    for place in deleted:
        whole.delete(place)
    whole.commit()
    whole.close()
    shards = NgramIndex.open_many(tmp_path / f"shard{number}" for number in range(4))
    return NgramIndex.open(whole.path), shards


@pytest.mark.parametrize("variants", ["written", "all"])
def test_phrases_have_the_same_places(both: tuple[NgramIndex, ShardedView], variants: str) -> None:
    whole, shards = both
    phrases = sorted(
        {text[at : at + n] for text in texts(3, 9) for n in (1, 2, 3) for at in (0, 5)}
    )
    phrases = [phrase for phrase in phrases if phrase]
    chosen = {"variants": variants}
    assert (
        shards.count_many(phrases, **chosen).tolist()
        == whole.count_many(phrases, **chosen).tolist()
    )  # type: ignore[arg-type]
    for phrase in phrases:
        assert shards.count(phrase, **chosen) == whole.count(phrase, **chosen)  # type: ignore[arg-type]
        assert shards.docs(phrase, **chosen).tolist() == whole.docs(phrase, **chosen).tolist()  # type: ignore[arg-type]
        for ours, theirs in zip(shards.positions(phrase), whole.positions(phrase), strict=True):
            assert ours.tolist() == theirs.tolist()
        assert shards.kwic(phrase, limit=None) == whole.kwic(phrase, limit=None)


def test_ranking_has_the_same_documents_and_scores(both: tuple[NgramIndex, ShardedView]) -> None:
    whole, shards = both
    assert shards.search_many(QUERIES, 200) == whole.search_many(QUERIES, 200)
    where = {"shard": 3, "length": (5, 40)}
    found = shards.search("大模型", 200, where=where)
    assert found
    assert found == whole.search("大模型", 200, where=where)


def test_what_is_told_of_documents_is_the_same(both: tuple[NgramIndex, ShardedView]) -> None:
    whole, shards = both
    assert len(shards) == len(whole)
    assert shards.ids().tolist() == whole.ids().tolist()
    assert shards.lengths().tolist() == whole.lengths().tolist()
    assert shards.values("shard") == whole.values("shard")
    assert shards.field_names() == whole.field_names()
    assert shards.top(1, 3, 50) == whole.top(1, 3, 50)
    assert shards.top_tokens(list, k=20) == whole.top_tokens(list, k=20)
    for identifier in whole.ids().tolist():
        assert shards.text(identifier) == whole.text(identifier)
        assert shards.fields(identifier) == whole.fields(identifier)
        folder, own = shards.origin(identifier)
        assert NgramIndex.open(folder).text(own) == whole.text(identifier)
    shards.check()


def test_a_deleted_document_is_nowhere(both: tuple[NgramIndex, ShardedView]) -> None:
    for ask in (both[1].origin, both[1].text):
        with pytest.raises(UsageError, match="no document 4"):
            ask(4)


def test_shards_are_pickled_by_their_place(both: tuple[NgramIndex, ShardedView]) -> None:
    again = pickle.loads(pickle.dumps(both[1]))
    assert again.search("开源") == both[1].search("开源")


def test_what_cannot_be_opened_is_refused(both: tuple[NgramIndex, ShardedView]) -> None:
    shard = both[1].shards[0]
    with pytest.raises(UsageError, match="got none"):
        NgramIndex.open_many([])
    with pytest.raises(UsageError, match="once"):
        NgramIndex.open_many([shard, shard / ".." / shard.name])
    with pytest.raises(UsageError, match="is no index"):
        NgramIndex.open_many([shard, shard / "x"])
