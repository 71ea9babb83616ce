"""Names found once hold in the whole text: other mentions, short forms, surname and title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from lunheng.text import PhraseMatcher, fold
from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.organisations import OrganisationShape
from lunheng_plugins.entities.people import PersonShape
from lunheng_plugins.entities.reading import Reading
from lunheng_plugins.entities.words import Edges

HAN_NAME = re.compile("[一-鿿]{2,4}\\Z")
INTERPUNCT = re.compile("[·•・‧∙ ]")
VERSIONED = re.compile("([一-鿿]{2,4})v?\\d")
GUESS = 5


def resolved(chosen: Sequence[Candidate], folded: str, persons: PersonShape) -> Iterator[Candidate]:
    """Give surname and title the canonical name of the one person of that surname."""
    people = Counter(candidate.name for candidate in chosen if candidate.type == "PERSON")
    by_surname: dict[str, set[str]] = {}
    for name in people:
        folded_name = fold(name, case=True)
        surname = persons.surname(folded_name)
        if surname and not persons.is_short(folded_name):
            by_surname.setdefault(surname, set()).add(name)
    for candidate in chosen:
        short = candidate.type == "PERSON" and candidate.rank >= 2
        surname = persons.surname_of(folded[candidate.start : candidate.end]) if short else None
        namesakes = by_surname.get(surname, set()) if surname else set()
        yield candidate._replace(name=min(namesakes)) if len(namesakes) == 1 else candidate


def without_glosses(candidates: Iterable[Candidate], folded: str) -> Iterator[Candidate]:
    """Yield candidates but those that only gloss the one before: 微软(Microsoft)."""
    before: Candidate | None = None
    for candidate in candidates:
        start = candidate.start
        gloss = (
            folded[start : candidate.end].isascii()
            and before
            and folded[before.end : start] == "("
            and folded[candidate.end : candidate.end + 1] == ")"
        )
        if not (gloss and before and before.name == candidate.name):
            yield candidate
        before = candidate


def repeated(
    chosen: Sequence[Candidate],
    reading: Reading,
    persons: PersonShape,
    organisations: OrganisationShape,
) -> Iterator[Candidate]:
    """Yield further mentions of the names chosen: as they are, and in short forms.

    Given names, parts of foreign names and firms without their suffix count when one alone can
    be meant.
    """
    folded, edges = reading.folded, reading.edges
    owners: dict[str, dict[str, Candidate]] = {}
    for candidate in sorted(chosen, key=lambda candidate: candidate.rank):
        if candidate.type in ("PERSON", "ORG", "PRODUCT") and candidate.rank >= 2:
            surface = folded[candidate.start : candidate.end]
            forms = [*_forms(surface, candidate, persons)]
            if candidate.type == "ORG" and (core := organisations.core(surface)):
                forms.append(core)
            for form in forms:
                # What is a guess alone may be the short form of a name that is sure.
                if candidate.rank < GUESS or form != surface or form not in owners:
                    owners.setdefault(form, {}).setdefault(candidate.name, candidate)
    surfaces = [surface for surface, named in owners.items() if len(named) == 1]
    if not surfaces:
        return
    for start, end, number in PhraseMatcher(surfaces).find(folded).tolist():
        if _whole(folded, start, end, edges):
            (owner,) = owners[surfaces[number]].values()
            yield Candidate(start, end, owner.type, name=owner.name)


def _forms(surface: str, candidate: Candidate, persons: PersonShape) -> Iterator[str]:
    if candidate.rank >= 3 and len(surface) > 1:
        yield surface
    if candidate.type == "PRODUCT" and (versioned := VERSIONED.match(surface)):
        yield versioned[1]
    if candidate.type != "PERSON" or persons.is_short(surface):
        return
    if HAN_NAME.match(surface) and (surname := persons.surname(surface)):
        given = surface[len(surname) :]
        if len(given) == 2 and given not in persons.words:
            yield given
    elif INTERPUNCT.search(surface):
        for part in INTERPUNCT.split(surface):
            if len(part) >= (3 if part.isascii() else 2):
                yield part


def _whole(folded: str, start: int, end: int, edges: Edges) -> bool:
    if folded[start:end].isascii():
        around = folded[start - 1 : start] + folded[end : end + 1]
        return not any(character.isascii() and character.isalnum() for character in around)
    return edges.fit(start, end) or (end - start > 2 and bool(edges.flags[start]))
