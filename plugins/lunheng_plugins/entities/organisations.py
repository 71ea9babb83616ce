"""Organisations by the suffixes of their names: place, core and suffix."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.shapes import OrganisationShapes
from lunheng_plugins.entities.words import Edges

LONGEST = 12


class OrganisationShape:
    """Finds organisations in folded text by how their names are built; immutable."""

    def __init__(self, shapes: OrganisationShapes, places: frozenset[str]) -> None:
        self._shapes = shapes
        self._places = places
        suffixes = sorted(shapes.suffixes, key=lambda suffix: -len(suffix.partition("(")[0]))
        self._suffix = re.compile("|".join(suffixes))

    def candidates(self, text: str, folded: str, edges: Edges) -> Iterator[Candidate]:
        """Yield names that end in an organisation's suffix."""
        for match in self._suffix.finditer(folded):
            place, end = match.span()
            start = self._start(folded, place, edges) if edges.flags[end] else place
            if place - start >= 2:
                yield Candidate(start, end, "ORG", name=text[start:end])

    def _start(self, folded: str, place: int, edges: Edges) -> int:
        """Return where the name begins whose suffix begins at ``place``; ``place``: nowhere.

        A name is one word of two characters or more, or up to three single characters, that
        is not generic, with a place before it; or a place alone.
        """
        start = at = place
        if not edges.flags[at]:
            start = at = edges.word_before(at)
            if not self._may_belong(folded[at:place]):
                return place
        singles = 0
        while at > 0 and place - at < LONGEST:
            at = edges.word_before(at)
            word = folded[at:start]
            if word in self._places:
                return at
            if not self._may_belong(word):
                break
            singles += len(word) == 1
            if start != place and (len(word) > 1 or singles > 3 or place - start > singles):
                break
            start = at
        return start

    def _may_belong(self, word: str) -> bool:
        if word in self._shapes.generic or (len(word) == 1 and word in self._shapes.particles):
            return False
        return all("一" <= character <= "鿿" for character in word)
