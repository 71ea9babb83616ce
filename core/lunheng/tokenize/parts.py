"""The parts of long words, for search and for n-grams."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_LONG = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]{3,}")


def with_parts(words: NDArray[np.int32], finer_ends: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return words and, of each, the parts of two and more characters that a finer cut finds."""
    finer = set(finer_ends.tolist())
    spans = []
    for start, end in words.tolist():
        edges = [start, *(place for place in range(start + 1, end) if place in finer), end]
        parts = [(a, b) for a, b in pairwise(edges) if b - a > 1]
        spans += sorted({*parts, (start, end)})
    return np.array(spans, np.int32).reshape(-1, 2)


def with_pairs(words: NDArray[np.int32], text: str) -> NDArray[np.int32]:
    """Return words and, of each of three and more ideographs, the pairs of neighbours."""
    spans = []
    for start, end in words.tolist():
        pairs = range(start, end - 1) if _LONG.fullmatch(text, start, end) else ()
        spans += sorted({(start, end), *((place, place + 2) for place in pairs)})
    return np.array(spans, np.int32).reshape(-1, 2)
