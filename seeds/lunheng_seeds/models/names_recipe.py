"""Make the model of names: ``python -m lunheng_seeds.models.names_recipe OUTPUT SILVER…``.

SILVER are what `lunheng_seeds.models.silver` made. Their names of persons, organisations and places
are crossed with our own lists: where the teacher saw no name, a name of ours that is no ordinary
word counts. Half of the persons and firms get made-up names, so that the model learns what stands
around names and what they are built of rather than the names of its texts. The model itself has no
list. Some minutes on one core.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lunheng.documents import Document
from lunheng.tagging.columns import CharacterColumns
from lunheng.tagging.labels import encoded, span_labels
from lunheng.tagging.training import LabelledSequences, TaggerSettings
from lunheng.text import OffsetMap
from lunheng.tokenize import Tokenizer
from lunheng_plugins.entities.gazetteer import Gazetteer, shipped_surfaces
from lunheng_plugins.entities.reading import Reading
from lunheng_plugins.entities.shapes import load_common_words, load_shapes
from lunheng_seeds.models.learning import digests, write_tagger
from lunheng_seeds.models.silver import read

SETTINGS = TaggerSettings(
    epochs=5, final_epochs=1, margin=1.0, dropout=0.15, rate=0.05, min_count=3, max_features=300_000
)
TYPES = {"PER": "PERSON", "ORG": "ORG", "LOC": "PLACE"}
LABELS = span_labels(["ORG", "PERSON", "PLACE"])
CHARACTERS = 4_500_000
WITHOUT_NAMES = 0.15
"""Share of the lines without names that are learned from."""
MADE_UP = 0.5
"""Share of the persons and firms that get made-up names."""

TEMPLATES = (
    "character-1",
    "character",
    "character+1",
    "character-2 character-1",
    "character-1 character",
    "character character+1",
    "character+1 character+2",
    "type-1 type type+1",
    "place-1 place place+1",
    "character place",
    "word place",
    "before place",
    "after place",
    "before word place",
    "word after place",
)

Name = tuple[int, int, str]
Tagged = list[tuple[str, str]]


class Inventor:
    """Makes names up: surnames as frequent as they are, given names and firms from pieces."""

    def __init__(self, lines: Sequence[Tagged], choice: random.Random) -> None:
        shapes = load_shapes()
        self._choice = choice
        self._surnames = shapes.person.surnames
        names = [
            word for line in lines for word, tag in line if tag == "PER" and self._chinese(word)
        ]
        self._leading = [name[0] for name in names]
        self._given = [character for name in names for character in name[1:]]
        self._suffixes = tuple(
            suffix for suffix in shapes.organisation.weak_suffixes if 1 < len(suffix) < 4
        )
        self._words = sorted(load_common_words())

    def _chinese(self, word: str) -> bool:
        return 2 <= len(word) <= 3 and word[0] in self._surnames and self._han(word)

    @staticmethod
    def _han(word: str) -> bool:
        return all("一" <= character <= "鿿" for character in word)

    def line(self, line: Tagged) -> Tagged:
        """Return a line in which some names are made up."""
        return [(self._renamed(word, tag), tag) for word, tag in line]

    def _renamed(self, word: str, tag: str) -> str:
        if tag == "PER" and self._chinese(word) and self._choice.random() < MADE_UP:
            return self._person(len(word))
        if tag == "ORG" and len(word) > 1 and self._han(word) and self._choice.random() < MADE_UP:
            return self._firm(word)
        return word

    def _person(self, length: int) -> str:
        pick = self._choice.choice
        return pick(self._leading) + "".join(pick(self._given) for _ in range(length - 1))

    def _firm(self, word: str) -> str:
        """Return a firm of a made-up core: two characters or words, often with a suffix."""
        pick = self._choice.choice
        core = (
            pick(self._words)
            if self._choice.random() < 0.5
            else pick(self._given) + pick(self._given)
        )
        kept = next((suffix for suffix in self._suffixes if word.endswith(suffix)), "")
        if self._choice.random() < 0.6:
            return core + (kept or pick(self._suffixes))
        return core + pick(self._words) if len(word) > 3 else core


def named(line: Tagged) -> tuple[str, list[Name]]:
    """Return a line's text and the teacher's names."""
    text, names = "", []
    for word, tag in line:
        if tag in TYPES:
            names.append((len(text), len(text) + len(word), TYPES[tag]))
        text += word
    return text, names


def known_names(gazetteer: Gazetteer, text: str, tokens: NDArray[np.int32]) -> list[Name]:
    """Return the names of a text that our lists know, the longest of those that overlap."""
    document = Document("", text, text, OffsetMap.identity(len(text)))
    reading = Reading.of(replace(document, tokens=tokens))
    found = [(c.start, c.end, c.type) for c in gazetteer.candidates(reading)]
    return sorted(found, key=lambda name: name[0] - name[1])


def crossed(teacher: list[Name], ours: list[Name]) -> list[Name]:
    """Return the teacher's names, and those of ours that overlap none of them.

    Where both mark the same characters, ours gives the type.
    """
    types = {(start, end): type_ for start, end, type_ in ours}
    names = [(start, end, types.get((start, end), type_)) for start, end, type_ in teacher]
    for start, end, type_ in ours:
        if all(end <= first or last <= start for first, last, _ in names):
            names.append((start, end, type_))
    return sorted(name for name in names if f"B-{name[2]}" in LABELS)


def sequences(paths: list[Path]) -> LabelledSequences:
    """Return columns and labels of a random part of the silver texts."""
    choice, tokenizer, columns = random.Random(SETTINGS.seed), Tokenizer(), CharacterColumns({})
    gazetteer = Gazetteer(surface for surface in shipped_surfaces() if not surface.weak)
    lines = [*read(paths)]
    choice.shuffle(lines)
    inventor = Inventor(lines, choice)
    parts, taken = [], 0
    for line in lines:
        if taken > CHARACTERS:
            break
        text, teacher = named(inventor.line(line))
        tokens = tokenizer.spans(text)
        names = crossed(teacher, known_names(gazetteer, text, tokens))
        if names or choice.random() < WITHOUT_NAMES:
            parts.append((columns.of(text, tokens), encoded(len(text), names, LABELS)))
            taken += len(text)
    return LabelledSequences.joined(parts)


def main(arguments: list[str]) -> None:
    """Write the model ``arguments[0]`` from the silver files that follow."""
    output, *paths = map(Path, arguments)
    write_tagger(
        output,
        sequences(paths),
        LABELS,
        "characters",
        SETTINGS,
        {"name": "lunheng names", "licence": "Apache-2.0", "silver": digests(paths)},
        templates=TEMPLATES,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
