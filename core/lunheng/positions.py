"""Who stands where over a whole study: positions, agreement, contradictions, change over time.

All are sums over stances that are held: what is merely asked or supposed, or said by people whom
nobody could name, is left out before.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

Row = tuple[object, ...]

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


def positions(votes: Votes) -> tuple[Row, ...]:
    """Return the rows of ``positions``: counts of each holder on each target, and the balance.

    The weighted balance counts every stance by its score: a doubtful one moves it less.
    """
    rows = [_position(frame, found) for (_, _, frame), found in votes.items()]
    return tuple(sorted(rows, key=_rank))


def relations(votes: Votes) -> tuple[Row, ...]:
    """Return the rows of ``relations``: every two holders and the targets that they share.

    A holder's side on a target is the sign of the net; an even balance is no side. Of a target
    that very many have a side on, those who say most about it are compared. An author without a
    name goes by the ``doc_id``.
    """
    sides: dict[tuple[str, str | None], list[tuple[int, str, int, str]]] = defaultdict(list)
    for (owner, target, frame), found in votes.items():
        net = _net(found)
        if net:
            said = (-len(found), owner, 1 if net > 0 else -1, _most(v.target for v in found))
            sides[target, frame].append(said)
    names = {
        owner: _most(v.holder for v in found) or owner for (owner, _, _), found in votes.items()
    }
    shared: dict[tuple[str, str], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for held in sides.values():
        loudest = sorted(held)[:_MOST_HOLDERS]
        for (_, first, left, target), (_, second, right, _) in combinations(loudest, 2):
            pair = (first, second) if first < second else (second, first)
            shared[pair][left != right].append(target)
    rows: list[Row] = [
        (
            *(names[first], names[second], len(agree), len(differ)),
            *(_listed(agree), _listed(differ)),
        )
        for (first, second), (agree, differ) in shared.items()
    ]
    return tuple(sorted(rows, key=lambda r: (-_int(r[2]) - _int(r[3]), str(r[0]), str(r[1]))))


def contradictions(votes: Votes) -> tuple[Row, ...]:
    """Return the rows of ``contradictions``: who is both for and against the same target.

    Both sides have their surest evidence, with its document, and their first and last date, so
    that a change of mind can be told from a mixed judgement.
    """
    rows: list[Row] = []
    for (_, _, frame), found in votes.items():
        both = [[v for v in found if v.polarity == side] for side in ("favor", "against")]
        if not all(both):
            continue
        surest = [max(side, key=lambda v: (v.score, v.document, v.evidence)) for side in both]
        spans = [sorted(v.date for v in side if v.date) for side in both]
        rows.append(
            (
                *(_most(v.holder for v in found), _most(v.target for v in found), frame),
                *(len(both[0]), len(both[1])),
                *(part for best in surest for part in (best.document, best.evidence)),
                *(edge for dates in spans for edge in _edges(dates)),
            )
        )
    return tuple(
        sorted(rows, key=lambda r: (-min(_int(r[3]), _int(r[4])), *map(str, r[:3]), *map(str, r)))
    )


def changes(votes: Votes) -> tuple[Row, ...]:
    """Return the rows of ``changes``: each position by the date of its documents, in order."""
    rows: list[Row] = []
    for (_, _, frame), found in votes.items():
        dated: dict[str, list[Vote]] = defaultdict(list)
        for vote in found:
            if vote.date:
                dated[vote.date].append(vote)
        named = (_most(v.holder for v in found), _most(v.target for v in found), frame)
        rows += [(*named, date, *_counts(dated[date])) for date in sorted(dated)]
    return tuple(sorted(rows, key=lambda row: tuple(map(str, row))))


def _position(frame: str | None, votes: Sequence[Vote]) -> Row:
    weight = sum(vote.score for vote in votes)
    net = sum(vote.score * _sign(vote) for vote in votes)
    return (
        *(_most(v.holder for v in votes), _most(v.type for v in votes)),
        *(_most(v.target for v in votes), frame),
        *_counts(votes),
        len({vote.document for vote in votes}),
        round(net / weight, 6) if weight else 0.0,
    )


def _counts(votes: Sequence[Vote]) -> tuple[int, int, int, float]:
    """Return how many are for, against and neutral, and the balance from -1 to 1."""
    found = Counter(vote.polarity for vote in votes)
    balance = round((found["favor"] - found["against"]) / len(votes), 6)
    return found["favor"], found["against"], found["neutral"], balance


def _rank(row: Row) -> tuple[object, ...]:
    """Return what positions are ordered by: the number of stances, then who, on what."""
    return (-sum(map(_int, row[4:7])), *map(str, row[:4]), row[7:])


def _edges(dates: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the first and the last of sorted dates, where there are any."""
    return (dates[0], dates[-1]) if dates else (None, None)


def _sign(vote: Vote) -> int:
    return (vote.polarity == "favor") - (vote.polarity == "against")


def _net(votes: Iterable[Vote]) -> int:
    return sum(map(_sign, votes))


def _listed(names: Iterable[str]) -> str:
    return json.dumps(sorted(names), ensure_ascii=False)


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value


def _most(values: Iterable[str]) -> str:
    """Return the most frequent value; the first in order among equals."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value))
