"""Text ruined as scrapers ruin it comes back, or is flagged, and whole text is left alone."""

from __future__ import annotations

import re

import pytest

from lunheng.text import apply_edits
from lunheng_plugins.cleaners import misdecoded, pinyin_brackets, punctuation
from reference.scraper_damage import PINYIN, SEPARATORS, apply, ruin

CLEANERS = (
    misdecoded.lunheng_cleaners(None),
    pinyin_brackets.lunheng_cleaners(None),
    punctuation.lunheng_cleaners(None),
)

ARTICLE = """林若海說：“這個行業的規模，三年之內還會再翻一倍。”
他認為，換電站的建設不能只看數量。現在最要緊的，是統一標準。
“如果大家都只想著燒錢，最後誰也活不下去。”他補充道。
記者問：「那麼您的公司呢？」林若海回答：「我們能夠實現盈利。」
這家公司創辦於南湖，創始人是一位數學老師，業務遍及十二個省。
有人說，這是一場沒有贏家的競爭。基礎設施的投入太大，回報太慢。
他並不同意這種看法：“技術會越來越便宜，市場也會越來越大。”
“我對未來有信心。”正如林若海所說，風險與機會從來都是一起來的。
"""


def ruined(text: str) -> str:
    """Return the text as the scraper leaves it, tags taken out."""
    tagged = text.replace("\n", "</p>\n")
    return apply(tagged, ruin(tagged, PINYIN, SEPARATORS)).replace("</p>", "")


def repaired(text: str) -> str:
    for cleaner in CLEANERS:
        text = apply_edits(text, cleaner.edits(text)).text
    return text


def test_article_comes_back() -> None:
    dirty = ruined(ARTICLE)
    assert len(re.findall("[?]", dirty)) > 5
    assert repaired(dirty) == ARTICLE


def test_article_comes_back_without_its_inserted_commas() -> None:
    dirty = re.sub(",(?=[，。、；！？])", "", ruined(ARTICLE))
    assert repaired(dirty) == ARTICLE


def test_article_comes_back_without_characters_of_private_use() -> None:
    dirty = re.sub("[\ue000-\uf8ff]", "", ruined(ARTICLE))
    lines = zip(repaired(dirty).split("\n"), ARTICLE.split("\n"), strict=True)
    assert sum(left != right for left, right in lines) <= 1


@pytest.mark.parametrize("text", [ARTICLE, "真的嗎？！我不信。\n什麼？、為何？", "為什麼?!" * 5])
def test_whole_text_is_left_alone(text: str) -> None:
    assert misdecoded.lunheng_cleaners(None).edits(text) in ([], ())
