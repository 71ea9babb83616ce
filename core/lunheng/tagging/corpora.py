"""Annotated text: words with their part of speech (CoNLL-U), characters with names (BIO, BMES)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import ReadError


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """The words of a sentence and a label for each; the words joined are its text."""

    words: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the sentence without spaces between its words."""
        return "".join(self.words)

    def spans(self) -> NDArray[np.int32]:
        """Return the words as int32 of shape (n, 2), half-open code points."""
        ends = np.cumsum([len(word) for word in self.words])
        starts = ends - [len(word) for word in self.words]
        return np.stack([starts, ends], axis=1).astype(np.int32)


@dataclass(frozen=True, slots=True)
class NamedSentence:
    """A text and its names as (start, end, type), half-open code points, ascending."""

    text: str
    names: tuple[tuple[int, int, str], ...]


def read_conllu(lines: Iterable[str], name: str = "<text>") -> Iterator[TaggedSentence]:
    r"""Yield the sentences of a CoNLL-U file with their Universal parts of speech.

    Raises:
        ReadError: a line has not the ten fields of the format.

    >>> lines = ["1\t改变\t改变\tVERB" + "\t_" * 6, ""]
    >>> [*read_conllu(lines)]
    [TaggedSentence(words=('改变',), labels=('VERB',))]
    """
    for fields in _blocks(lines, "\t", 10, name):
        words = [row for row in fields if row[0].isdecimal()]
        if words:
            yield TaggedSentence(tuple(row[1] for row in words), tuple(row[3] for row in words))


def read_columns(lines: Iterable[str], name: str = "<text>") -> Iterator[NamedSentence]:
    """Yield sentences written a character a line with its label, BIO or BMES (or BIES).

    Character and label are parted by a space or a tab; empty lines part sentences.

    Raises:
        ReadError: a line has not two fields.

    >>> [*read_columns(["马 B-PER", "云 I-PER", "说 O"])]
    [NamedSentence(text='马云说', names=((0, 2, 'PER'),))]
    """
    for rows in _blocks(lines, None, 2, name):
        text = "".join(row[0] for row in rows)
        starts = np.cumsum([0, *(len(row[0]) for row in rows)]).tolist()
        names, opened = [], -1
        labels = [*(row[1] for row in rows), "O"]
        for number, label in enumerate(labels):
            kind, _, type_ = label.partition("-")
            goes_on = kind in ("I", "M", "E") and opened >= 0
            if goes_on and labels[opened].partition("-")[2] == type_:
                continue
            if opened >= 0:
                names.append((starts[opened], starts[number], labels[opened].partition("-")[2]))
            opened = number if kind != "O" else -1
        yield NamedSentence(text, tuple(names))


def _blocks(
    lines: Iterable[str], separator: str | None, fields: int, name: str
) -> Iterator[list[list[str]]]:
    """Yield the split lines between empty ones; comments begin with # and a space."""
    block: list[list[str]] = []
    for number, line in enumerate(lines, 1):
        if line.startswith("# ") and separator:
            continue
        row = line.rstrip("\r\n").split(separator)
        if not any(row):
            if block:
                yield block
            block = []
        elif len(row) != fields:
            raise ReadError(
                f"{name}, line {number}: expected {fields} fields, found {len(row)}: {line[:60]!r}"
            )
        else:
            block.append(row)
    if block:
        yield block
