"""Quotations: direct, indirect, headline and nested, and whose they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from documents import document
from lunheng_plugins.quotes.rules import QuoteRules


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


@pytest.mark.parametrize(
    ("text", "holder", "words"),
    [
        ("我爸认为，听书也算读书。", "我爸", "听书也算读书"),
        ("林若海告诉南湖周刊，这批货早就卖完了。", "林若海", "这批货早就卖完了"),
        ("林若海抱怨，四天要跑完五天的点。", "林若海", "四天要跑完五天的点"),
        ("但计老师提醒，题目一难就听不懂。", "计老师", "题目一难就听不懂"),
    ],
)
def test_reported_words_of_kin_titles_and_verbs_before_a_comma(
    text: str, holder: str, words: str
) -> None:
    assert quotes(text, PERSON="林若海") == [(holder, "indirect", words)]


def test_a_role_brings_a_name_that_no_list_knows() -> None:
    words = "店主 小柚子 把 价目 贴 了 出来 。 她 说 ： “ 一分 钱 也 不能 少 ， 爱买 不买 。 ”"
    made = document(words.replace(" ", ""), words)
    assert [(q.holder, q.attribution) for q in made.quotes] == [("小柚子", "direct")]


def test_this_professor_is_the_one_introduced_as_professor() -> None:
    text = "教授林若海和周青都到了。“再等等看吧，太早了。”这位教授说。"
    assert quotes(text, PERSON="林若海 周青")[0][0] == "林若海"


def test_the_author_named_above_the_text_says_nothing_of_what_others_say() -> None:
    text = "作者：程子苓\n林若海来了。她说：“这条路走不通，别再试了。”"
    made = document(text, author="程子苓", PERSON="林若海 程子苓")
    assert [q.holder for q in made.quotes] == ["林若海"]


def test_a_headline_quotes_whom_the_text_below_quotes() -> None:
    text = (
        "“再降下去就该倒贴了”：价格战打到第三轮\n\n这是今年第三次降价了，行业里人心惶惶，谁也不好过。\n"
        "林若海说：“再降下去就该倒贴了，真的。”\n"
    )
    assert quotes(text, PERSON="林若海")[0] == ("林若海", "headline", "再降下去就该倒贴了")


def test_commenters_go_by_their_handles() -> None:
    text = "网友“胖虎不胖”：第三条说得太对了，我交了两万六。\n网友“早睡的鱼”：不同意第七条。"
    assert [holder for holder, *_ in quotes(text)] == ["胖虎不胖", "早睡的鱼"]


def test_an_author_interviewed_in_their_own_text_is_quoted_in_it() -> None:
    text = (
        "林若海认为，应用比模型重要。他指出，明年会更难。\n"
        "记者：您怎么看？\n林若海：我看行。\n记者：为什么？\n林若海：因为便宜。"
    )
    made = replace(document(text, author="林若海", PERSON="林若海"), quotes=())
    found = [(q.holder, made.text[q.start : q.end]) for q in QuoteRules().quotes(made)]
    assert ("林若海", "明年会更难") in found


def test_reported_words_end_where_the_one_who_reports_goes_on() -> None:
    found = quotes("林若海说开源没有前途，我很不高兴。", PERSON="林若海")
    assert found == [("林若海", "indirect", "开源没有前途")]


def test_what_a_speaker_says_to_have_said_is_the_speakers_own() -> None:
    text = "记者：您怎么回答？\n林若海：我当时说，“这条路走不通。”\n记者：后来呢？\n林若海：没了。"
    [(holder, attribution, _)] = quotes(text, PERSON="林若海")
    assert (holder, attribution) == ("林若海", "direct")


@pytest.mark.parametrize(
    ("text", "holder", "words"),
    [
        ("散场后，有到场的投资人向本报表示，两边都没说服对方。", "投资人", "两边都没说服对方"),
        ("林若海还悲观地预测，一半的公司活不过三年。", "林若海", "一半的公司活不过三年"),
        ("林若海拿电灯打比方，称新技术起初都被当成玩具。", "林若海", "新技术起初都被当成玩具"),
        ("我导说新题目三年也做不完。", "我导", "新题目三年也做不完"),
        ("有人说这门手艺过时了，我举双手赞成。", "有人", "这门手艺过时了"),
    ],
)
def test_who_speaks_stands_before_adverbs_listeners_and_a_comma(
    text: str, holder: str, words: str
) -> None:
    assert quotes(text, PERSON="林若海") == [(holder, "indirect", words)]
