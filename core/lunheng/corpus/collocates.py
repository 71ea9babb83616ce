"""Find the words that stand near a phrase more often than chance would have it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from lunheng.corpus.matching import WIDTH, Matches
from lunheng.corpus.measures import expected, log_dice, log_likelihood, pmi, t_score
from lunheng.corpus.words import WordTable
from lunheng.errors import UsageError
from lunheng.text import fold

Association = Literal["log_dice", "log_likelihood", "pmi", "t_score"]


@dataclass(frozen=True, slots=True)
class Collocate:
    """A word near a node.

    Attributes:
        word: the word, folded.
        together: its occurrences within the window, each counted once.
        left, right: how many of them stand before and after a node; one between two is both.
        frequency: its occurrences in all documents of the table, those in nodes left out.
        expected: how many the window would have by chance.
        pmi, t_score, log_likelihood, log_dice: see :mod:`lunheng.corpus.measures`.
    """

    word: str
    together: int
    left: int
    right: int
    frequency: int
    expected: float
    pmi: float
    t_score: float
    log_likelihood: float
    log_dice: float


def collocates(
    table: WordTable,
    node: Matches,
    *,
    window: tuple[int, int] = (5, 5),
    measure: Association = "log_dice",
    least: int = 3,
    k: int = 50,
    without: Container[str] = (),
) -> list[Collocate]:
    """Return the ``k`` words most associated with a node, strongest first.

    Surface co-occurrence as Evert (2008), "Corpora and collocations", section 4, has it: the
    sample is all words that are in no node, the first marginal how many of them are in a window.

    Args:
        table: the words of the documents that count; nodes elsewhere do not.
        node: where the node stands, as :class:`~lunheng.corpus.Query` finds it.
        window: words before and after a node, within its document.
        measure: by what to order.
        least: occurrences together at least.
        k: how many collocates.
        without: words that are not listed, such as function words; they count all the same.

    Raises:
        lunheng.errors.UsageError: the window is empty or negative, or there is no such measure.
    """
    if min(window) < 0 or not any(window):
        raise UsageError(f"window: expected words before and after, got {window}")
    if measure not in get_args(Association):
        raise UsageError(f"measure: expected one of {get_args(Association)}, got {measure!r}")
    first, last = _words_of(table, node)
    nodes = np.zeros(len(table.numbers), np.bool_)
    nodes[_stretches(first, last)] = True
    document = np.searchsorted(table.begins, first, "right") - 1
    left, right = np.zeros_like(nodes), np.zeros_like(nodes)
    left[_stretches(np.maximum(first - window[0], table.begins[document]), first)] = True
    right[_stretches(last, np.minimum(last + window[1], table.begins[document + 1]))] = True
    left &= ~nodes
    right &= ~nodes
    near = left | right
    together, frequency = table.counts(near), table.counts(~nodes)
    kept = np.flatnonzero(together >= max(least, 1))
    listed = np.array([fold(table.words[i]) not in without for i in kept.tolist()], dtype=bool)
    kept = kept[listed]
    size, total = int(near.sum()), int((~nodes).sum())
    seen, often = together[kept], frequency[kept]
    columns = {
        "expected": expected(size, often, total),
        "pmi": pmi(seen, size, often, total),
        "t_score": t_score(seen, size, often, total),
        "log_likelihood": log_likelihood(seen, size, often, total),
        "log_dice": log_dice(seen, len(first), often),
    }
    before, after = table.counts(left)[kept], table.counts(right)[kept]
    order = np.lexsort((kept, -columns[measure]))[:k]
    return [
        Collocate(
            table.words[kept[i]],
            int(seen[i]),
            int(before[i]),
            int(after[i]),
            int(often[i]),
            **{name: float(column[i]) for name, column in columns.items()},
        )
        for i in order.tolist()
    ]


def _words_of(table: WordTable, node: Matches) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the half-open range of words that each node touches, of nodes that touch one."""
    known = np.isin(node.ids, table.ids)
    ids = node.ids[known] * WIDTH
    first = np.searchsorted(table.ends, ids + node.starts[known], "right")
    last = np.searchsorted(table.starts, ids + node.ends[known])
    touches = first < last
    return first[touches], last[touches]


def _stretches(first: NDArray[np.intp], last: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return every number of the half-open ranges."""
    lengths = np.maximum(last - first, 0)
    ends = np.cumsum(lengths)
    places = np.repeat(first - ends + lengths, lengths)
    places += np.arange(len(places))
    return places
