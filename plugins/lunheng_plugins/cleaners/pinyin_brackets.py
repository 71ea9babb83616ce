"""Take out pinyin brackets that a scraper put behind characters; leave a writer's glosses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lunheng import hookimpl
from lunheng.documents import Edit

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_BRACKET = re.compile(
    rf"(?P<bearer>[A-Za-z]|[^\x00-\x7f])(?P<bracket>[(（](?P<sound>[a-zü]{{0,5}}[{_TONED}][a-zü]{{0,4}})[)）])"
)
_READING = re.compile(
    r"读|讀|念|唸|音|拼音|发音|發音|注音|声调|聲調|多音|生僻|形声|形聲|繁体|古字|通假"
)
AROUND = 16
SURE = 3


@dataclass(frozen=True, slots=True)
class PinyinBracketsCleaner:
    """Deletes brackets with pinyin, keeping the letter or character before them.

    After a Latin letter they are always damage. After a character they are, unless the words
    around speak of reading, or the writer glosses some occurrences of the character only; a
    scraper marks every one.
    """

    def edits(self, text: str) -> Sequence[Edit]:
        """Return one edit for each bracket."""
        found = list(_BRACKET.finditer(text))
        if not found:
            return ()
        marked = Counter(match["bearer"] for match in found)
        widespread = sum(
            count for bearer, count in marked.items() if text.count(bearer) <= count + 1
        )
        return [
            Edit(*match.span("bracket"), "")
            for match in found
            if match["bearer"].isascii() or self._damaged(text, match, marked, widespread)
        ]

    @staticmethod
    def _damaged(text: str, match: re.Match[str], marked: Counter[str], widespread: int) -> bool:
        bearer = match["bearer"]
        if text.count(bearer) > marked[bearer] + 1:
            return False
        if widespread > SURE:
            return True
        around = text[max(0, match.start() - AROUND) : match.end() + AROUND]
        return not _READING.search(around)


@hookimpl
def lunheng_cleaners(settings: None) -> PinyinBracketsCleaner:
    """Make the cleaner."""
    return PinyinBracketsCleaner()
