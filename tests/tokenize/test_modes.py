"""Parts of long words, whole quantities, and the reasons of boundaries."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.errors import UsageError
from lunheng.tokenize import Tokenizer, UserWord

texts = st.text("中华人民共和国研究2021年6月,.a \n", max_size=24)


@pytest.fixture(scope="module")
def plain() -> Tokenizer:
    return Tokenizer()


@pytest.fixture(scope="module", params=["search", "ngram"])
def finer(request: pytest.FixtureRequest, plain: Tokenizer) -> Tokenizer:
    return Tokenizer(plain.model, mode=request.param)


@given(text=texts)
def test_parts_stay_inside_their_words(plain: Tokenizer, finer: Tokenizer, text: str) -> None:
    words = [tuple(span) for span in plain.spans(text).tolist()]
    spans = [tuple(span) for span in finer.spans(text).tolist()]
    assert set(words) <= set(spans)
    assert len(set(spans)) == len(spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    for start, end in spans:
        assert any(a <= start and end <= b for a, b in words)


@given(held=st.lists(texts, max_size=5))
def test_batches_of_parts(finer: Tokenizer, held: list[str]) -> None:
    assert list(finer.cut_many(held)) == [finer.cut(text) for text in held]


def test_long_word_gives_its_parts(plain: Tokenizer) -> None:
    own = Tokenizer(plain.model, mode="search")
    assert own.cut("人工智能研究") == ["人工", "人工智能", "智能", "研究"]
    pairs = Tokenizer(plain.model, mode="ngram")
    assert pairs.cut("共和国") == ["共和", "共和国", "和国"]
    assert pickle.loads(pickle.dumps(pairs)).mode == "ngram"


@pytest.mark.parametrize("whole", ["2021年6月5日", "3000多万美元", "九十年代", "30個月", "５億元"])
def test_whole_quantities(plain: Tokenizer, whole: str) -> None:
    own = Tokenizer(plain.model, units="whole")
    assert whole in own.cut(f"共计，{whole}，结束")
    assert whole not in plain.cut(f"共计，{whole}，结束") or whole == "九十年代"


@given(text=texts)
def test_whole_quantities_are_still_the_text(plain: Tokenizer, text: str) -> None:
    assert "".join(Tokenizer(plain.model, units="whole").cut(text)) == text


@given(text=texts.map(lambda text: text.replace("\n", "")).filter(bool))
def test_explained_boundaries_are_the_words(plain: Tokenizer, text: str) -> None:
    places = [place.place for place in plain.explain(text) if place.cut]
    assert [0, *places] == plain.spans(text)[:, 0].tolist()


@given(text=texts.map(lambda text: text.replace("\n", "")).filter(bool))
def test_features_add_up_to_the_score(plain: Tokenizer, text: str) -> None:
    for place in plain.explain(text):
        total = sum(weight for _, weight in place.features)
        assert place.score == pytest.approx(total, abs=1e-6)


def test_reasons(plain: Tokenizer) -> None:
    own = plain.with_words([UserWord("改变世", tag="v")])
    places = own.explain("改变世界 好")
    assert [place.reason for place in places] == [*["user word"] * 3, "space", "space"]
    assert [place.word.tag for place in places if place.word] == ["v"] * 3


def test_what_cannot_be_explained_is_refused(plain: Tokenizer) -> None:
    for text in ("", "a\nb", "长" * 5000):
        with pytest.raises(UsageError, match="expected one line"):
            plain.explain(text)


def test_unknown_modes_are_refused() -> None:
    with pytest.raises(UsageError, match="modes"):
        Tokenizer(mode="fast")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="units"):
        Tokenizer(units="some")  # type: ignore[arg-type]


@pytest.mark.parametrize("mixed", [["好", 1], [1], ["好", b"x"], [b"x", "好"]])
def test_texts_of_several_kinds_are_refused_in_every_mode(
    plain: Tokenizer, finer: Tokenizer, mixed: list[str]
) -> None:
    for tokenizer in (plain, finer):
        for threads in (1, 2):
            with pytest.raises(UsageError, match="all str or all bytes"):
                tokenizer.cut_many(mixed, threads)
