"""The index answers exactly, for phrases of every kind; brute force is the oracle."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.index import NgramIndex
from lunheng.text import fold_table, merged_characters
from reference.ngram_index import occurrences

ALPHABET = (
    "的的的一是不我们人工智能腾讯騰訊發发髮后後里裏裡干乾幹榦"
    "，。！？,.\n 　ＡＩAIai12🀄𠮷𝒳é\0\ud800"
)


def table() -> dict[str, str]:
    return {chr(i): chr(folded) for i, folded in enumerate(fold_table().tolist()) if folded != i}


TABLE = table()
APART = merged_characters()


def found(index: NgramIndex, phrase: str, variants: bool) -> list[tuple[int, int]]:
    ids, starts = index.positions(phrase, variants="all" if variants else "written")
    return list(zip(ids.tolist(), starts.tolist(), strict=True))


def assert_exact(index: NgramIndex, texts: list[str], phrase: str, variants: bool) -> None:
    expected = list(occurrences(texts, phrase, TABLE, APART, variants))
    mode = "all" if variants else "written"
    assert found(index, phrase, variants) == expected
    assert index.count(phrase, variants=mode) == len(expected)
    assert index.docs(phrase, variants=mode).tolist() == sorted({number for number, _ in expected})


@given(
    texts=st.lists(st.text(st.sampled_from(ALPHABET), max_size=30), min_size=1, max_size=8),
    cuts=st.sets(st.integers(0, 7)),
    data=st.data(),
)
def test_every_phrase_is_found_where_it_is(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], cuts: set[int], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("index")
    with NgramIndex.create(folder) as index:
        for number, text in enumerate(texts):
            assert index.add(text) == number
            if number in cuts:
                index.commit()
        index.commit()
        assert [index.text(number) for number in range(len(texts))] == texts
        for _ in range(8):
            source = data.draw(st.sampled_from(texts))
            start = data.draw(st.integers(0, len(source)))
            phrase = source[start : start + data.draw(st.integers(1, 30))] or data.draw(
                st.text(st.sampled_from(ALPHABET), min_size=1, max_size=5)
            )
            assert_exact(index, texts, phrase, data.draw(st.booleans()))


def random_texts(generator: random.Random, n: int, longest: int) -> list[str]:
    """Return texts whose characters and repetitions make long and short postings alike."""
    characters = ALPHABET + "".join(map(chr, range(0x4E00, 0x4E00 + 400)))
    texts = []
    for _ in range(n):
        text = "".join(generator.choices(characters, k=generator.randrange(longest)))
        texts.append(text + generator.choice(["", text, "哈" * generator.randrange(longest)]))
    return texts


def phrases(generator: random.Random, texts: list[str], n: int) -> list[str]:
    """Return phrases of 1 to 30 characters: cut from texts, altered, and made up."""
    made = []
    while len(made) < n:
        text = generator.choice(texts)
        start = generator.randrange(len(text) + 1)
        phrase = text[start : start + generator.randint(1, 30)]
        kind = generator.randrange(4)
        if kind == 1 and phrase:
            place = generator.randrange(len(phrase))
            phrase = phrase[:place] + generator.choice(ALPHABET) + phrase[place + 1 :]
        elif kind == 2:
            phrase = "".join(generator.choices(ALPHABET, k=generator.randint(1, 4)))
        if phrase:
            made.append(phrase)
    return made


def check_many(folder: Path, seed: int, documents: int, asked: int) -> None:
    generator = random.Random(seed)
    texts = random_texts(generator, documents, 120)
    with NgramIndex.create(folder, memory=1 << 20) as index:
        for number, text in enumerate(texts):
            index.add(text)
            if generator.random() < 0.1 or number == documents // 2:
                index.commit()
    with NgramIndex.open(folder) as index:
        for phrase in phrases(generator, texts, asked):
            assert_exact(index, texts, phrase, generator.random() < 0.5)


def test_many_phrases_of_random_texts(tmp_path: Path) -> None:
    check_many(tmp_path / "index", 1, 60, 300)


@pytest.mark.slow
def test_ten_thousand_phrases(tmp_path: Path) -> None:
    check_many(tmp_path / "index", 2, 150, 10_000)
