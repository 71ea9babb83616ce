"""The words and characters that the shapes of names are made of, read from the seeds."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import TypeVar

NOT_IN_NAMES = "的了是在都也就很这那着过吗呢吧我你他她它们没么"
"""Characters of grammar that names hardly have."""


@dataclass(frozen=True, slots=True)
class PersonShapes:
    """What names of persons are made of and what stands around them; folded."""

    surnames: str
    compound_surnames: tuple[str, ...]
    titles: tuple[str, ...]
    roles: tuple[str, ...]
    bylines: tuple[str, ...]
    speech: tuple[str, ...]
    not_titled: frozenset[str]
    not_nicknames: frozenset[str]
    nicknamed: tuple[str, ...]
    first_names: frozenset[str]
    transliteration: str

    @property
    def common_surnames(self) -> str:
        """Return the surnames that most people bear."""
        return self.surnames[:170]


@dataclass(frozen=True, slots=True)
class OrganisationShapes:
    """What names of organisations end in and what they do not hold; folded."""

    suffixes: tuple[str, ...]
    weak_suffixes: tuple[str, ...]
    media: tuple[str, ...]
    bylines: tuple[str, ...]
    before: frozenset[str]
    particles: frozenset[str]
    generic: frozenset[str]
    acts: tuple[str, ...]
    introduced: tuple[str, ...]
    led: tuple[str, ...]
    soft: frozenset[str]
    nameless: frozenset[str]


@dataclass(frozen=True, slots=True)
class ProductShapes:
    """What products are, what announces their names, what shows that a thing is named; folded."""

    kinds: tuple[str, ...]
    named: tuple[str, ...]
    things: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LatinShapes:
    """Latin words that are no names, as written, and what stands around names; folded."""

    not_names: frozenset[str]
    after_product: tuple[str, ...]
    before_product: tuple[str, ...]
    after_firm: tuple[str, ...]
    before_firm: tuple[str, ...]


Shapes = TypeVar("Shapes", PersonShapes, OrganisationShapes, ProductShapes, LatinShapes)


@dataclass(frozen=True, slots=True)
class AllShapes:
    """Everything in ``shapes.toml``."""

    person: PersonShapes
    organisation: OrganisationShapes
    product: ProductShapes
    latin: LatinShapes


def load_shapes() -> AllShapes:
    """Read ``shapes.toml`` in the seeds."""
    tables = tomllib.loads(files("lunheng_seeds.names").joinpath("shapes.toml").read_text("utf-8"))
    return AllShapes(
        _made(PersonShapes, tables["person"]),
        _made(OrganisationShapes, tables["organisation"]),
        _made(ProductShapes, tables["product"]),
        _made(LatinShapes, tables["latin"]),
    )


def load_common_words() -> frozenset[str]:
    """Read the words of two characters that are too common to be a name's core."""
    text = files("lunheng_seeds.names").joinpath("common_words.txt").read_text("utf-8")
    return frozenset(text.split())


def _made(kind: type[Shapes], table: dict[str, str]) -> Shapes:
    """Give each field its text as the field's type asks: characters, words or a set of words."""
    values: dict[str, object] = {}
    for field in fields(kind):
        words = table[field.name].split()
        if field.type == "str":
            values[field.name] = "".join(words)
        elif field.name in ("particles", "before"):
            values[field.name] = frozenset("".join(words))
        else:
            values[field.name] = frozenset(words) if "frozenset" in field.type else tuple(words)
    return kind(**values)  # type: ignore[arg-type]
