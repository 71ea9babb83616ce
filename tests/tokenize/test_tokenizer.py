"""The segmenter: its laws, its twin, its batches, and the model it comes with."""

from __future__ import annotations

import pickle
import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.errors import UsageError
from lunheng.text import fold
from lunheng.tokenize import Tokenizer
from reference import segmenter as twin

PIECES = [
    "人工智能改变世界",
    "他研究生命的起源",
    "騰訊發佈了新產品",
    "2021年6月",
    "3.5%",
    "1,234,567",
    "GPT-4o",
    "C++",
    "https://example.org/a?b=c。",
    "www.example.org",
    "a.b@example.org",
    "@张三丰",
    "#大模型#",
    "#tag",
    "……",
    "——",
    "é",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1e8\U0001f1f3",
    "👍🏽",
    "\U00020000\ud800",
    " \u3000",
    "\n",
    "\r\n",
    "\u2028",
    "\x00",
    "，",
    "don't",
    "１２３",
    "'",
    "%",
]

texts = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.text(
        st.sampled_from("中国人a1 .,:-_&/'+%@#…—\n\r\u3000é\u0301\u200d\ud800\U00020000"),
        max_size=30,
    ),
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer()


@given(text=texts)
def test_words_are_the_text(tokenizer: Tokenizer, text: str) -> None:
    assert "".join(tokenizer.cut(text)) == text
    assert all(tokenizer.cut(text))


@given(text=texts)
def test_native_equals_its_twin(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.cut(text) == twin.cut(tokenizer.model, text)


@given(text=texts)
def test_spans_are_the_words(tokenizer: Tokenizer, text: str) -> None:
    spans = tokenizer.spans(text)
    assert spans.dtype == np.int32
    assert [text[a:b] for a, b in spans.tolist()] == tokenizer.cut(text)


@given(held=st.lists(texts, max_size=12), threads=st.integers(1, 3))
def test_batches_and_threads_change_nothing(
    tokenizer: Tokenizer, held: list[str], threads: int
) -> None:
    batch = tokenizer.cut_many(held, threads=threads)
    assert list(batch) == [tokenizer.cut(text) for text in held]


@given(held=st.lists(texts, max_size=12), threads=st.integers(1, 3))
def test_bytes_have_the_same_words(tokenizer: Tokenizer, held: list[str], threads: int) -> None:
    data = [text.encode("utf-8", "surrogatepass") for text in held]
    texts = [part.decode("utf-8", "surrogateescape") for part in data]
    expected = [tokenizer.cut(text) for text in texts]
    assert [tokenizer.cut(part) for part in data] == expected
    batch = tokenizer.cut_many(data, threads=threads)
    assert list(batch) == expected
    strings = tokenizer.cut_many(texts, threads=threads)
    assert batch.offsets.tolist() == strings.offsets.tolist()
    assert batch.code_point_ends().tolist() == strings.code_point_ends().tolist()
    for number, part in enumerate(data):
        assert batch.spans(number).tolist() == tokenizer.spans(part).tolist()
        assert batch.code_points(number).tolist() == strings.spans(number).tolist()
        words = [part[start:end] for start, end in batch.spans(number).tolist()]
        assert b"".join(words) == part
        assert [word.decode("utf-8", "surrogateescape") for word in words] == batch[number]


@given(data=st.binary(max_size=60))
def test_bytes_that_are_no_utf8_are_kept(tokenizer: Tokenizer, data: bytes) -> None:
    words = tokenizer.cut(data)
    assert "".join(words).encode("utf-8", "surrogateescape") == data
    assert tokenizer.cut_many([data])[0] == words


@given(held=st.lists(texts, max_size=6), before=st.binary(max_size=3))
def test_buffers_are_cut_where_they_lie(
    tokenizer: Tokenizer, held: list[str], before: bytes
) -> None:
    data = [text.encode("utf-8", "surrogatepass") for text in held]
    buffer = np.frombuffer(b"".join([before, *data, b"tail"]), np.uint8)
    offsets = np.cumsum([len(before), *map(len, data)])
    batch = tokenizer.cut_many(buffer, offsets=offsets)
    assert list(batch) == [tokenizer.cut(part) for part in data]
    assert batch.ends.dtype == np.int64


@pytest.mark.parametrize("offsets", [[0, 2, 1], [0, 9], [-1, 2], [], [[0, 1]]])
def test_offsets_that_do_not_fit_are_refused(tokenizer: Tokenizer, offsets: list[int]) -> None:
    with pytest.raises(UsageError, match="offsets"):
        tokenizer.cut_many(b"abc", offsets=offsets)


def test_what_is_no_list_of_texts_is_refused(tokenizer: Tokenizer) -> None:
    for wrong in ("改变", b"abc", ["a", b"b"], [1], ["a", None]):
        with pytest.raises(UsageError, match="texts"):
            tokenizer.cut_many(wrong)  # type: ignore[arg-type]


@given(held=st.lists(texts.filter(lambda t: "\r" not in t), max_size=6))
def test_lines_are_cut_by_themselves(tokenizer: Tokenizer, held: list[str]) -> None:
    whole = tokenizer.cut("\n".join(held))
    apart = [word for text in held for word in [*tokenizer.cut(text), "\n"]]
    assert whole == apart[: len(apart) - 1]


@pytest.mark.parametrize("kind", ["a", "é", "中", "\U00020000"])
def test_width_of_the_text_changes_nothing(tokenizer: Tokenizer, kind: str) -> None:
    """A far character widens the whole string, and must not move the words of other lines."""
    alone = tokenizer.cut("word 1.5\n")
    assert tokenizer.cut("word 1.5\n" + kind)[: len(alone)] == alone


@pytest.mark.parametrize(
    "unit",
    [
        "2021",
        "1,234.5",
        "22:10",
        "35%",
        "GPT-4o",
        "don't",
        "C++",
        "https://example.org/a?b=c",
        "someone@example.org",
        "@林若海",
        "#大模型#",
        "👩‍👩‍👧",
        "🇨🇳",
        "👍🏽",
        "１２３４",
        "naïve",
        "……",
        "——",
    ],
)
def test_units_stay_whole(tokenizer: Tokenizer, unit: str) -> None:
    assert unit in tokenizer.cut(f"他说 {unit} 很好")


def test_long_lines_are_cut_as_far_as_they_have_commas(tokenizer: Tokenizer) -> None:
    sentence = "人工智能正在改变世界，"
    assert tokenizer.cut(sentence * 2000) == tokenizer.cut(sentence) * 2000
    digits = "7" * 20000
    assert tokenizer.cut(f"共{digits}个")[1] == digits


variants = st.text(
    st.sampled_from("騰訊發佈語言，。．％＃＠：／ｈｔｐｗABＣ１2～—－_＿⼀⽅中a1 \n.:/#@"),
    max_size=30,
)


@given(text=st.one_of(texts, variants, variants.map(lambda text: "ｈttp：／/" + text)))
def test_folded_text_has_the_same_boundaries(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.spans(fold(text)).tolist() == tokenizer.spans(text).tolist()


def test_full_width_and_traditional_text_has_the_same_words(tokenizer: Tokenizer) -> None:
    simplified = tokenizer.cut("腾讯发布了新的语言模型ABC")
    traditional = tokenizer.cut("騰訊發佈了新的語言模型ＡＢＣ")
    assert [len(word) for word in simplified] == [len(word) for word in traditional]


def test_pickled_tokenizer_cuts_the_same(tokenizer: Tokenizer) -> None:
    copy = pickle.loads(pickle.dumps(tokenizer))
    assert copy.cut("人工智能改变世界") == tokenizer.cut("人工智能改变世界")


def test_threads_share_one_tokenizer(tokenizer: Tokenizer) -> None:
    choice = random.Random(1)
    held = ["".join(choice.choices(PIECES, k=50)) for _ in range(40)]
    expected = [tokenizer.cut(text) for text in held]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(tokenizer.cut, held * 5)) == expected * 5


def test_a_tokenizer_cannot_be_changed(tokenizer: Tokenizer) -> None:
    with pytest.raises(AttributeError, match="immutable"):
        tokenizer.model = None  # type: ignore[misc,assignment]
