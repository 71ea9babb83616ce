"""Who made a text and where it appeared: 作者丨方砚秋, 来源:光谱财经, 首发于公众号账房后窗.

The grammar reads folded text; offsets are half-open code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lunheng.documents import Block
from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.reading import Reading
from lunheng_plugins.entities.shapes import OrganisationShapes, PersonShapes

LONGEST = 60
PART = re.compile("[一-鿿a-z][一-鿿a-z0-9]{1,9}(?: [a-z]+)*")
NAMES = f'[“"「]?(?P<names>{PART.pattern}(?:[/、]{PART.pattern})*)[”"」]?'
ENDS = r"(?=[\s,;()/|丨│*《·、\]]|$)"
SEPARATED = r"\s?[:丨|│/·]\s?"
BRACKETED = re.compile(r"[(\[]([^()\[\]\n]{4,60})[)\]]")
DATELINE = re.compile(
    r"(?:记者|特派员|通讯员)\s?(?P<names>[一-鿿]{2,4})[/\s]\s?[一-鿿]{2,6}?(?:\d{1,2}日)?(?:报道|报导|专电|电(?![一-鿿]))"
)
REPORTING = r"\s?(?:首席|特约|实习|见习|本报)?记者(?=[\s:/|丨]|[一-鿿]{2,4}(?:[\s/]|$))"
DATED = re.compile(r"[\s*【\[(#>※]*(?:发表|发布|更新|编辑)(?:于|时间)")
STOPS = re.compile("[。?!]")


class Bylines:
    """Finds the names that bylines give, in folded text; immutable."""

    __slots__ = ("_appeared", "_made", "_medium", "_opens", "_reports")

    def __init__(self, persons: PersonShapes, organisations: OrganisationShapes) -> None:
        made = "|".join(sorted(persons.bylines, key=len, reverse=True))
        appeared = "|".join(sorted(organisations.bylines, key=len, reverse=True))
        both = f"(?:{made}|{appeared})"
        self._made = re.compile(
            rf"(?<![一-鿿a-z])(?:{made})(?:[/、&和](?:{made}))*{SEPARATED}{NAMES}{ENDS}"
        )
        self._appeared = re.compile(
            rf"(?<![一-鿿a-z])(?:{appeared})(?:{SEPARATED}|[于自]|(?=公众号|微信公众号))(?:微信)?(?:公众号)?[:]?\s?{NAMES}{ENDS}"
        )
        self._opens = re.compile(rf"[\s*【\[(#>※]*{both}(?:[/、&和]{both})*{SEPARATED}")
        self._reports = re.compile(
            rf"(?<![一-鿿a-z])(?P<names>[一-鿿]{{2,6}}(?:{'|'.join(organisations.media)})){REPORTING}"
        )
        self._medium = re.compile(f"(?:{'|'.join(organisations.media)})\\Z")

    def opens(self, folded: str, start: int) -> bool:
        """Tell whether a byline begins at a place."""
        return bool(
            self._opens.match(folded, start)
            or DATELINE.match(folded, start)
            or DATED.match(folded, start)
            or self._reports.match(folded, start)
        )

    def candidates(self, reading: Reading, blocks: Sequence[Block]) -> Iterator[Candidate]:
        """Yield the persons and media of bylines: in short lines without a stop, in brackets."""
        for start, end in self._places(reading.folded, blocks):
            for match in self._appeared.finditer(reading.folded, start, end):
                yield from self._named(reading, *match.span("names"), "ORG")
            for match in self._reports.finditer(reading.folded, start, end):
                yield from self._named(reading, *match.span("names"), "ORG")
            for match in DATELINE.finditer(reading.folded, start, end):
                yield from self._named(reading, *match.span("names"), "PERSON")
            for match in self._made.finditer(reading.folded, start, end):
                yield from self._named(reading, *match.span("names"), "PERSON")

    @staticmethod
    def _places(folded: str, blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
        for block in blocks:
            if block.end - block.start <= LONGEST and not STOPS.search(
                folded, block.start, block.end - 1
            ):
                yield block.start, block.end
            else:
                for match in BRACKETED.finditer(folded, block.start, block.end):
                    yield match.span(1)

    def _named(self, reading: Reading, start: int, end: int, type_: str) -> Iterator[Candidate]:
        for part in PART.finditer(reading.folded, start, end):
            medium = self._medium.search(part[0]) is not None
            name = reading.text[part.start() : part.end()]
            yield Candidate(*part.span(), "ORG" if medium else type_, name=name, rank=3)
