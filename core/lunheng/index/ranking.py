"""Rank documents by BM25 (Robertson and Zaragoza 2009) over character bigrams."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Documents of one segment that have a term, and how often."""

    documents: NDArray[np.uint32]
    counts: NDArray[np.int64]


def frequencies(segment: Segment, term: Phrase) -> Frequencies:
    """Return the documents of a segment that have a term, ascending, and how often."""
    documents, _ = segment.occurrences(term)
    first = np.flatnonzero(np.diff(documents, prepend=np.uint32(0xFFFFFFFF)))
    return Frequencies(documents[first], np.diff(first, append=len(documents)))


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
    found = [[frequencies(segment, term) for segment in segments] for term in terms]
    lengths = [segment.lengths() for segment in segments]
    n = sum(int(segment.documents) for segment in segments)
    total = sum(int(length.sum()) for length in lengths)
    average = max(total / n, 1.0) if n else 1.0
    hits: list[Hit] = []
    for place, (segment, length) in enumerate(zip(segments, lengths, strict=True)):
        scores = np.zeros(segment.entry.documents)
        for by_segment in found:
            df = sum(len(each.documents) for each in by_segment)
            one = by_segment[place]
            idf = np.log(1 + (n - df + 0.5) / (df + 0.5))
            saturation = k1 * (1 - b + b * length[one.documents] / average)
            scores[one.documents] += idf * one.counts * (k1 + 1) / (one.counts + saturation)
        _restrict(scores, segment, required, where)
        hits += _best(scores, segment, k)
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:k]


def _restrict(
    scores: NDArray[np.float64],
    segment: Segment,
    required: Iterable[Phrase],
    where: Mapping[str, Condition],
) -> None:
    """Set the scores of documents to 0 that lack a required phrase or fail a condition."""
    if where:
        scores[~matching(segment, where)] = 0
    for phrase in required:
        lacking = np.ones(len(scores), np.bool_)
        lacking[frequencies(segment, phrase).documents] = False
        scores[lacking] = 0


def _best(scores: NDArray[np.float64], segment: Segment, k: int) -> list[Hit]:
    scored = np.flatnonzero(scores)
    if len(scored) > k:
        least = np.partition(scores[scored], -k)[-k]
        scored = scored[scores[scored] >= least]
    ids = segment.ids(scored.astype(np.uint32))
    return [Hit(*pair) for pair in zip(ids.tolist(), scores[scored].tolist(), strict=True)]
