"""Quotations: direct, indirect, headline and nested, and whose they are."""

from __future__ import annotations

import pytest

from documents import document


def quotes(text: str, **names: str) -> list[tuple[str, str, str]]:
    made = document(text, **names)
    return [(q.holder, q.attribution, made.text[q.start : q.end]) for q in made.quotes]


@pytest.mark.parametrize(
    "text",
    [
        "林若海说：“我们不会再烧钱了。”",
        "林若海坦言，“我们不会再烧钱了。”",
        "“我们不会再烧钱了。”林若海说。",
        "“我们不会再烧钱了。”昨天，林若海在会上表示。",
        "林若海對此回應道：「我們不會再燒錢了。」",
    ],
)
def test_direct_speech_before_and_after_its_speaker(text: str) -> None:
    [(holder, attribution, words)] = quotes(text, PERSON="林若海")
    assert (holder, attribution) == ("林若海", "direct")
    assert words in ("我们不会再烧钱了。", "我們不會再燒錢了。")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("林若海认为，应用比模型重要。", "应用比模型重要"),
        ("据林若海判断，明年会更难。", "明年会更难"),
        ("在林若海看来，这条路走不通。", "这条路走不通"),
    ],
)
def test_indirect_speech_runs_to_its_sentences_end(text: str, words: str) -> None:
    assert quotes(text, PERSON="林若海") == [("林若海", "indirect", words)]


def test_groups_speak_too() -> None:
    assert quotes("不少投资人认为，泡沫就要破了。") == [("投资人", "indirect", "泡沫就要破了")]


def test_a_pronoun_is_the_latest_person_named() -> None:
    found = quotes("林若海上周去了深圳。他说：“市场变了，我们也得变。”", PERSON="林若海")
    assert found == [("林若海", "direct", "市场变了，我们也得变。")]


def test_one_spoken_to_is_not_the_speaker() -> None:
    found = quotes("林若海对周青说：“明年再看吧，现在太早。”", PERSON="林若海 周青")
    assert found[0][0] == "林若海"


def test_a_quotation_inside_another_is_its_own() -> None:
    text = "林若海说：“周青告诉我，‘这件事做不成，别试了。’我不信。”"
    found = quotes(text, PERSON="林若海 周青")
    assert ("周青", "direct", "这件事做不成，别试了。") in found
    assert found[0][0] == "林若海"


def test_a_headline_gives_somebodys_words() -> None:
    found = quotes("他转发了《林若海：大模型创业不要幻想融资》一文。", PERSON="林若海")
    assert ("林若海", "headline", "大模型创业不要幻想融资") in found


@pytest.mark.parametrize(
    "text",
    [
        "所谓“赛道”，不过是一个说法。",
        "我觉得这样不好，应该再想想。",
        "小说里写的是另一回事，听说作者改过三次。",
    ],
)
def test_terms_and_ones_own_words_are_no_quotes(text: str) -> None:
    assert quotes(text) == []
