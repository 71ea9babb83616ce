"""Sentences and their clauses, each with the cues inside."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lunheng.documents import Block, Document
from lunheng_plugins.stance.lexicon import Hit

_SENTENCE = re.compile(r"[^。！!？?；;\n]*[。！!？?；;\n]*[”」』’\"）)]*")
_CLAUSE = re.compile(r"[^，,：:—…]+[，,：:—…]*")
_ASKING = re.compile(
    r"[吗嗎呢]|是不是|是否|怎[么麼样]|什[么麼]|为何|為何|谁|誰|哪|难道|難道|岂|豈|何必|凭什|憑什"
)
_TRIM = ' \t\u3000\n，,。！!；;：:—…“”「」『』‘’"（）()？?'
_ANALYSED = ("paragraph", "list_item", "heading")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between commas; ``start:end`` leaves the marks at its edges out.

    ``asks`` when it is, or ends, a question.
    """

    start: int
    end: int
    hits: tuple[Hit, ...]
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its clauses."""

    start: int
    end: int
    clauses: tuple[Clause, ...]
    heading: bool


def sentences(document: Document, hits: Sequence[Hit]) -> Iterator[Sentence]:
    """Yield the sentences of the blocks that are analysed, in order."""
    text = document.text
    starts = [hit.start for hit in hits]
    marked = (quote for quote in document.quotes if quote.attribution == "direct")
    cuts = sorted({edge for quote in marked for edge in (quote.start, quote.end)})
    spoken = {turn.label_start: turn.start for turn in document.turns}
    for block in document.blocks or (Block("paragraph", 0, len(text)),):
        if block.kind not in _ANALYSED and block.start not in spoken:
            continue
        for match in _SENTENCE.finditer(text, spoken.get(block.start, block.start), block.end):
            if match.end() == match.start():
                continue
            clauses = list(_clauses(text, match.start(), match.end(), hits, starts, cuts))
            if clauses:
                if "？" in match[0] or "?" in match[0]:
                    clauses = _asking(text, clauses)
                heading = block.kind == "heading"
                yield Sentence(match.start(), match.end(), tuple(clauses), heading)


def _asking(text: str, clauses: Sequence[Clause]) -> list[Clause]:
    """Mark the clauses of a question that ask: the last, and those with a word that asks."""
    return [
        replace(c, asks=c is clauses[-1] or bool(_ASKING.search(text, c.start, c.end)))
        for c in clauses
    ]


def _clauses(
    text: str,
    start: int,
    end: int,
    hits: Sequence[Hit],
    starts: Sequence[int],
    cuts: Sequence[int],
) -> Iterator[Clause]:
    for low, high in _stretches(text, start, end, cuts):
        while low < high and text[low] in _TRIM:
            low += 1
        while high > low and text[high - 1] in _TRIM:
            high -= 1
        if high > low:
            inside = hits[bisect_left(starts, low) : bisect_left(starts, high)]
            yield Clause(low, high, tuple(inside))


def _stretches(text: str, start: int, end: int, cuts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield what stands between commas and between the edges of quotations."""
    for match in _CLAUSE.finditer(text, start, end):
        low, high = match.span()
        for cut in cuts[bisect_right(cuts, low) : bisect_left(cuts, high)]:
            yield low, cut
            low = cut
        yield low, high
