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
    n = sum(segment.documents for segment in segments)
    if not n:
        return []
    found = [[segment.term(term) for term in terms] for segment in segments]
    frequencies = [
        sum(term.document_frequency for term in column) for column in zip(*found, strict=True)
    ]
    weights = [log(1 + (n - df + 0.5) / (df + 0.5)) * (k1 + 1) for df in frequencies]
    average = max(sum(segment.live_characters() for segment in segments) / n, 1.0)
    hits: list[Hit] = []
    for segment, by_term in zip(segments, found, strict=True):
        least = hits[k - 1].score if len(hits) >= k else 0.0
        documents, scores = segment.rank(
            by_term,
            weights,
            k1 * (1 - b),
            k1 * b / average,
            k,
            least,
            _admitted(segment, required, where) if required or where else None,
        )
        ids = segment.ids(documents).tolist()
        hits += [Hit(*pair) for pair in zip(ids, scores.tolist(), strict=True)]
        hits.sort(key=lambda hit: (-hit.score, hit.id))
    return hits[:k]


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
