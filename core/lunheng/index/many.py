"""Ask one commit for many phrases at once, in as many threads as wished."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import UsageError
from lunheng.index.segment import Segment
from lunheng.native.symbols import Phrase

SHARE = 512

Integers = NDArray[np.int64]
MakePhrases: TypeAlias = Callable[[Sequence[str]], tuple[Phrase, ...]]
_Asked = TypeVar("_Asked")
_Answer = TypeVar("_Answer")


class DocumentLists(NamedTuple):
    """Documents of many phrases, int64: those of phrase ``i`` are a slice of ``ids``.

    It is ``ids[offsets[i]:offsets[i + 1]]``, ascending; ``offsets`` has one entry more than there
    are phrases.
    """

    offsets: Integers
    ids: Integers


class PositionLists(NamedTuple):
    """Occurrences of many phrases, int64: those of phrase ``i`` are a slice of both arrays.

    It is ``offsets[i]:offsets[i + 1]``, ascending in documents' ids and in starts within each.
    """

    offsets: Integers
    ids: Integers
    starts: Integers


def count_many(
    segments: Sequence[Segment], phrases: Sequence[str], make: MakePhrases, threads: int
) -> Integers:
    """Return how often each phrase occurs."""

    def count(part: Sequence[str]) -> Integers:
        asked = make(part)
        totals = np.zeros(len(asked), np.int64)
        for segment in segments:
            totals += segment.count_each(asked)
        return totals

    return np.concatenate([np.empty(0, np.int64), *shared(count, phrases, threads)])


def docs_many(
    segments: Sequence[Segment], phrases: Sequence[str], make: MakePhrases, threads: int
) -> DocumentLists:
    """Return the documents that have each phrase."""

    def documents(part: Sequence[str]) -> tuple[Integers, list[Integers]]:
        asked = make(part)
        found = [segment.documents_of_each(asked) for segment in segments]
        return _by_phrase(len(asked), [(counts, [ids]) for counts, ids in found], 1)

    offsets, (ids,) = _joined(shared(documents, phrases, threads), 1)
    return DocumentLists(offsets, ids)


def positions_many(
    segments: Sequence[Segment], phrases: Sequence[str], make: MakePhrases, threads: int
) -> PositionLists:
    """Return every occurrence of each phrase."""

    def places(part: Sequence[str]) -> tuple[Integers, list[Integers]]:
        asked = make(part)
        found = [segment.places_of_each(asked) for segment in segments]
        return _by_phrase(len(asked), [(counts, [ids, at]) for counts, ids, at in found], 2)

    offsets, (ids, starts) = _joined(shared(places, phrases, threads), 2)
    return PositionLists(offsets, ids, starts)


def shared(
    work: Callable[[Sequence[_Asked]], _Answer], asked: Sequence[_Asked], threads: int
) -> list[_Answer]:
    """Do the work for some at a time, in threads, and return the results in order.

    Raises:
        lunheng.errors.UsageError: there is to be no thread.
    """
    if threads < 1:
        raise UsageError(f"expected at least one thread, got {threads}")
    if threads == 1 or len(asked) <= 1:
        return [work(asked)] if asked else []
    size = min(SHARE, -(-len(asked) // threads))
    parts = [asked[start : start + size] for start in range(0, len(asked), size)]
    with ThreadPoolExecutor(min(threads, len(parts))) as pool:
        return list(pool.map(work, parts))


def _by_phrase(
    n: int, of_segments: Sequence[tuple[Integers, list[Integers]]], columns: int
) -> tuple[Integers, list[Integers]]:
    """Put what the segments have of each of ``n`` phrases side by side, in their order."""
    if len(of_segments) == 1:
        return of_segments[0]
    totals = np.zeros(n, np.int64)
    numbers = [np.empty(0, np.int64)]
    for counts, _ in of_segments:
        totals += counts
        numbers.append(np.repeat(np.arange(n), counts))
    order = np.argsort(np.concatenate(numbers), kind="stable")
    return totals, [
        np.concatenate([np.empty(0, np.int64), *(values[column] for _, values in of_segments)])[
            order
        ]
        for column in range(columns)
    ]


def _joined(
    parts: Sequence[tuple[Integers, list[Integers]]], columns: int
) -> tuple[Integers, list[Integers]]:
    """Put parts one behind the other; return where each phrase's answers begin, and the answers."""
    counts = np.concatenate([np.zeros(1, np.int64), *(part for part, _ in parts)])
    return np.cumsum(counts), [
        np.concatenate([np.empty(0, np.int64), *(values[column] for _, values in parts)])
        for column in range(columns)
    ]
