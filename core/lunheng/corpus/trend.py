"""Follow how often phrases occur from one period to the next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import UsageError

if TYPE_CHECKING:
    from lunheng.corpus.matching import Query
    from lunheng.index import NgramIndex
    from lunheng.index.fields import Value

Period = Literal["year", "month", "day"]

DATE = re.compile(r"(\d{4})(?:\D{1,2}(\d{1,2})(?:\D{1,2}(\d{1,2}))?)?(?!\d)")
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class PeriodCount:
    """How often queries occur in one period.

    Attributes:
        period: ``2023``, ``2023-09`` or ``2023-09-07``; empty for documents without a date.
        documents, characters: how much the period has.
        occurrences: places of each query.
        with_query: documents of each query.
        per_million: places of each query in a million characters.
    """

    period: str
    documents: int
    characters: int
    occurrences: tuple[int, ...]
    with_query: tuple[int, ...]
    per_million: tuple[float, ...]


def trend(
    index: NgramIndex,
    queries: Sequence[Query],
    *,
    field: str = "date",
    by: Period = "month",
    ids: NDArray[np.int64] | None = None,
) -> list[PeriodCount]:
    """Return counts a period, in order of time; documents without a date come first.

    Args:
        index: where the documents are.
        queries: what to count.
        field: a field of dates: text such as ``2023-09-07``, ``2023年9月`` or ``2023``, or years.
        by: the length of a period; a date that is less exact counts as without a date.
        ids: which documents count; ``None`` for all.

    Raises:
        lunheng.errors.UsageError: the index has no such field, or there is no such period.
    """
    if by not in get_args(Period):
        raise UsageError(f"by: expected one of {', '.join(get_args(Period))}, got {by!r}")
    known = index.field_names()
    if field not in known:
        raise UsageError(f"expected a field of the index ({', '.join(known)}), got {field!r}")
    every, lengths = index.ids(), index.lengths()
    periods, number = np.unique(
        [period_of(value, by) for value in index.values(field)], return_inverse=True
    )
    counted = np.ones(len(every), np.bool_) if ids is None else np.isin(every, ids)
    size = len(periods)
    documents = np.bincount(number[counted], minlength=size)
    characters = np.bincount(number[counted], lengths[counted], minlength=size).astype(np.int64)
    occurrences: list[NDArray[np.intp]] = []
    having: list[NDArray[np.intp]] = []
    for query in queries:
        found = query.matches(index)
        for places, into in ((found.ids, occurrences), (found.documents, having)):
            place = np.searchsorted(every, places)
            into.append(np.bincount(number[place[counted[place]]], minlength=size))
    return [
        PeriodCount(
            str(period),
            int(documents[i]),
            int(characters[i]),
            tuple(int(row[i]) for row in occurrences),
            tuple(int(row[i]) for row in having),
            tuple(float(row[i] * MILLION / max(characters[i], 1)) for row in occurrences),
        )
        for i, period in enumerate(periods)
        if documents[i]
    ]


def period_of(value: Value | None, by: Period) -> str:
    """Return the period of a date, nothing if it is not one or not as exact.

    >>> period_of("2023年9月7日", "day"), period_of("2023/09", "month"), period_of("2023", "month")
    ('2023-09-07', '2023-09', '')
    """
    found = DATE.match(str(value).strip())
    wanted = get_args(Period).index(by) + 1
    parts = [part for part in found.groups()[:wanted] if part] if found else []
    return "-".join(part.zfill(2) for part in parts) if len(parts) == wanted else ""
