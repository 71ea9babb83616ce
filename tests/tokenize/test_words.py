"""A user's words are obeyed, wherever they come from and whatever they are made of."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.errors import UsageError
from lunheng.tokenize import Tokenizer, UserWord
from reference.segmenter import Scanner
from reference.user_words import obeyed


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer()


@pytest.mark.parametrize(
    "word",
    [
        "改变世",
        "New York",
        "T-恤",
        "让·雅克",
        "卡拉OK",
        "5G套餐",
        "他",
        "。”",
        "「你好！」",
        "a 大 b",
        "𠮷野家",
    ],
)
def test_word_is_obeyed(tokenizer: Tokenizer, word: str) -> None:
    assert tokenizer.with_words([word]).cut(f"看，{word}，好")[2] == word


def test_word_matches_in_every_script_and_width(tokenizer: Tokenizer) -> None:
    own = tokenizer.with_words(["腾讯ABC发布"])
    assert own.cut("騰訊ＡＢＣ發佈") in (["騰訊ＡＢＣ發佈"], tokenizer.cut("騰訊ＡＢＣ發佈"))
    assert own.cut("騰訊ＡＢＣ發布")[0] == "騰訊ＡＢＣ發布"


def test_word_does_not_split_a_number_or_a_latin_word(tokenizer: Tokenizer) -> None:
    own = tokenizer.with_words(["20", "Open", "1月"])
    assert "2021" in own.cut("2021年")
    assert "OpenAI" in own.cut("OpenAI说")
    assert "11" in own.cut("11月")


def test_forced_parts(tokenizer: Tokenizer) -> None:
    own = tokenizer.with_words([UserWord("人工智能", parts=("人", "工智", "能"))])
    assert own.cut("人工智能") == ["人", "工智", "能"]


def test_heavier_then_longer_then_earlier(tokenizer: Tokenizer) -> None:
    assert tokenizer.with_words(["甲乙", "乙丙丁"]).cut("甲乙丙丁")[-1] == "乙丙丁"
    assert tokenizer.with_words(["甲乙", "乙丙"]).cut("甲乙丙")[0] == "甲乙"
    heavy = tokenizer.with_words([UserWord("甲乙", 2.0), "乙丙丁"])
    assert heavy.cut("甲乙丙丁")[0] == "甲乙"


def test_shorter_word_is_obeyed_where_the_longer_lost(tokenizer: Tokenizer) -> None:
    own = tokenizer.with_words(["甲乙", "甲乙丙", UserWord("丙丁", 5.0)])
    assert own.cut("甲乙丙丁") == ["甲乙", "丙丁"]


def test_later_words_leave_earlier_ones(tokenizer: Tokenizer) -> None:
    own = tokenizer.with_words([UserWord("改变世", tag="x")]).with_words(["改变世", "人工"])
    assert own.cut("改变世") == ["改变世"]
    assert own.user_words[0].tag == "x"
    assert len(tokenizer.user_words) == 0
    assert pickle.loads(pickle.dumps(own)).cut("改变世") == ["改变世"]


@given(
    words=st.lists(st.text("甲乙丙1a -", min_size=1, max_size=4), max_size=5),
    text=st.text("甲乙丙1a -\n", max_size=20),
)
def test_words_are_still_the_text(tokenizer: Tokenizer, words: list[str], text: str) -> None:
    own = tokenizer.with_words(words)
    assert "".join(own.cut(text)) == text


characters = st.sampled_from(
    ["甲", "乙", "丙", "的", "1", "a", " ", "·", "é", "e\u0301", "𠮷", "㐂"]
)
phrases = st.lists(characters, min_size=1, max_size=7).map("".join)
additions = st.lists(
    st.dictionaries(phrases, st.sampled_from([1.0, 2.0]), max_size=6), min_size=1, max_size=4
)


@given(added=additions, filling=st.lists(st.one_of(characters, phrases), max_size=12))
def test_native_equals_its_twin(
    tokenizer: Tokenizer, added: list[dict[str, float]], filling: list[str]
) -> None:
    own = tokenizer
    for words in added:
        own = own.with_words([UserWord(word, weight) for word, weight in words.items()])
    text = "".join([*filling, *(word for words in added for word in list(words)[:2])])
    starts = [start for start, _ in Scanner(text, tokenizer.model).units()]
    cut = own.cut(text)
    places = {sum(map(len, cut[:k])): word for k, word in enumerate(cut)}
    for start, end in obeyed(text, starts, added):
        assert places[start] == text[start:end]
    again = pickle.loads(pickle.dumps(own))
    assert again.cut(text) == cut
    assert list(again.user_words) == list(own.user_words)


@given(words=st.lists(phrases, min_size=1, max_size=9), text=st.lists(characters, max_size=12))
def test_layers_change_nothing(tokenizer: Tokenizer, words: list[str], text: list[str]) -> None:
    """Of words that do not overlap, or differ in length, it matters not when they were added."""
    line = "".join([*text, *words])
    one_by_one = tokenizer
    for word in words:
        one_by_one = one_by_one.with_words([word])
    twice = one_by_one.with_words(words)
    assert one_by_one.cut(line) == twice.cut(line)
    assert len(one_by_one.user_words) == len(words)


def test_of_two_additions_the_first_is_obeyed(tokenizer: Tokenizer) -> None:
    own = tokenizer.with_words(["乙丙"]).with_words(["甲乙"])
    assert own.cut("甲乙丙") == ["甲", "乙丙"]
    assert tokenizer.with_words(["乙丙", "甲乙"]).cut("甲乙丙") == ["甲乙", "丙"]
    again = own.with_words([UserWord("乙丙", parts=("乙", "丙"))])
    assert again.cut("乙丙") == ["乙丙"]


def test_many_words_are_added_to_more(tokenizer: Tokenizer) -> None:
    many = [chr(0x4E00 + n) + chr(0x4E00 + n // 7) for n in range(5000)]
    own = tokenizer.with_words(many)
    for word in many[:30]:
        own = own.with_words([word + "甲"])
    assert len(own.user_words) == 5030
    assert len(own.user_words.layers) <= 8
    assert own.user_words[5000].word == many[0] + "甲"
    assert own.cut("，".join(many[:30])) == own.cut("，".join(many[:30]).encode())
    assert own.cut("，".join(many[:30]))[::2] == many[:30]


@pytest.mark.parametrize(
    "word", ["Massachusetts Institute of Technology", "中华人民共和国全国人民代表大会常务委员会"]
)
def test_long_words_are_obeyed(tokenizer: Tokenizer, word: str) -> None:
    assert tokenizer.with_words([word]).cut(f"看，{word}，好")[2] == word


def test_words_of_units_with_marks(tokenizer: Tokenizer) -> None:
    own = tokenizer.with_words(["甲乙", "丙\u0301丁"])
    assert "甲乙" not in own.cut("甲\u0301乙")
    assert own.cut("，丙\u0301丁") == ["，", "丙\u0301丁"]


@given(text=st.text("甲乙丙丁", max_size=12))
def test_single_word_is_found_everywhere_it_fits(tokenizer: Tokenizer, text: str) -> None:
    cut = tokenizer.with_words(["乙丙"]).cut(text)
    assert cut.count("乙丙") == text.count("乙丙")


def test_words_of_a_file(tokenizer: Tokenizer, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("# mine\nNew York\n改变世\t3\tv\n\n人工智能\t\t\t人工|智能\n", "utf-8")
    own = tokenizer.with_words(path)
    assert [word.tag for word in own.user_words] == ["", "v", ""]
    assert own.cut("人工智能改变世") == ["人工", "智能", "改变世"]


@pytest.mark.parametrize("line", ["a\tx", "a\t1\t\tb", "a\t1\tb\ta\tmore", "长" * 64, "a\tnan"])
def test_bad_line_of_a_file_is_named(tokenizer: Tokenizer, tmp_path: Path, line: str) -> None:
    path = tmp_path / "words.txt"
    path.write_text(f"好\n{line}\n", "utf-8")
    with pytest.raises(UsageError, match=r"words\.txt, line 2"):
        tokenizer.with_words(path)


@pytest.mark.parametrize("words", [[""], ["a\nb"], ["a\u2028b"], ["好", "长" * 64], "大模型"])
def test_what_is_no_word_is_refused(tokenizer: Tokenizer, words: list[str]) -> None:
    with pytest.raises(UsageError):
        tokenizer.with_words(words)
