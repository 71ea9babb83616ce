"""The spaCy tokenizer and component against the real library."""

from __future__ import annotations

import pytest

spacy = pytest.importorskip("spacy", reason="spaCy is not installed")

from hypothesis import given  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from lunheng import Analyser, Tokenizer  # noqa: E402

TEXT = (
    "主持人：您怎么看？\n林若海：<b>我</b>支持开源。\n"
    "主持人：花了多少？\n林若海：2023年花了3000万美元。"
)
TOKENIZER = {"nlp": {"tokenizer": {"@tokenizers": "lunheng.Tokenizer.v1"}}}


@pytest.fixture(scope="module")
def words():
    return spacy.blank("zh", config=TOKENIZER)


@pytest.fixture(scope="module")
def pipeline():
    made = spacy.blank("zh", config=TOKENIZER)
    made.add_pipe("lunheng")
    return made


@given(st.text(alphabet=st.sampled_from("大模型 \n\tAb1，𠀀"), max_size=40))
def test_every_character_is_kept(words, text: str) -> None:
    assert words(text).text == text


def test_words_are_ours(words) -> None:
    assert [token.text for token in words("改变世界。")] == Tokenizer().cut("改变世界。")


def test_mentions_stand_at_their_places(pipeline) -> None:
    found = pipeline(TEXT)
    expected = Analyser().analyse(TEXT).document.mentions
    assert [(e.label_, e.kb_id_) for e in found.ents] == [(m.type, m.name) for m in expected]
    assert [e.text for e in found.ents][-2:] == ["2023年", "3000万美元"]


def test_stances_have_places_in_the_text_given(pipeline) -> None:
    found = pipeline(TEXT)
    [stance] = found._.stances
    assert (stance["holder"], stance["polarity"], stance["target"]) == ("林若海", "favor", "开源")
    assert TEXT[stance["start"] : stance["end"]].endswith("</b>支持开源")
    assert [(span.text, span.label_) for span in found.spans["stances"]] == [
        (TEXT[stance["start"] : stance["end"]], "favor")
    ]


def test_documents_can_be_stored(pipeline) -> None:
    found = pipeline(TEXT)
    again = spacy.tokens.Doc(pipeline.vocab).from_bytes(found.to_bytes())
    assert [e.text for e in again.ents] == [e.text for e in found.ents]
    assert again._.stances[0]["target"] == "开源"


def test_settings_reach_the_stages() -> None:
    pipeline = spacy.blank("zh", config=TOKENIZER)
    pipeline.add_pipe("lunheng", config={"settings": {"stages.stance": []}})
    assert pipeline(TEXT)._.stances == ()
