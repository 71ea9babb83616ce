"""Take out pinyin brackets that a scraper put behind characters; leave a writer's glosses."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lunheng import hookimpl
from lunheng.documents import Edit
from lunheng.text import AnchoredPattern, pinyin_brackets

_READING = AnchoredPattern(
    "[读讀][作音成“「]|[念唸][作成“「]|唸|拼音|[发發]音|注音|[同古]音|音同"
    "|[声聲][调調]|多音|生僻|形[声聲]|通假|[这這此本][个個]?字|[一二三四][声聲]",
    [
        ("读讀念唸", "作音成“「"),
        ("唸", ""),
        ("拼发發注同古", "音"),
        ("音多生形通声聲", "同音僻声聲假调調"),
        ("这這此本", "个個字"),
        ("一二三四", "声聲"),
    ],
)
AROUND = 12
# More brackets than these where a writer would not put them are a scraper's.
SURE = 3
# The share of a character's occurrences that bear the bracket: some have lost it to a repair.
OFTEN = 0.75


@dataclass(frozen=True, slots=True)
class PinyinBracketsCleaner:
    """Deletes brackets with pinyin, keeping the letter or character before them.

    After a Latin letter they are always damage. After a character they are, unless the words
    around speak of reading, or the writer glosses some occurrences of the character only; a
    scraper marks every one.
    """

    def edits(self, text: str) -> Sequence[Edit]:
        """Return one edit for each bracket."""
        found = pinyin_brackets(text)
        if not found:
            return ()
        bearers = [text[start - 1] for start, _ in found]
        damage: set[str] = set()
        sure = 0
        for bearer, times in Counter(bearers).most_common():
            if bearer.isascii() or often(text, bearer, times):
                damage.add(bearer)
                sure += times
            if sure > SURE:
                break
        widespread = sure > SURE
        explained = [match.start() for match in _READING.finditer(text)]
        return [
            Edit(start, end, "")
            for (start, end), bearer in zip(found, bearers, strict=True)
            if bearer.isascii()
            or (
                (widespread or bearer in damage)
                and not (explained and within(explained, start - AROUND, end + AROUND))
            )
        ]


def often(text: str, bearer: str, times: int) -> bool:
    """Return whether a character that bears ``times`` brackets in a text hardly goes without."""
    return times >= OFTEN * text.count(bearer)


def within(places: Sequence[int], start: int, end: int) -> bool:
    """Return whether one of the ascending places lies in a span."""
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end


@hookimpl
def lunheng_cleaners(settings: None) -> PinyinBracketsCleaner:
    """Make the cleaner."""
    return PinyinBracketsCleaner()
