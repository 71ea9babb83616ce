"""Take out separators that a scraper doubled: the comma before another separator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lunheng import hookimpl
from lunheng.documents import Edit

_DOUBLED = re.compile(
    r"(?<![，,、；;。：])(?:(?P<inserted>,)(?:(?=[，。、；！？：](?![，、；]))|(?=[,;!?:](?![,.;])))"
    r"|(?P<first>[，、；：。])(?P=first)(?!(?P=first))"
    r"|(?<=[，。、；：！？])(?P<after>[,.;])(?![,.;\w]))"
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
        found = list(_DOUBLED.finditer(text))
        if not found:
            return ()
        certain = [match for match in found if not self._between_words(text, match)]
        if len(certain) >= SURE:
            certain = found
        return [Edit(match.start(), match.start() + 1, "") for match in certain]

    @staticmethod
    def _between_words(text: str, match: re.Match[str]) -> bool:
        before = text[max(match.start() - 1, 0) : match.start()]
        after = text[match.end() + 1 : match.end() + 2]
        return bool(_ASCII_WORD.match(before) and _ASCII_WORD.match(after))


@hookimpl
def lunheng_cleaners(settings: None) -> PunctuationCleaner:
    """Make the cleaner."""
    return PunctuationCleaner()
