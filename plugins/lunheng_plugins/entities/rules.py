"""The built-in extractor: known names, grammars of amounts and dates, names by shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from lunheng.documents import Document, EntityType, Mention
from lunheng.hookspecs import hookimpl
from lunheng.names import Names, load_names
from lunheng_plugins.entities import propagation
from lunheng_plugins.entities.amounts import AmountGrammar
from lunheng_plugins.entities.bylines import Bylines
from lunheng_plugins.entities.candidates import Candidate, choose
from lunheng_plugins.entities.date_values import reference_date
from lunheng_plugins.entities.dates import DateGrammar
from lunheng_plugins.entities.gazetteer import Gazetteer, shipped_surfaces, user_surfaces
from lunheng_plugins.entities.latin import LatinShape
from lunheng_plugins.entities.nicknames import NicknameShape
from lunheng_plugins.entities.organisations import OrganisationShape
from lunheng_plugins.entities.people import PersonShape
from lunheng_plugins.entities.products import ProductShape
from lunheng_plugins.entities.reading import NUMERALS, Reading, character_flags
from lunheng_plugins.entities.shapes import load_common_words, load_shapes
from lunheng_plugins.entities.tagged import NameTagger

PLUGIN = "entities.rules"
WORK = re.compile("《[^《》\n]{1,60}》")
VALUED = frozenset({"MONEY", "QTY", "DATE"})


@dataclass(frozen=True)
class RulesSettings:
    """``names``: TOML files of the user's names; ``fields``: lists to use, all if empty."""

    names: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


class RuleExtractor:
    """Finds names, amounts and dates by lists and grammars; immutable."""

    def __init__(self, settings: RulesSettings) -> None:
        self.settings = settings
        user = Names()
        for path in settings.names:
            user += load_names(Path(path))
        shipped = [*shipped_surfaces(settings.fields)]
        self._user = user
        self._gazetteer = Gazetteer([*user_surfaces(user), *shipped])
        shapes = load_shapes()
        persons, organisations = shapes.person, shapes.organisation
        places = frozenset(s.folded for s in shipped if s.type == "PLACE" and not s.weak)
        common = load_common_words()
        self._bylines = Bylines(persons, organisations)
        self._persons = PersonShape(persons, organisations, common)
        self._organisations = OrganisationShape(organisations, places, common)
        self._nicknames = NicknameShape(persons, common)
        self._products = ProductShape(shapes.product, common)
        self._latin = LatinShape(shapes.latin)
        self._tagger = NameTagger(
            organisations.generic.union(
                persons.not_titled, common, map(str.lower, shapes.latin.not_names)
            ),
            organisations.particles,
        )
        self._amounts = AmountGrammar()
        self._dates = DateGrammar()
        self._numerals = character_flags(NUMERALS)

    def mentions(self, document: Document) -> Sequence[Mention]:
        """Return mentions in ascending order that do not overlap; in page furniture, of bylines."""
        reading = Reading.of(document)
        found = [*self._names(reading, document), *self._values(reading, document)]
        chosen = choose(found)
        repeated = [*propagation.repeated(chosen, reading, self._persons, self._organisations)]
        if repeated:
            chosen = choose([*chosen, *repeated])
        furniture = [
            block
            for block in document.blocks
            if block.kind == "furniture" and not self._bylines.opens(reading.folded, block.start)
        ]
        resolved = [*propagation.resolved(chosen, reading.folded, self._persons)]
        return [
            self._mention(candidate, document.text)
            for candidate in propagation.without_glosses(resolved, reading.folded)
            if not any(block.start <= candidate.start < block.end for block in furniture)
            and not self._user.ignores(document.text[candidate.start : candidate.end])
        ]

    def _names(self, reading: Reading, document: Document) -> Iterator[Candidate]:
        for match in WORK.finditer(reading.text):
            yield Candidate(*match.span(), "WORK", name=match[0][1:-1], rank=1)
        yield from self._gazetteer.candidates(reading)
        yield from self._persons.labels(reading.text, document.turns)
        yield from self._bylines.candidates(reading, document.blocks)
        yield from self._persons.candidates(reading)
        yield from self._persons.announced(reading)
        yield from self._nicknames.candidates(reading)
        for guess in self._tagger.candidates(reading):
            if guess.type != "ORG" or not self._organisations.doubts(
                reading.folded, guess.start, guess.end
            ):
                yield guess
        yield from self._organisations.candidates(reading)
        yield from self._products.candidates(reading)
        yield from self._latin.candidates(reading)

    def _values(self, reading: Reading, document: Document) -> Iterator[Candidate]:
        numerals = reading.runs_of(self._numerals)
        written = reference_date(document.date)
        yield from self._dates.candidates(reading.folded, numerals, written)
        yield from self._amounts.candidates(reading.folded, numerals)

    def _mention(self, candidate: Candidate, text: str) -> Mention:
        surface = text[candidate.start : candidate.end]
        name = surface if candidate.type in VALUED else candidate.name or surface
        given = self._user.find(surface)
        return Mention(
            candidate.start,
            candidate.end,
            surface,
            cast(EntityType, (given.type if given else None) or candidate.type),
            given.name if given else name,
            candidate.value,
            PLUGIN,
        )


@hookimpl
def lunheng_settings() -> type[Any]:
    """Return the settings of the built-in extractor."""
    return RulesSettings


@hookimpl
def lunheng_entities(settings: RulesSettings) -> RuleExtractor:
    """Make the built-in extractor."""
    return RuleExtractor(settings)
