"""Search by BM25 (Robertson and Zaragoza 2009) over character bigrams."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lunheng.index.filters import Condition, matching
from lunheng.index.segment import Segment
from lunheng.native.searching import Searcher
from lunheng.native.symbols import Phrase

QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|「([^」]+)」')


class Hit(NamedTuple):
    """A document and its BM25 score."""

    id: int
    score: float


class Query(NamedTuple):
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
        if text.isalnum():
            return cls(tuple(dict.fromkeys(bigrams(text))), ())
        required = tuple(next(filter(None, match.groups())) for match in QUOTED.finditer(text))
        bare = "".join(character if character.isalnum() else " " for character in text)
        terms = [term for run in bare.split() for term in bigrams(run)]
        return cls(tuple(dict.fromkeys(terms)), required)


NOTHING = Query((), ())


def bigrams(run: str) -> list[str]:
    """Return the bigrams of a run of characters, or the run if it has no more than two.

    >>> bigrams("大模型")
    ['大模', '模型']
    """
    return [run[i : i + 2] for i in range(max(len(run) - 1, 1))]


def search(
    segments: Sequence[Segment],
    queries: Sequence[tuple[tuple[Phrase, ...], tuple[Phrase, ...]]],
    where: Mapping[str, Condition],
    k: int,
    k1: float,
    b: float,
) -> list[list[Hit]]:
    """Return for each query the ``k`` best documents that have a term and meet every condition.

    A query is its terms and the phrases that are required; statistics are those of the whole
    index, so that segments do not change scores; ties are in the order of ids.
    """
    n = sum(segment.documents for segment in segments)
    if not n:
        return [[] for _ in queries]
    searcher = Searcher(
        tuple(segment.reader for segment in segments),
        [segment.marks() for segment in segments],
        [matching(segment, where).view(np.uint8) if where else None for segment in segments],
        n,
        max(sum(segment.live_characters() for segment in segments) / n, 1.0),
        k1,
        b,
    )
    terms, required = zip(*queries, strict=True)
    counts, keys, scores = searcher.search_each(terms, required, k)
    hits = map(Hit, _ids(segments, keys).tolist(), scores.tolist())
    return [list(islice(hits, count)) for count in counts.tolist()]


def _ids(segments: Sequence[Segment], keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the ids of what a search found: segments and documents in them."""
    documents = keys.astype(np.uint32)
    if len(segments) == 1:
        return segments[0].ids(documents)
    ids = np.empty(len(keys), np.int64)
    for number, segment in enumerate(segments):
        there = keys >> np.uint64(32) == number
        ids[there] = segment.ids(documents[there])
    return ids
