"""Take out separators that a scraper doubled: the comma before another separator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lunheng import hookimpl
from lunheng.documents import Edit
from lunheng.text import AnchoredPattern

_DOUBLED = AnchoredPattern(
    r"(?<![，,、；;。：])(?:(?P<inserted>,)(?:(?=[，。、；！？：](?![，、；]))|(?=[,;!?:](?![,.;])))"
    r"|(?P<first>[，、；：。])(?P=first)(?!(?P=first)))"
    r"|(?P<after>[，。、；：！？][,.;])(?![,.;\w])",
    [(",，、；：。！？", ",，、；：。！？.;!?:")],
)
_ASCII_WORD = re.compile(r"[A-Za-z0-9]")
SURE = 3


@dataclass(frozen=True, slots=True)
class PunctuationCleaner:
    """Keeps one of two separators that stand together.

    Three or more of one kind are a writer's ellipsis and stay. Between two Latin words or
    numbers the text must show the same damage elsewhere.
    """

    def edits(self, text: str) -> Sequence[Edit]:
        """Return one edit for each separator too many."""
        found = [
            match.end("after") - 1 if match["after"] else match.start()
            for match in _DOUBLED.finditer(text)
        ]
        certain = (place for place in found if not self._between_words(text, place))
        sure = list(islice(certain, SURE))
        return [Edit(place, place + 1, "") for place in (found if len(sure) == SURE else sure)]

    @staticmethod
    def _between_words(text: str, place: int) -> bool:
        before = text[max(place - 1, 0) : place]
        after = text[place + 2 : place + 3]
        return bool(_ASCII_WORD.match(before) and _ASCII_WORD.match(after))


@hookimpl
def lunheng_cleaners(settings: None) -> PunctuationCleaner:
    """Make the cleaner."""
    return PunctuationCleaner()
