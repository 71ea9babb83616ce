"""Sentences and the clauses between their commas: the twin of native.clauses."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

SENTENCE = re.compile(r"[^。！!？?；;\n]*[。！!？?；;\n]*[”」』’\"）)]*")
CLAUSE = re.compile(r"[^，,：:—…]+[，,：:—…]*")
TRIM = ' \t\u3000\n，,。！!；;：:—…“”「」『』‘’"（）()？?'

Rows = list[tuple[int, ...]]


def clauses(
    text: str, regions: Sequence[tuple[int, int]], cuts: Sequence[int]
) -> tuple[Rows, Rows]:
    """Return (start, end, region, asks) of sentences and (start, end, sentence) of clauses."""
    sentences: Rows = []
    spans: Rows = []
    for region, (low, high) in enumerate(regions):
        for match in SENTENCE.finditer(text, low, high):
            inside = list(trimmed(text, *match.span(), cuts))
            if inside:
                spans += [(start, end, len(sentences)) for start, end in inside]
                asks = "？" in match[0] or "?" in match[0]
                sentences.append((*match.span(), region, int(asks)))
    return sentences, spans


def trimmed(text: str, start: int, end: int, cuts: Sequence[int]) -> Iterator[tuple[int, int]]:
    for match in CLAUSE.finditer(text, start, end):
        low, high = match.span()
        for cut in [*cuts[bisect_right(cuts, low) : bisect_left(cuts, high)], high]:
            left = low + len(text[low:cut]) - len(text[low:cut].lstrip(TRIM))
            right = left + len(text[left:cut].rstrip(TRIM))
            if right > left:
                yield left, right
            low = cut
