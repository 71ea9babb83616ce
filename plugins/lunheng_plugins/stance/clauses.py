"""Sentences and their clauses, each with the cues inside."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lunheng.documents import Block, Document
from lunheng_plugins.stance.lexicon import Hit

_SENTENCE = re.compile(r"[^。！!？?；;\n]*[。！!？?；;\n]*[”」』’\"）)]*")
_CLAUSE = re.compile(r"[^，,：:—…]+[，,：:—…]*")
_TRIM = ' \t\u3000\n，,。！!；;：:—…“”「」『』‘’"（）()？?'
_ANALYSED = ("paragraph", "list_item", "heading")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between commas; ``start:end`` leaves the marks at its edges out."""

    start: int
    end: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its clauses; ``asks`` when it ends in a question mark."""

    start: int
    end: int
    clauses: tuple[Clause, ...]
    asks: bool
    heading: bool


def sentences(document: Document, hits: Sequence[Hit]) -> Iterator[Sentence]:
    """Yield the sentences of the blocks that are analysed, in order."""
    text = document.text
    starts = [hit.start for hit in hits]
    spoken = {turn.label_start: turn.start for turn in document.turns}
    for block in document.blocks or (Block("paragraph", 0, len(text)),):
        if block.kind not in _ANALYSED and block.start not in spoken:
            continue
        for match in _SENTENCE.finditer(text, spoken.get(block.start, block.start), block.end):
            if match.end() == match.start():
                continue
            clauses = tuple(_clauses(text, match.start(), match.end(), hits, starts))
            if clauses:
                asks = "？" in match[0] or "?" in match[0]
                heading = block.kind == "heading"
                yield Sentence(match.start(), match.end(), clauses, asks, heading)


def _clauses(
    text: str, start: int, end: int, hits: Sequence[Hit], starts: Sequence[int]
) -> Iterator[Clause]:
    for match in _CLAUSE.finditer(text, start, end):
        low, high = match.span()
        while low < high and text[low] in _TRIM:
            low += 1
        while high > low and text[high - 1] in _TRIM:
            high -= 1
        if high > low:
            inside = hits[bisect_left(starts, low) : bisect_left(starts, high)]
            yield Clause(low, high, tuple(inside))
