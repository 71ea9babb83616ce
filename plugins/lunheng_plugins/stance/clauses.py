"""Sentences and their clauses, each with the cues inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lunheng.documents import Block, Document
from lunheng.text import clauses
from lunheng_plugins.stance.lexicon import Hit

_ASKING = re.compile(
    r"[吗嗎呢]|是不是|是否|怎[么麼样]|什[么麼]|为何|為何|谁|誰|哪|难道|難道|岂|豈|何必|凭什|憑什"
)
_ANALYSED = ("paragraph", "list_item", "heading")


class Clause(NamedTuple):
    """A stretch between commas; ``start:end`` leaves the marks at its edges out.

    ``asks`` when it is, or ends, a question.
    """

    start: int
    end: int
    hits: tuple[Hit, ...]
    asks: bool = False


# A named tuple's own constructor is a Python function; there are as many clauses as commas.
_clause: Callable[[Iterable[object]], Clause] = partial(tuple.__new__, Clause)


class Sentence(NamedTuple):
    """A sentence with its clauses."""

    start: int
    end: int
    clauses: tuple[Clause, ...]
    heading: bool


def sentences(document: Document, hits: Sequence[Hit]) -> Iterator[Sentence]:
    """Yield the sentences of the blocks that are analysed, in order."""
    text = document.text
    marked = (quote for quote in document.quotes if quote.attribution == "direct")
    cuts = sorted({edge for quote in marked for edge in (quote.start, quote.end)})
    spoken = {turn.label_start: turn.start for turn in document.turns}
    blocks = [
        block
        for block in document.blocks or (Block("paragraph", 0, len(text)),)
        if block.kind in _ANALYSED or block.start in spoken
    ]
    regions = [(min(spoken.get(b.start, b.start), b.end), b.end) for b in blocks]
    found, spans = clauses(
        text, np.array(regions, np.int32).reshape(-1, 2), np.array(cuts, np.int32)
    )
    inside = _with_hits(spans[:, :2], hits)
    first = np.searchsorted(spans[:, 2], np.arange(len(found) + 1)).tolist()
    for number, (start, end, region, asks) in enumerate(found.tolist()):
        held = tuple(inside[first[number] : first[number + 1]])
        if asks:
            held = _asking(text, held)
        yield Sentence(start, end, held, blocks[region].kind == "heading")


def _with_hits(spans: NDArray[np.int32], hits: Sequence[Hit]) -> list[Clause]:
    """Return the clauses at their places, each with the cues that begin inside."""
    bounds = np.searchsorted(np.fromiter((hit.start for hit in hits), np.int32, len(hits)), spans)
    inside = map(tuple(hits).__getitem__, map(slice, *bounds.T.tolist()))
    return list(map(_clause, zip(*spans.T.tolist(), inside, repeat(False), strict=False)))


def _asking(text: str, held: Sequence[Clause]) -> tuple[Clause, ...]:
    """Mark the clauses of a question that ask: the last, and those with a word that asks."""
    return tuple(
        Clause(c.start, c.end, c.hits, c is held[-1] or bool(_ASKING.search(text, c.start, c.end)))
        for c in held
    )
