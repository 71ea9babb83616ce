"""Rank documents by BM25 (Robertson and Zaragoza 2009) over character bigrams."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from lunheng.index.filters import Condition, matching
from lunheng.index.segment import Segment
from lunheng.native.symbols import Phrase

QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|「([^」]+)」')


@dataclass(frozen=True, slots=True)
class Hit:
    """A document and its BM25 score."""

    id: int
    score: float


@dataclass(frozen=True, slots=True)
class Query:
    """What a search asks for: terms that count, and phrases that must occur."""

    terms: tuple[str, ...]
    required: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Query:
        """Take quoted phrases as required, and the bigrams of every run of letters as terms.

        A run of one character is a term itself.

        >>> Query.parse('大模型 “开源” 贵')
        Query(terms=('大模', '模型', '开源', '贵'), required=('开源',))
        """
        required = tuple(next(filter(None, match.groups())) for match in QUOTED.finditer(text))
        bare = "".join(character if character.isalnum() else " " for character in text)
        terms = [term for run in bare.split() for term in bigrams(run)]
        return cls(tuple(dict.fromkeys(terms)), required)


def bigrams(run: str) -> list[str]:
    """Return the bigrams of a run of characters, or the run if it has no more than two.

    >>> bigrams("大模型")
    ['大模', '模型']
    """
    return [run[i : i + 2] for i in range(max(len(run) - 1, 1))]


def search(
    segments: Sequence[Segment],
    terms: Sequence[Phrase],
    required: Sequence[Phrase],
    where: Mapping[str, Condition],
    k: int,
    k1: float,
    b: float,
) -> list[Hit]:
    """Return the ``k`` best documents that have a term, all required phrases and the fields.

    Statistics are those of the whole index, so that segments do not change scores; ties are in
    the order of ids.
    """
    found = [[segment.frequencies(term) for segment in segments] for term in terms]
    lengths = [segment.lengths() for segment in segments]
    n = sum(segment.documents for segment in segments)
    average = max(sum(segment.characters for segment in segments) / n, 1.0) if n else 1.0
    weights = [
        log(1 + (n - df + 0.5) / (df + 0.5)) * (k1 + 1)
        for df in (sum(len(documents) for documents, _ in by_segment) for by_segment in found)
    ]
    hits: list[Hit] = []
    for place, (segment, length) in enumerate(zip(segments, lengths, strict=True)):
        scores = np.zeros(segment.entry.documents)
        scored = [np.empty(0, np.uint32)]
        for weight, by_segment in zip(weights, found, strict=True):
            documents, counts = by_segment[place]
            saturation = length[documents] * (k1 * b / average) + k1 * (1 - b)
            scores[documents] += weight * counts / (counts + saturation)
            scored.append(documents)
        documents = np.concatenate(scored)
        if where or required:
            documents = documents[_admitted(segment, required, where)[documents]]
        hits += _best(scores, documents, segment, k * len(terms))
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:k]


def _admitted(
    segment: Segment, required: Iterable[Phrase], where: Mapping[str, Condition]
) -> NDArray[np.bool_]:
    """Return for each document whether it has the required phrases and meets the conditions."""
    admitted = matching(segment, where)
    for phrase in required:
        has = np.zeros(len(admitted), np.bool_)
        has[segment.frequencies(phrase)[0]] = True
        admitted &= has
    return admitted


def _best(
    scores: NDArray[np.float64], documents: NDArray[np.uint32], segment: Segment, k: int
) -> list[Hit]:
    """Return all documents that score no less than the ``k``-th place; places may repeat."""
    if len(documents) > k:
        reached = scores[documents]
        documents = documents[reached >= np.partition(reached, -k)[-k]]
    documents = np.unique(documents)
    ids = segment.ids(documents).tolist()
    return [Hit(*pair) for pair in zip(ids, scores[documents].tolist(), strict=True)]
