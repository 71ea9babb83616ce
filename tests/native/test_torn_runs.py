"""What the search for torn runs rests on: equal to plain Python on any text."""

from __future__ import annotations

import pickle
import re
from collections import Counter
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from lunheng.native.gbk import GbkCandidates
from lunheng.native.own_pairs import OwnPairs
from lunheng.native.readings import open_quotes
from lunheng.native.scraped import ends
from lunheng.text import CharacterModel, fold, fold_table, pinyin_brackets
from lunheng.text.byte_shift import gbk_tables
from reference.byteshift import BRACKET, OPENED, TAIL
from text.strategies import texts

FOLD = fold_table()[:65536]
CANDIDATES = GbkCandidates(gbk_tables(), CharacterModel.load().table)
SCRAPED = st.text(st.sampled_from("關係Oz（(āüǹḿɡn)）/p1 >"), max_size=40)


@given(texts)
@example("\0a\0a\0")
def test_counts_a_texts_own_pairs(text: str) -> None:
    own = OwnPairs(text, FOLD)
    folded = fold(text)
    singles, pairs = Counter(folded), Counter(pairwise(folded))
    for first, second in [*pairs, ("谁", "知"), ("\U00020000", "a")]:
        assert own.count(first) == singles[first]
        assert own.count(first, second) == pairs[first, second]


def test_the_table_of_pairs_grows() -> None:
    text = "".join(chr(0x4E00 + i * i % 7919) for i in range(5000))
    own, pairs = OwnPairs(text, FOLD), Counter(pairwise(fold(text)))
    assert all(own.count(first) for first, _ in pairs)
    assert all(own.count(*pair) == times for pair, times in pairs.items())


def test_only_the_first_characters_of_a_long_text_count() -> None:
    own = OwnPairs("a" * 65536 + "ab" * 10, FOLD)
    assert (own.count("a"), own.count("a", "a"), own.count("a", "b")) == (65536, 65535, 0)


def test_candidates_share_a_byte() -> None:
    for byte in range(0x40, 0xFF):
        assert all(c.encode("gb18030")[1] == byte for c in CANDIDATES.with_trail(byte))
        assert all(c.encode("gb18030")[0] == byte for c in CANDIDATES.with_lead(byte))
    assert "」" in CANDIDATES.with_lead(0xA1)
    assert CANDIDATES.with_lead(0x40) == CANDIDATES.with_trail(0x3F) == ""
    again = pickle.loads(pickle.dumps(CANDIDATES))
    assert again.with_trail(0xA3) == CANDIDATES.with_trail(0xA3)


@given(SCRAPED)
def test_finds_what_a_scraper_inserts(text: str) -> None:
    for at in range(len(text) + 1):
        matches = (pattern.match(text, at) for pattern in (OPENED, BRACKET, TAIL))
        sound, bracket, tag = (match.end() if match else 0 for match in matches)
        assert ends(text, at)[:2] == (sound, bracket)
        assert ends(text, at)[2] in (tag, 0)


@given(SCRAPED)
def test_finds_pinyin_brackets(text: str) -> None:
    expected = re.compile(rf"(?<=[A-Za-z\x80-\U0010ffff]){BRACKET.pattern}")
    assert pinyin_brackets(text) == [match.span() for match in expected.finditer(text)]


@given(st.text(st.sampled_from("“”‘’「」『』《》（）甲a"), max_size=60))
def test_counts_open_quotations(line: str) -> None:
    kinds = ("“”", "‘’", "「」", "『』", "《》", "（）")
    assert open_quotes(line) == [line.count(left) - line.count(right) for left, right in kinds]
