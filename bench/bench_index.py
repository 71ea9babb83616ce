"""The n-gram index beside tantivy and FTS5 (both over bigrams) and a suffix array.

The corpus is JSON Lines (also .xz) with a key ``text``: the file that ``LUNHENG_BENCH_CORPUS``
names, by default the raw sample in the shared data folder. ``LUNHENG_BENCH_MB`` (20) bounds it,
``LUNHENG_BENCH_TIMES`` (1) takes it several times over, shuffled. Latencies are the best of some
rounds for each phrase: ``extra_info`` has their p50 and p99 in milliseconds.
Every engine must give the right number of documents; those that cannot count occurrences do not.
"""

from __future__ import annotations

import json
import lzma
import os
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import count, pairwise
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import Any, Protocol

import pytest

from lunheng.index import NgramIndex

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "raw" / "sample100.jsonl.xz"
CORPUS = Path(os.environ.get("LUNHENG_BENCH_CORPUS", SHARED))
MEGABYTES = float(os.environ.get("LUNHENG_BENCH_MB", "20"))
TIMES = int(os.environ.get("LUNHENG_BENCH_TIMES", "1"))
ROUNDS = 7
PHRASES = 220
ABSENT = 20


class Engine(Protocol):
    """What is compared; ``build`` ends when the texts are committed and searchable."""

    def build(self, texts: Sequence[str], folder: Path) -> None: ...
    def docs(self, phrase: str) -> int: ...
    def occurrences(self, phrase: str) -> int: ...
    def best(self, phrase: str) -> object: ...
    def lines(self, phrase: str) -> object: ...


def bigram_words(text: str) -> str:
    """Return the bigrams of a text as words that any tokenizer leaves alone."""
    points = [f"{ord(character):x}" for character in text]
    return " ".join(f"{a}z{b}" for a, b in pairwise(points))


class Lunheng:
    compact = False

    def build(self, texts: Sequence[str], folder: Path) -> None:
        with NgramIndex.create(folder / "index", compact=self.compact) as index:
            index.add_many(texts)
        self.index = NgramIndex.open(folder / "index")

    def docs(self, phrase: str) -> int:
        return len(self.index.docs(phrase))

    def occurrences(self, phrase: str) -> int:
        return self.index.count(phrase)

    def best(self, phrase: str) -> object:
        return self.index.search(phrase, 10)

    def lines(self, phrase: str) -> object:
        return self.index.kwic(phrase, 20, 20)


class CompactLunheng(Lunheng):
    compact = True


class Tantivy:
    def build(self, texts: Sequence[str], folder: Path) -> None:
        self.tantivy = pytest.importorskip("tantivy")
        builder = self.tantivy.SchemaBuilder()
        builder.add_text_field("bigrams", stored=False, tokenizer_name="whitespace")
        builder.add_bytes_field("text", stored=True, indexed=False)
        (folder / "index").mkdir()
        self.index = self.tantivy.Index(builder.build(), path=str(folder / "index"))
        writer = self.index.writer(heap_size=256 << 20, num_threads=1)
        for text in texts:
            stored = text.encode("utf-8", "surrogatepass")
            writer.add_document(self.tantivy.Document(bigrams=bigram_words(text), text=stored))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def query(self, phrase: str) -> Any:
        words: list[Any] = list(bigram_words(phrase).split())
        if len(words) == 1:
            return self.tantivy.Query.term_query(self.index.schema, "bigrams", words[0])
        return self.tantivy.Query.phrase_query(self.index.schema, "bigrams", words)

    def docs(self, phrase: str) -> int:
        return int(self.searcher.search(self.query(phrase), 1, count=True).count)

    def occurrences(self, phrase: str) -> int:
        pytest.skip("tantivy counts documents, not occurrences")

    def best(self, phrase: str) -> object:
        should = self.tantivy.Occur.Should
        terms = [(should, self.query(phrase[i : i + 2])) for i in range(len(phrase) - 1)]
        query = self.tantivy.Query.boolean_query(terms)
        return self.searcher.search(query, 10, count=False).hits

    def lines(self, phrase: str) -> object:
        pytest.skip("tantivy has no concordance")


class Fts5:
    def build(self, texts: Sequence[str], folder: Path) -> None:
        self.database = sqlite3.connect(folder / "index.db")
        self.database.execute("create virtual table texts using fts5(bigrams, content='')")
        self.database.execute("create table stored (text)")
        self.database.executemany("insert into stored values (?)", ((text,) for text in texts))
        self.database.executemany(
            "insert into texts(rowid, bigrams) values (?, ?)",
            zip(count(1), map(bigram_words, texts)),
        )
        self.database.commit()

    def ask(self, columns: str, phrase: str) -> list[Any]:
        query = '"' + bigram_words(phrase) + '"'
        return self.database.execute(
            f"select {columns} from texts where texts match ?", (query,)
        ).fetchall()

    def docs(self, phrase: str) -> int:
        return int(self.ask("count(*)", phrase)[0][0])

    def occurrences(self, phrase: str) -> int:
        pytest.skip("FTS5 counts documents, not occurrences")

    def best(self, phrase: str) -> object:
        query = " OR ".join(f'"{word}"' for word in bigram_words(phrase).split())
        return self.database.execute(
            "select rowid from texts where texts match ? order by rank limit 10", (query,)
        ).fetchall()

    def lines(self, phrase: str) -> object:
        pytest.skip("FTS5 over bigrams has no concordance of characters")


class SuffixArray:
    def build(self, texts: Sequence[str], folder: Path) -> None:
        self.divsufsort = pytest.importorskip("pydivsufsort")
        self.text = "\0".join(texts).encode("utf-8", "surrogatepass")
        self.array = self.divsufsort.divsufsort(self.text)

    def docs(self, phrase: str) -> int:
        pytest.skip("a suffix array knows no documents")

    def occurrences(self, phrase: str) -> int:
        pattern = phrase.encode("utf-8", "surrogatepass")
        return int(self.divsufsort.sa_search(self.text, self.array, pattern)[0])

    def best(self, phrase: str) -> object:
        pytest.skip("a suffix array does not rank")

    def lines(self, phrase: str) -> object:
        pattern = phrase.encode("utf-8", "surrogatepass")
        n, first = self.divsufsort.sa_search(self.text, self.array, pattern)
        return [
            self.text[at - 60 : at + len(pattern) + 60].decode("utf-8", "replace")
            for at in self.array[first or 0 : (first or 0) + min(n, 20)]
        ]


ENGINES = {
    "lunheng": Lunheng,
    "lunheng-compact": CompactLunheng,
    "tantivy": Tantivy,
    "fts5": Fts5,
    "suffix-array": SuffixArray,
}


def read_texts() -> Iterator[str]:
    if not CORPUS.is_file():
        pytest.skip(f"there is no corpus {CORPUS}; name one in LUNHENG_BENCH_CORPUS")
    left = MEGABYTES * 1e6
    with (
        lzma.open(CORPUS, "rt", encoding="utf-8")
        if CORPUS.suffix == ".xz"
        else CORPUS.open(encoding="utf-8") as lines
    ):
        for line in lines:
            text = json.loads(line)["text"]
            left -= len(text.encode("utf-8", "surrogatepass"))
            yield text
            if left < 0:
                return


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return the median and the 99th percentile in milliseconds."""
    ordered = sorted(seconds)
    places = {"p50_ms": len(ordered) // 2, "p99_ms": int(len(ordered) * 0.99)}
    return {name: round(ordered[place] * 1e3, 4) for name, place in places.items()}


@pytest.fixture(scope="module")
def texts() -> list[str]:
    every = list(read_texts()) * TIMES
    if TIMES > 1:
        random.Random(2).shuffle(every)
    return every


@pytest.fixture(scope="module")
def phrases(texts: list[str]) -> list[str]:
    """Phrases of 2 to 10 characters cut from the texts, some absent; ASCII is left out.

    Folding would let the index find full-width forms that its peers do not.
    """
    generator = random.Random(1)
    made: list[str] = []
    while len(made) < PHRASES - ABSENT:
        text = generator.choice(texts)
        start = generator.randrange(max(len(text) - 10, 1))
        phrase = text[start : start + generator.randint(2, 10)]
        if len(phrase) > 1 and all("一" <= character <= "鿿" for character in phrase):
            made.append(phrase)
    return made + ["".join(generator.sample("龘靐虋犇骉猋掱焱淼", 3)) for _ in range(ABSENT)]


@pytest.fixture(scope="module", params=ENGINES)
def built(
    request: pytest.FixtureRequest, texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Engine:
    engine: Engine = ENGINES[request.param]()
    engine.build(texts, tmp_path_factory.mktemp(request.param))
    return engine


@pytest.mark.parametrize("name", ENGINES)
def test_build(
    benchmark: Any, name: str, texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    benchmark.group = "build"
    folders: list[Path] = []

    def build() -> Engine:
        folders.append(tmp_path_factory.mktemp(name))
        engine: Engine = ENGINES[name]()
        engine.build(texts, folders[-1])
        return engine

    benchmark.pedantic(build, rounds=1)
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    files = [file for file in folders[-1].rglob("*") if file.is_file()]
    benchmark.extra_info.update(
        bytes=size,
        characters=sum(map(len, texts)),
        megabytes_per_second=round(size / 1e6 / benchmark.stats["mean"], 2),
        index_to_text=round(sum(file.stat().st_size for file in files) / size, 3),
    )
    assert name == "suffix-array" or files


@pytest.mark.parametrize("question", ["docs", "occurrences", "best", "lines"])
def test_questions(benchmark: Any, built: Engine, phrases: list[str], question: str) -> None:
    benchmark.group = question
    ask = getattr(built, question)
    best = [float("inf")] * len(phrases)

    def ask_all() -> None:
        for i, phrase in enumerate(phrases):
            start = perf_counter()
            ask(phrase)
            best[i] = min(best[i], perf_counter() - start)

    ask_all()
    benchmark.pedantic(ask_all, rounds=ROUNDS)
    benchmark.extra_info.update(percentiles(best))
    benchmark.extra_info["questions"] = len(phrases)
    if question == "docs":
        assert ask(phrases[0]) >= 1
        assert ask(phrases[-1]) == 0


def test_top(benchmark: Any, texts: list[str], tmp_path: Path) -> None:
    benchmark.group = "top"
    engine = Lunheng()
    engine.build(texts, tmp_path)
    found = benchmark.pedantic(lambda: engine.index.top(2, 5, 1000), rounds=1)
    assert engine.index.count(found[0][0], variants="all") == found[0][1]


def test_one_document(benchmark: Any, tmp_path: Path) -> None:
    benchmark.group = "one document, durable and visible"
    with NgramIndex.create(tmp_path / "index") as index:

        def add() -> None:
            index.add("一篇很短的文章，讲的是大模型。" * 10)
            index.commit()

        benchmark.pedantic(add, rounds=200)
        assert index.count("大模型") == 2000


@pytest.mark.parametrize("commits", [1000, 10_000])
def test_many_small_commits(
    benchmark: Any, texts: list[str], phrases: list[str], tmp_path: Path, commits: int
) -> None:
    """Compare questions after one-document commits with those after a merge."""
    benchmark.group = "questions after many commits"
    with NgramIndex.create(tmp_path / "index") as index:
        for text in texts[:commits]:
            index.add(text)
            index.commit()

        def medians() -> dict[str, float]:
            found = {}
            for name, ask in (("count", index.count), ("docs", index.docs), ("best", index.search)):
                best = [float("inf")] * len(phrases)
                for _ in range(ROUNDS):
                    for i, phrase in enumerate(phrases):
                        start = perf_counter()
                        ask(phrase)
                        best[i] = min(best[i], perf_counter() - start)
                found[name] = percentiles(best)["p50_ms"]
            return found

        before = benchmark.pedantic(medians, rounds=1)
        segments = index.info().segments
        index.merge()
        after = medians()
        ratios = {name: round(before[name] / after[name], 2) for name in before}
        benchmark.extra_info.update(segments=segments, before_to_merged=ratios)
        assert len(index) == min(commits, len(texts))


@pytest.mark.parametrize("question", ["count", "docs", "positions", "search"])
def test_two_threads(
    benchmark: Any, texts: list[str], phrases: list[str], tmp_path: Path, question: str
) -> None:
    """Compare two threads with one: a batch of questions shared, and single ones asked at once."""
    benchmark.group = "two threads"
    engine = Lunheng()
    engine.build(texts, tmp_path)
    many = getattr(engine.index, f"{question}_many")
    one = getattr(engine.index, question)
    asked = phrases * (50 if question != "search" else 10)

    def one_by_one() -> None:
        for phrase in phrases * 5:
            one(phrase)

    def at_once() -> None:
        threads = [Thread(target=one_by_one) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def seconds(run: Callable[[], object]) -> float:
        start = perf_counter()
        run()
        return perf_counter() - start

    def best(run: Callable[[], object]) -> float:
        return min(seconds(run) for _ in range(ROUNDS))

    benchmark.pedantic(lambda: many(asked, threads=2), rounds=ROUNDS)
    benchmark.extra_info["batch_in_two_threads_to_one"] = round(
        best(lambda: many(asked)) / best(lambda: many(asked, threads=2)), 2
    )
    benchmark.extra_info["one_by_one_in_two_threads_to_one"] = round(
        2 * best(one_by_one) / best(at_once), 2
    )
    assert len(many(phrases)) > 0
