"""Small stages of every kind of analysis, as a plugin author would write them in one file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lunheng import hookimpl
from lunheng.documents import Document, Edit, Mention, Quote, SourceText, Stance, Turn
from lunheng.errors import ReadError
from lunheng.study import Study


class PlainReader:
    """Reads a file as one record, or as one record a line when its name ends in .lines."""

    suffixes = (".txt", ".lines")

    def read(self, data: bytes, path: str) -> Iterator[SourceText]:
        try:
            text = data.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise ReadError(f"expected UTF-8, found {error.object[error.start]:#x}") from error
        if path.endswith(".lines"):
            for number, line in enumerate(text.splitlines(), 1):
                author, _, rest = line.partition("|")
                yield SourceText(rest, record=str(number), author=author or None)
        elif text.strip():
            yield SourceText(text, title=text.splitlines()[0])


class BracketCleaner:
    """Removes pinyin in brackets."""

    def edits(self, text: str) -> Sequence[Edit]:
        return [Edit(m.start(), m.end(), "") for m in re.finditer(r"[(（][a-zà-ü]+[)）]", text)]


class Characters:
    """Cuts between all characters."""

    def spans(self, text: str) -> NDArray[np.int32]:
        starts = np.arange(len(text), dtype=np.int32)
        return np.stack([starts, starts + 1], axis=1)


class Names:
    """Finds Latin names."""

    def mentions(self, document: Document) -> Sequence[Mention]:
        return [
            Mention(m.start(), m.end(), m[0], "ORG", m[0], {"letters": len(m[0])})
            for m in re.finditer("[A-Z][A-Za-z]+", document.text)
        ]


class Speakers:
    """Finds lines that begin with a label, and words in quotation marks."""

    def turns(self, document: Document) -> Sequence[Turn]:
        found = re.finditer(r"^(\w+)：(.+)$", document.text, re.M)
        return [Turn(m[1], m.start(2), m.end(2), m.start(), m.end(1)) for m in found]

    def quotes(self, document: Document) -> Sequence[Quote]:
        found = re.finditer("“([^”]+)”", document.text)
        return [Quote("", None, None, "“", "direct", m.start(1), m.end(1)) for m in found]


@dataclass(frozen=True, slots=True)
class StanceSettings:
    word: str = "支持"


class Supporters:
    """Finds who supports what follows."""

    def __init__(self, word: str) -> None:
        self.word = word

    def stances(self, document: Document) -> tuple[Sequence[Stance], int]:
        found = re.finditer(re.escape(self.word) + r"([\w]{1,4})", document.text)
        holder = document.author or ""
        stances = [
            Stance(holder, "author", m[1], "favor", 0.9, m.start(), m.end(), "author")
            for m in found
        ]
        return stances, document.text.count("也许")


class Counter:
    """Writes how many rows each table has."""

    def write(self, study: Study, folder: Path, lang: str) -> Sequence[Path]:
        path = folder / f"counts.{lang}.txt"
        counts = [f"{name} {study.count(name)}" for name in ("documents", "stances")]
        path.write_text("\n".join(counts) + "\n", "utf-8")
        return [path]


@hookimpl
def lunheng_settings() -> type[StanceSettings]:
    return StanceSettings


@hookimpl
def lunheng_readers(settings: StanceSettings) -> PlainReader:
    return PlainReader()


@hookimpl
def lunheng_cleaners(settings: StanceSettings) -> BracketCleaner:
    return BracketCleaner()


@hookimpl
def lunheng_tokenizers(settings: StanceSettings) -> Characters:
    return Characters()


@hookimpl
def lunheng_entities(settings: StanceSettings) -> Names:
    return Names()


@hookimpl
def lunheng_quotes(settings: StanceSettings) -> Speakers:
    return Speakers()


@hookimpl
def lunheng_stance(settings: StanceSettings) -> Supporters:
    return Supporters(settings.word)


@hookimpl
def lunheng_reports(settings: StanceSettings) -> Counter:
    return Counter()
