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
    "读作|讀作|读音|讀音|读成|讀成|读[“「]|讀[“「]|念作|念成|念[“「]|唸|拼音|发音|發音|注音|同音|音同"
    "|声调|聲調|多音|生僻|形声|形聲|通假|[这這此本]个?個?字|[一二三四]声|[一二三四]聲|古音"
)
AROUND = 12
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
        found = list(_BRACKET.finditer(text))
        if not found:
            return ()
        marked = Counter(match["bearer"] for match in found)
        widespread = sum(
            count
            for bearer, count in marked.items()
            if bearer.isascii() or count >= OFTEN * text.count(bearer)
        )
        return [
            Edit(*match.span("bracket"), "")
            for match in found
            if match["bearer"].isascii() or self._damaged(text, match, marked, widespread)
        ]

    @staticmethod
    def _damaged(text: str, match: re.Match[str], marked: Counter[str], widespread: int) -> bool:
        bearer = match["bearer"]
        if widespread <= SURE and marked[bearer] < OFTEN * text.count(bearer):
            return False
        around = text[max(0, match.start() - AROUND) : match.end() + AROUND]
        return not _READING.search(around)


@hookimpl
def lunheng_cleaners(settings: None) -> PinyinBracketsCleaner:
    """Make the cleaner."""
    return PinyinBracketsCleaner()
