"""Articles in any number for measuring whole runs, no two alike.

They are made of the samples' sentences with other nouns and names: the cues, labels and punctuation
that the stages look for stay, while two articles share about as much as two of a newspaper do. (In
unchanged sentences every pair of articles would be a candidate for a repost.)
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from lunheng import Tokenizer

MEGA = 1_000_000
ARTICLE = 10_000
A_FOLDER = 1000

_HAN = re.compile("[\u4e00-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence with gaps: pieces of text, each but the last before a noun or a name."""

    pieces: tuple[str, ...]
    gaps: tuple[str, ...]


def write_articles(folder: Path, megabytes: float) -> Path:
    """Write articles of about 10 kB, as many as fill the megabytes, and return their folder."""
    chance = random.Random(11)
    for number in range(round(megabytes * MEGA / ARTICLE)):
        place = folder / f"{number // A_FOLDER:03}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:07}.txt").write_text(article(chance), "utf-8")
    return folder


def article(chance: random.Random) -> str:
    """Return a text of at least ``ARTICLE`` bytes about a few people, firms and things."""
    frames, words = _sentences()
    topics = {label: chance.sample(found, min(40, len(found))) for label, found in words.items()}
    parts: list[str] = []
    size = 0
    while size < ARTICLE:
        frame = chance.choice(frames)
        filled = [frame.pieces[0]]
        for label, piece in zip(frame.gaps, frame.pieces[1:], strict=True):
            filled += (chance.choice(topics[label]), piece)
        parts.append("".join(filled) + chance.choice(("", "", "\n\n")))
        size += len(parts[-1].encode())
    return "".join(parts)


@cache
def _sentences() -> tuple[list[Frame], dict[str, list[str]]]:
    """Return the samples' sentences with gaps, and the words that may fill them by their label."""
    tokenizer = Tokenizer()
    frames, words = [], {"NOUN": set[str](), "PROPN": set(_names())}
    for sentence in _sample_sentences():
        pieces, gaps = [""], []
        for word, label in tokenizer.tag(sentence):
            if label in words and _HAN.fullmatch(word):
                words[label].add(word)
                gaps.append(label)
                pieces.append("")
            else:
                pieces[-1] += word
        frames.append(Frame(tuple(pieces), tuple(gaps)))
    return frames, {label: sorted(found) for label, found in words.items()}


def _sample_sentences() -> Iterator[str]:
    """Yield the sentences of the sample articles."""
    for path in _texts("samples", (".txt", ".md")):
        yield from re.findall("[^。！？\n]+[。！？]", path.read_text("utf-8"))


def _names() -> Iterator[str]:
    """Yield the names of people, firms, products and places that the package knows."""
    for path in _texts("names", (".txt",)):
        if path.name == "common_words.txt":
            continue
        for line in path.read_text("utf-8").splitlines():
            name = line.partition("|")[0]
            if _HAN.fullmatch(name):
                yield name


def _texts(folder: str, suffixes: tuple[str, ...]) -> list[Traversable]:
    """Return the files in a folder of the package's data, by name."""
    found = files("lunheng_seeds").joinpath(folder).iterdir()
    return sorted((p for p in found if p.name.endswith(suffixes)), key=lambda path: path.name)
