"""Flag asterisks that a censor put in place of characters; never guess those."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lunheng import hookimpl
from lunheng.documents import Edit
from lunheng.text import AnchoredPattern

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
_MASK = AnchoredPattern(
    rf"(?<=[{_HAN}])[*＊]{{1,6}}(?=[{_HAN}，。、；！？”」,])|(?<=[“「])[*＊]{{1,6}}(?=[{_HAN}])",
    [("*＊", "")],
)


@dataclass(frozen=True, slots=True)
class CensoredCleaner:
    """Flags masks within Chinese words; Markdown's pairs of asterisks are none."""

    def edits(self, text: str) -> Sequence[Edit]:
        """Return one edit that changes nothing for each mask."""
        return [
            Edit(*match.span(), match[0])
            for match in _MASK.finditer(text)
            if not self._emphasis(text, match)
        ]

    @staticmethod
    def _emphasis(text: str, match: re.Match[str]) -> bool:
        """Whether the asterisks belong to a pair of the same number on their line."""
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        line = text[
            max(start, match.start() - 300) : min(end if end >= 0 else len(text), match.end() + 300)
        ]
        others = [run for run in re.findall(r"\*+", line) if run == match[0]]
        return len(match[0]) >= 2 and len(others) % 2 == 0


@hookimpl
def lunheng_cleaners(settings: None) -> CensoredCleaner:
    """Make the cleaner."""
    return CensoredCleaner()
