"""Documents are added, deleted, updated and merged; answers are those of what is left."""

from __future__ import annotations

import multiprocessing
import pickle
import random
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from lunheng.errors import NgramIndexError, UsageError
from lunheng.index import NgramIndex
from lunheng.text import fold
from reference.ngram_index import top


@pytest.mark.parametrize("compact", [False, True])
def test_random_changes_leave_what_a_dictionary_would(tmp_path: Path, compact: bool) -> None:
    generator = random.Random(5)
    expected: dict[int, str] = {}
    index = NgramIndex.create(tmp_path / "index", compact=compact)
    for step in range(150):
        text = "".join(generator.choices("大模型开源，\n𠮷", k=generator.randrange(12)))
        action = generator.random()
        if action < 0.55 or not expected:
            expected[index.add(text, step=step)] = text
        elif action < 0.75:
            victim = generator.choice(list(expected))
            del expected[victim]
            index.delete(victim)
        else:
            victim = generator.choice(list(expected))
            del expected[victim]
            expected[index.update(victim, text, step=step)] = text
        if generator.random() < 0.4:
            index.commit()
            assert_holds(index, expected)
        if generator.random() < 0.03:
            index.merge()
            assert index.info().segments <= 1
            assert index.info().deleted == 0
            assert_holds(index, expected)
    index.commit()
    index.close()
    reopened = NgramIndex.open(tmp_path / "index")
    reopened.check()
    assert_holds(reopened, expected)


def assert_holds(index: NgramIndex, expected: dict[int, str]) -> None:
    assert len(index) == len(expected)
    for phrase in ("大", "模型", "型大模", "，\n", "𠮷"):
        places = [
            (key, start)
            for key, text in sorted(expected.items())
            for start in range(len(text))
            if text.startswith(phrase, start)
        ]
        ids, starts = index.positions(phrase)
        assert list(zip(ids.tolist(), starts.tolist(), strict=True)) == places
        assert index.count(phrase) == len(places)
        lines = index.kwic(phrase, 3, 2)
        assert [(line.id, line.start) for line in lines] == places[:2]
    folded = [fold(text) for text in expected.values()]
    assert index.top(1, 3, 7, letters=False) == top(folded, 1, 3, 7)
    for key in list(expected)[-3:]:
        assert index.text(key) == expected[key]


def test_fields_survive_merging(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as index:
        for number in range(20):
            index.add("文" * number, number=number, odd=bool(number % 2), nothing=None)
            index.commit()
        index.delete(7)
        index.merge()
        assert index.fields(8) == {"number": 8, "odd": False}
        with pytest.raises(UsageError, match="no document 7"):
            index.fields(7)


def test_many_small_commits_leave_few_segments(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as index:
        for number in range(100):
            index.add(f"第{number}篇")
            index.commit()
        assert index.info().segments < 16
        assert index.docs("篇").tolist() == list(range(100))


def test_readers_keep_their_commit_until_they_refresh(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as writer:
        writer.add("一")
        writer.commit()
        reader = NgramIndex.open(tmp_path / "index")
        writer.update(0, "一一")
        writer.merge()
        assert (reader.count("一"), writer.count("一")) == (1, 2)
        reader.refresh()
        assert reader.count("一") == 2


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as first:
        first.add("一")
        second = NgramIndex.open(tmp_path / "index")
        with pytest.raises(NgramIndexError, match="being written"):
            second.add("二")
        first.commit()
    assert second.add("二") == 1
    second.commit()
    second.close()
    assert NgramIndex.open(tmp_path / "index").docs("二").tolist() == [1]


def test_an_exception_in_a_with_block_gives_up_what_was_added(tmp_path: Path) -> None:
    def fail() -> None:
        with NgramIndex.create(tmp_path / "index") as index:
            index.add("一")
            index.commit()
            index.add("二")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    index = NgramIndex.open(tmp_path / "index")
    assert (index.count("一"), index.count("二")) == (1, 0)


def test_threads_read_while_one_writes(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as writer:
        writer.add("模型")
        writer.commit()
        counts: list[int] = []

        def read() -> None:
            reader = NgramIndex.open(tmp_path / "index")
            for _ in range(60):
                reader.refresh()
                counts.append(reader.count("模型") - len(reader))

        threads = [Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(60):
            writer.add("模型")
            writer.commit()
        for thread in threads:
            thread.join()
        assert counts == [0] * 180


def test_a_closed_index_answers_nothing_and_its_views_do(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as index:
        index.add("大模型")
        index.commit()
        view = index.view()
    assert index.closed
    calls: list[Callable[[], object]] = [
        lambda: index.count("模型"),
        lambda: index.docs("模型"),
        lambda: index.positions("模型"),
        lambda: index.count_many(["模型"]),
        lambda: index.kwic("模型"),
        lambda: index.search("模型"),
        lambda: index.top(),
        lambda: index.text(0),
        lambda: index.snippet(0, "模型"),
        lambda: index.fields(0),
        lambda: index.values("年"),
        lambda: index.ids(),
        lambda: index.lengths(),
        lambda: len(index),
        lambda: index.generation,
        lambda: index.characters,
        index.field_names,
        index.info,
        index.check,
        index.readers,
        index.view,
        index.refresh,
        index.commit,
        index.merge,
        lambda: index.add("又一篇"),
        lambda: index.delete(0),
        lambda: index.update(0, "又一篇"),
    ]
    for call in calls:
        with pytest.raises(UsageError, match="was closed"):
            call()
    index.close()
    assert view.count("模型") == 1
    assert NgramIndex.open(index.path).count("模型") == 1


def test_closing_within_a_with_block_is_allowed(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as index:
        index.close()


def test_readers_travel_by_pickle(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as index:
        index.add("模型")
    assert pickle.loads(pickle.dumps(NgramIndex.open(tmp_path / "index"))).count("模型") == 1


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="this platform has no fork"
)
def test_a_reader_goes_on_in_a_fork(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as writer:
        writer.add("模型")
    reader = NgramIndex.open(tmp_path / "index")
    assert reader.count("模型") == 1
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=lambda: answers.put((reader.count("模型"), reader.text(0))))
    child.start()
    with NgramIndex.open(tmp_path / "index") as writer:
        writer.add("模型模型")
    assert answers.get() == (1, "模型")
    child.join()
    assert reader.count("模型") == 1
    reader.refresh()
    assert reader.count("模型") == 3


def test_wrong_use_is_said(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as index:
        index.add("一", year=1)
        with pytest.raises(UsageError, match="expected str, int"):
            index.add("二", year=[1])
        index.commit()
        assert len(index) == 1
        for call in (lambda: index.count(""), lambda: index.text(9), lambda: index.delete(9)):
            with pytest.raises(UsageError):
                call()
    with pytest.raises(UsageError, match="not empty"):
        NgramIndex.create(tmp_path / "index")


def test_an_update_with_wrong_fields_changes_nothing(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as index:
        index.add("一")
        index.commit()
        with pytest.raises(UsageError, match="expected str, int"):
            index.update(0, "二", year=[1])
        index.commit()
        assert (index.count("一"), index.count("二")) == (1, 0)


def test_compact_is_smaller_and_stays_so(tmp_path: Path) -> None:
    text = "人工智能的大模型是不是泡沫，" * 40
    sizes = []
    for compact in (False, True):
        with NgramIndex.create(tmp_path / str(compact), compact=compact) as index:
            index.add_many([text] * 20)
            index.commit()
            index.merge()
            assert index.text(7) == text
            sizes.append(index.info().size)
    assert sizes[1] < sizes[0]
