"""Who stands where over a whole study: positions, agreement, contradictions, change over time.

All are sums over stances that are held: what is merely asked or supposed, or said by people whom
nobody could name, is left out before.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Row = tuple[object, ...]
Numbers = NDArray[np.int64]

_MOST_HOLDERS = 200


class Vote(NamedTuple):
    """One stance as positions count it; ``date`` is the document's, ISO 8601, or empty."""

    holder: str
    type: str
    target: str
    polarity: str
    document: str
    score: float = 1.0
    date: str = ""
    evidence: str = ""


Key = tuple[str, str, str | None]
Votes = Mapping[Key, Sequence[Vote]]


@dataclass(frozen=True, slots=True)
class Standing:
    """All that one holder says on one target, in a frame or none; names as most votes have them.

    ``owner`` and ``topic`` tell holders and targets apart. An author without a name is owned by
    the ``doc_id``. ``counts`` are how many votes are for, against and neutral.
    """

    owner: str
    topic: tuple[str, str | None]
    holder: str
    target: str
    votes: Sequence[Vote]
    counts: tuple[int, int, int]

    @property
    def frame(self) -> str | None:
        """The frame of the target."""
        return self.topic[1]


def standings(votes: Votes) -> list[Standing]:
    """Return where each holder stands on each target."""
    return [
        Standing(
            *(owner, (target, frame)),
            *(_most([v.holder for v in found]), _most([v.target for v in found])),
            found,
            _counts(found),
        )
        for (owner, target, frame), found in votes.items()
    ]


def positions(found: Iterable[Standing]) -> tuple[Row, ...]:
    """Return the rows of ``positions``: counts of each holder on each target, and the balance.

    The weighted balance counts every stance by its score: a doubtful one moves it less.
    """
    return tuple(sorted(map(_position, found), key=_rank))


def relations(found: Sequence[Standing]) -> tuple[Row, ...]:
    """Return the rows of ``relations``: every two holders and the targets that they share.

    A holder's side on a target is the sign of the net; an even balance is no side. Of a target
    that very many have a side on, those who say most about it are compared. An author without a
    name goes by the ``doc_id``.
    """
    owners = sorted({standing.owner for standing in found})
    topics = _sides(found, {owner: number for number, owner in enumerate(owners)})
    if not topics:
        return ()
    pairs = _Pairs.of([sides for _, sides in topics], len(owners))
    names = np.array(_names(found, owners), object)
    rank = np.unique(names.astype(str), return_inverse=True)[1]
    order = np.lexsort((rank[pairs.second], rank[pairs.first], -pairs.agree - pairs.differ))
    columns = (names[pairs.first], names[pairs.second], pairs.agree, pairs.differ)
    counted = zip(*(column[order].tolist() for column in columns), strict=True)
    listed = list(pairs.listed([name for name, _ in topics]))
    return tuple((*row, *listed[pair]) for row, pair in zip(counted, order.tolist(), strict=True))


def _sides(
    found: Iterable[Standing], number: Mapping[str, int]
) -> list[tuple[str, list[tuple[int, int]]]]:
    """Return the topics that two or more have a side on, by name: (name, (owner, side) of each)."""
    sides: dict[tuple[str, str | None], list[tuple[int, int, int]]] = defaultdict(list)
    targets: dict[tuple[str, str | None], Counter[str]] = defaultdict(Counter)
    for standing in found:
        favor, against, _ = standing.counts
        if favor != against:
            side = 1 if favor > against else -1
            said = (-len(standing.votes), number[standing.owner], side)
            sides[standing.topic].append(said)
            targets[standing.topic][standing.target] += len(standing.votes)
    shared = [
        (_first(targets[topic]), [said[1:] for said in sorted(held)[:_MOST_HOLDERS]])
        for topic, held in sides.items()
        if len(held) > 1
    ]
    return sorted(shared)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Every two owners with a topic in common, and the topics of each pair, in arrays.

    ``first``, ``second``, ``agree`` and ``differ`` are by pair; the topics of pair ``n`` are
    ``topics[starts[n]:starts[n + 1]]``, in ascending order, and ``against`` says on which of
    them the two differ.
    """

    first: Numbers
    second: Numbers
    agree: Numbers
    differ: Numbers
    starts: Numbers
    topics: Numbers
    against: NDArray[np.bool_]

    @classmethod
    def of(cls, topics: Sequence[Sequence[tuple[int, int]]], n_owners: int) -> _Pairs:
        """Pair the owners within each topic and gather the topics of each pair."""
        codes, against = [], []
        for held in topics:
            owners, sides = np.array(sorted(held), np.int64).T
            one, two = np.triu_indices(len(held), 1)
            codes.append(owners[one] * n_owners + owners[two])
            against.append(sides[one] != sides[two])
        code, differ = np.concatenate(codes), np.concatenate(against)
        topic = np.repeat(np.arange(len(codes)), [each.size for each in codes])
        order = np.argsort(code, kind="stable")
        code, differ, topic = code[order], differ[order], topic[order]
        starts = np.flatnonzero(np.concatenate(([True], code[1:] != code[:-1])))
        differing = np.add.reduceat(differ.astype(np.int64), starts)
        starts = np.append(starts, code.size)
        first, second = np.divmod(code[starts[:-1]], n_owners)
        return cls(first, second, np.diff(starts) - differing, differing, starts, topic, differ)

    def listed(self, names: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield, by pair, the names of the topics agreed and differed on, as JSON lists."""
        quoted = [json.dumps(name, ensure_ascii=False) for name in names]
        topics, against = self.topics.tolist(), self.against.tolist()
        for start, end in pairwise(self.starts.tolist()):
            if end == start + 1:
                alone = f"[{quoted[topics[start]]}]"
                yield ("[]", alone) if against[start] else (alone, "[]")
                continue
            sides: tuple[list[str], list[str]] = ([], [])
            for place in range(start, end):
                sides[against[place]].append(quoted[topics[place]])
            yield f"[{', '.join(sides[0])}]", f"[{', '.join(sides[1])}]"


def _names(found: Iterable[Standing], owners: Iterable[str]) -> list[str]:
    """Return what each owner is called most, or the owner."""
    called: dict[str, Counter[str]] = defaultdict(Counter)
    for standing in found:
        called[standing.owner][standing.holder] += len(standing.votes)
    return [_first(called[owner]) or owner for owner in owners]


def contradictions(found: Iterable[Standing]) -> tuple[Row, ...]:
    """Return the rows of ``contradictions``: who is both for and against the same target.

    Both sides have their surest evidence, with its document, and their first and last date, so
    that a change of mind can be told from a mixed judgement.
    """
    rows: list[Row] = []
    for standing in found:
        if not all(standing.counts[:2]):
            continue
        both = [[v for v in standing.votes if v.polarity == side] for side in ("favor", "against")]
        surest = [max(side, key=lambda v: (v.score, v.document, v.evidence)) for side in both]
        spans = [sorted(v.date for v in side if v.date) for side in both]
        rows.append(
            (
                *(standing.holder, standing.target, standing.frame),
                *(len(both[0]), len(both[1])),
                *(part for best in surest for part in (best.document, best.evidence)),
                *(edge for dates in spans for edge in _edges(dates)),
            )
        )
    return tuple(
        sorted(rows, key=lambda r: (-min(_int(r[3]), _int(r[4])), *map(str, r[:3]), *map(str, r)))
    )


def changes(found: Iterable[Standing]) -> tuple[Row, ...]:
    """Return the rows of ``changes``: each position by the date of its documents, in order."""
    rows: list[Row] = []
    for standing in found:
        dated: dict[str, list[Vote]] = defaultdict(list)
        for vote in standing.votes:
            if vote.date:
                dated[vote.date].append(vote)
        named = (standing.holder, standing.target, standing.frame)
        rows += [(*named, date, *_balanced(_counts(dated[date]))) for date in sorted(dated)]
    return tuple(sorted(rows, key=lambda row: tuple(map(str, row))))


def _position(standing: Standing) -> Row:
    votes = standing.votes
    weight = sum([vote.score for vote in votes])
    net = sum([vote.score * _sign(vote) for vote in votes])
    return (
        *(standing.holder, _most([v.type for v in votes]), standing.target, standing.frame),
        *_balanced(standing.counts),
        len({vote.document for vote in votes}),
        round(net / weight, 6) if weight else 0.0,
    )


def _counts(votes: Sequence[Vote]) -> tuple[int, int, int]:
    """Return how many are for, against and neutral."""
    sides = [vote.polarity for vote in votes]
    return sides.count("favor"), sides.count("against"), sides.count("neutral")


def _balanced(counts: tuple[int, int, int]) -> tuple[int, int, int, float]:
    """Return counts with the balance from -1 to 1."""
    favor, against, neutral = counts
    return favor, against, neutral, round((favor - against) / sum(counts), 6)


def _rank(row: Row) -> tuple[object, ...]:
    """Return what positions are ordered by: the number of stances, then who, on what."""
    return (-sum(map(_int, row[4:7])), *map(str, row[:4]), row[7:])


def _edges(dates: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the first and the last of sorted dates, where there are any."""
    return (dates[0], dates[-1]) if dates else (None, None)


def _sign(vote: Vote) -> int:
    return (vote.polarity == "favor") - (vote.polarity == "against")


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value


def _most(values: Sequence[str]) -> str:
    """Return the most frequent value; the first in order among equals."""
    return values[0] if len(values) == 1 else _first(Counter(values))


def _first(counts: Mapping[str, int]) -> str:
    """Return the value with the greatest count; the first in order among equals."""
    return min(counts, key=lambda value: (-counts[value], value))
