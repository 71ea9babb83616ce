"""The search for misdecoded text: equal to its plain twin on texts ruined with bytes."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given

from lunheng.errors import UsageError
from lunheng.native.bigrams import BigramTable
from lunheng.native.byteshift import ShiftSearch
from lunheng.native.gbk import GbkCandidates, GbkTables
from lunheng.text import ByteShift, CharacterModel
from lunheng.text.byte_shift import gbk_tables, scraper_sounds
from reference import byteshift as plain
from reference.scraper_damage import PINYIN, SEPARATORS, apply, ruin
from text.strategies import texts

MODEL, TABLES, CHARSET = CharacterModel.load(), gbk_tables(), plain.Charset.load()

SENTENCES = [
    "「走吧。」</p>",
    "他們做了實驗。現在好了，可以用了。",
    "最後誰也活不下去。”他補充道，這樣不行。",
    "我們能夠實現這個目標。",
]


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("dropping", [False, True])
def test_agrees_with_plain_search(sentence: str, dropping: bool) -> None:
    damaged = apply(sentence, ruin(sentence, PINYIN, SEPARATORS))
    if dropping:
        damaged = "".join(char for char in damaged if not "\ue000" <= char <= "\uf8ff")
    anchor = plain.ANCHOR.search(damaged)
    assert anchor is not None
    before = plain.INSERTED.sub("", damaged[: anchor.start()])
    twin = plain.Shift.over(damaged, MODEL, CHARSET)
    candidates = GbkCandidates(TABLES, MODEL.table)
    search = ShiftSearch(candidates, damaged, scraper_sounds(damaged), bool(twin.foreign))
    begun = [
        (state.at, -1 if state.pending is None else state.pending, state.score)
        for state in twin._begin(anchor, before)
        if not state.done
    ]
    readings = twin.readings(anchor, before)
    read = search.read(anchor.start(), before, begun, drops=twin.drops)
    assert read is not None
    assert (read[0], read[1]) == (readings[0].text, readings[0].at)


@given(texts)
def test_edits_of_any_text_are_in_order(text: str) -> None:
    at = 0
    for edit in ByteShift(MODEL, TABLES).edits("他說：" + text + "?！?" + text):
        assert at <= edit.start < edit.end
        at = edit.end


@given(texts, texts)
def test_bigrams_agree_with_their_sum(before: str, after: str) -> None:
    scores = MODEL.scores(before + after)
    assert scores.shape == (len(before + after),)
    if before and after:
        assert scores[len(before)] == MODEL.following(before[-1], after[0])[0]
        assert MODEL.scores(after)[0] == MODEL.following("", after)[0]


def test_tables_are_checked_and_pickled() -> None:
    again = ByteShift(pickle.loads(pickle.dumps(MODEL)), pickle.loads(pickle.dumps(TABLES)))
    assert again.edits("他說：「走吧?！?/p>") == ByteShift().edits("他說：「走吧?！?/p>")
    short = np.zeros(3, np.uint16)
    with pytest.raises(UsageError):
        GbkTables(short, short, short, short, short, short)
    with pytest.raises(UsageError):
        BigramTable(np.zeros(3, np.uint32), np.zeros(1), short, np.zeros(3))
    with pytest.raises(UsageError):
        BigramTable(np.zeros(0x110000, np.uint32), np.zeros(1), short, np.zeros(2))


@pytest.mark.parametrize("piece", ["?！", "?,", "?叭绻蠹叶", "?qū)", "?！叭绻蠹叶?"])
def test_hostile_text_is_read(piece: str) -> None:
    assert len(ByteShift(MODEL, TABLES).edits(piece * 20)) <= 40
