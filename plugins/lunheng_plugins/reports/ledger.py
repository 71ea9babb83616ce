"""Every stance of a study as a row of numbers: who, on what, which side. Small enough to keep.

All that reports sum (matrix, positions, pairs, change over time) is summed from these rows; the
words behind a row are read when somebody wants to see them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from lunheng.link import UNHELD
from lunheng_plugins.reports.articles import Library
from lunheng_plugins.reports.model import Article
from lunheng_plugins.reports.naming import FrameTitles, common_spellings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lunheng.study import Study

SIDES = ("favor", "against", "neutral")
NOBODY = -1
_COLUMNS = (
    *("doc_id", "start_char", "end_char", "rowid", "holder", "holder_type", "target", "frame"),
    *("polarity", "score", "reporter", "flags", "source_start"),
)


@dataclass(frozen=True, eq=False)
class Ledger:
    """The stances in reading order; row ``k`` is the evidence with the number ``k + 1``.

    Shapes are (stances,). ``holder``, ``target`` and ``reporter`` (−1: nobody) are places in
    ``names``, ``type`` and ``frame`` (−1: none) in ``types`` and ``frames``, ``polarity`` in
    ``SIDES``, ``article`` counts from 1. Not ``counted`` is what is merely asked or supposed, and
    what a repost repeats; ``unheld`` is the former. Not ``placed`` is what has no place in the
    source.
    """

    names: tuple[str, ...]
    types: tuple[str, ...]
    frames: tuple[str, ...]
    article: NDArray[np.int32]
    holder: NDArray[np.int32]
    type: NDArray[np.int16]
    target: NDArray[np.int32]
    frame: NDArray[np.int16]
    polarity: NDArray[np.int8]
    score: NDArray[np.float32]
    reporter: NDArray[np.int32]
    flagged: NDArray[np.bool_]
    unheld: NDArray[np.bool_]
    placed: NDArray[np.bool_]
    counted: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.article)

    @cached_property
    def ids(self) -> dict[str, int]:
        """The place of each name."""
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def lowered(self) -> tuple[str, ...]:
        """The names as a search compares them."""
        return tuple(name.lower() for name in self.names)

    def of_article(self, number: int) -> range:
        """Return the rows of one article."""
        first, last = np.searchsorted(self.article, (number, number + 1))
        return range(int(first), int(last))

    def tally(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> dict[str, int]:
        """Return how many of some rows are on each side."""
        counts = np.bincount(self.polarity[rows], minlength=len(SIDES)).tolist()
        return dict(zip(SIDES, counts, strict=True))

    def best_first(
        self,
        rows: NDArray[np.intp],
        net: NDArray[np.int64] | int,
        groups: NDArray[np.int64] | int = 0,
    ) -> NDArray[np.intp]:
        """Return rows so that those come first that show a position of this net best.

        Rows of several positions need the ``net`` of each row's, and the ascending ``groups``
        that they are of.
        """
        side = np.where(np.asarray(net) > 0, 0, 1)
        off = (self.polarity[rows] != side) & (np.asarray(net) != 0)
        group = np.broadcast_to(groups, rows.shape)
        return rows[np.lexsort((-self.score[rows], self.flagged[rows], off, group))]


class _Numbers(dict[Any, int]):
    """Numbers different values in the order in which they are met."""

    def __missing__(self, value: Any) -> int:
        number = self[value] = len(self)
        return number


def read_ledger(
    study: Study, articles: Sequence[Article], library: Library, titles: FrameTitles
) -> Ledger:
    """Read the stances once; a holder without a name is the article's author.

    Names are canonical, and those that differ by script or width have their commonest spelling;
    a frame's pole has its title in the report's language.
    """
    known = {article.doc_id: article for article in articles}
    rows = [row for row in study.values("stances", *_COLUMNS) if row[0] in known]
    rows.sort(key=lambda row: (known[row[0]].number, *row[1:4]))
    authors = {article.doc_id: library.author(article) for article in articles}
    canonical = library.names.canonical
    holders = [canonical(row[4]) or authors[row[0]] for row in rows]
    targets = [titles.shown(canonical(row[6]), row[7]) for row in rows]
    spelt = common_spellings(holders), common_spellings(targets)
    ids, types, frames = _Numbers(), _Numbers(), _Numbers()
    for group, spellings in zip((holders, targets), spelt, strict=True):
        group[:] = [spellings[name] for name in group]
    unheld, flagged = _flags([row[11] for row in rows])
    reposts = {a.doc_id for a in articles if a.repost_of is not None}
    counted = ~unheld & np.array([row[0] not in reposts for row in rows], dtype=bool)
    frame = np.array([NOBODY if row[7] is None else frames[row[7]] for row in rows], dtype=np.int16)
    for name in _ranked(holders, targets, frame != NOBODY, counted):
        _ = ids[name]

    def column(values: Sequence[int], dtype: type[np.generic]) -> NDArray[Any]:
        return np.array(values, dtype=dtype)

    return Ledger(
        article=column([known[row[0]].number for row in rows], np.int32),
        holder=column([ids[name] for name in holders], np.int32),
        type=column([types[row[5]] for row in rows], np.int16),
        target=column([ids[name] for name in targets], np.int32),
        frame=frame,
        polarity=column([SIDES.index(row[8]) for row in rows], np.int8),
        score=column([row[9] for row in rows], np.float32),
        reporter=column([NOBODY if not row[10] else ids[row[10]] for row in rows], np.int32),
        flagged=flagged,
        unheld=unheld,
        placed=column([row[12] is not None for row in rows], np.bool_),
        counted=counted,
        names=tuple(ids),
        types=tuple(types),
        frames=tuple(frames),
    )


def _flags(flags: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return of JSON lists of flags which make a stance unheld, and which are not empty."""
    parsed = {text: frozenset(msgspec.json.decode(text)) for text in set(flags)}
    unheld = [bool(UNHELD & parsed[text]) for text in flags]
    return np.array(unheld, dtype=bool), np.array([bool(parsed[t]) for t in flags], dtype=bool)


def _ranked(
    holders: Sequence[str],
    targets: Sequence[str],
    framed: NDArray[np.bool_],
    counted: NDArray[np.bool_],
) -> list[str]:
    """Return the holders, most evidence first, then the targets.

    Targets come by how many holders they have, frames' poles first, then by their evidence.
    """
    held: Counter[str] = Counter()
    weight: Counter[str] = Counter()
    who: dict[str, set[str]] = defaultdict(set)
    poles: set[str] = set()
    for row in np.flatnonzero(counted).tolist():
        held[holders[row]] += 1
        weight[targets[row]] += 1
        who[targets[row]].add(holders[row])
        if framed[row]:
            poles.add(targets[row])
    return [
        *sorted(held, key=lambda name: (-held[name], name)),
        *sorted(weight, key=lambda t: (-len(who[t]), t not in poles, -weight[t], t)),
    ]
