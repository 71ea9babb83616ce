"""Nicknames: 阿芬, 大刘, 小鱼 where they speak or come again; pen names in marks; @names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lunheng.text import AnchoredPattern
from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.reading import Reading
from lunheng_plugins.entities.shapes import NOT_IN_NAMES, PersonShapes

PREFIXED = AnchoredPattern(
    rf"[阿老小大肥胖](?![{NOT_IN_NAMES}])[一-鿿](?:[哥姐叔姨妹弟](?![一-鿿]))?",
    [("阿老小大肥胖", "")],
)
MARKED = AnchoredPattern(
    r"(?:网友|用户|读者|博主|答主|楼主|车主|玩家|网名|昵称|笔名|花名|外号|绰号|人称|化名|艺名|自称|名叫|叫做)"
    r"[:\s]?[“\"「『]([一-鿿a-z][一-鿿a-z0-9_]{1,7})[”\"」』]",
    [("网用读博答楼车玩昵笔花外绰人化艺自名叫", "友户者主家名称号做叫")],
)
CALLED = AnchoredPattern(
    r"(?<![A-Za-z0-9_.@])@([一-鿿a-z][一-鿿a-z0-9_-]{1,11})(?![\w@.])", [("@", "")]
)
LONE = AnchoredPattern(
    r"(?<![A-Za-z0-9_.@&-])(?<![A-Za-z] )[A-Z][a-z]{2,}(?![A-Za-z0-9_.@-]| [A-Za-z0-9])",
    [("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")],
)
ADVERB = "(?:也|又|就|还|都|却|则|曾|当时|后来|自己)?"


class NicknameShape:
    """Finds nicknames in folded text; immutable."""

    __slots__ = ("_first_names", "_not_names", "_roles", "_speech_after")

    def __init__(self, shapes: PersonShapes, common: frozenset[str]) -> None:
        self._not_names = shapes.not_titled | shapes.not_nicknames | common
        self._first_names = shapes.first_names
        self._roles = shapes.roles
        self._speech_after = re.compile(f"{ADVERB}(?:{'|'.join(shapes.nicknamed)})")

    def candidates(self, reading: Reading) -> Iterator[Candidate]:
        """Yield nicknames: those in marks or after @, and those that act as people do."""
        for pattern in (MARKED, CALLED):
            for match in pattern.finditer(reading.folded):
                yield self._candidate(reading, *match.span(1))
        for places in self._prefixed(reading).values():
            if any(self._acts(reading.folded, *place) for place in places):
                for start, end in places:
                    yield self._candidate(reading, start, end)

    def _prefixed(self, reading: Reading) -> dict[str, list[tuple[int, int]]]:
        """Return the places of each nickname with a prefix that is no word."""
        found: dict[str, list[tuple[int, int]]] = {}
        for match in PREFIXED.finditer(reading.folded):
            if reading.edges.fit(*match.span()) and match[0] not in self._not_names:
                found.setdefault(match[0], []).append(match.span())
        for match in LONE.finditer(reading.text):
            if (name := match[0].lower()) in self._first_names:
                found.setdefault(name, []).append(match.span())
        return found

    def _acts(self, folded: str, start: int, end: int) -> bool:
        """Tell whether somebody speaks or is announced: 阿芬说, 同事小鱼."""
        announced = folded[max(0, start - 5) : start].endswith(self._roles)
        return announced or self._speech_after.match(folded, end) is not None

    @staticmethod
    def _candidate(reading: Reading, start: int, end: int) -> Candidate:
        return Candidate(start, end, "PERSON", name=reading.text[start:end], rank=4)
