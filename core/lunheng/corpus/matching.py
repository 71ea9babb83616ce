"""Find the documents and the places that a query asks for, from an index's postings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lunheng.corpus.query import And, Filter, Gap, Near, Node, Not, Or, Phrase, QueryError, parse
from lunheng.errors import UsageError
from lunheng.index.snapshot import ConcordanceLine

if TYPE_CHECKING:
    from lunheng.index import NgramIndex

Ids = NDArray[np.int64]

WIDTH = np.int64(1) << 32
"""A place is one number: a document's id times this, and the offset in it."""

NOWHERE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Places:
    """Stretches of documents as numbers of :data:`WIDTH`, ascending by start, then end."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def within(self, documents: Ids) -> Places:
        """Keep the stretches of some documents."""
        return self.kept(np.isin(self.starts // WIDTH, documents))

    def kept(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Places:
        """Keep some stretches."""
        return Places(self.starts[chosen], self.ends[chosen])


@dataclass(frozen=True, slots=True)
class Matches:
    """What a query finds.

    Attributes:
        documents: int64, the ids of the documents, ascending.
        ids, starts, ends: int64, each place of a phrase in these documents: the document's id and
            half-open code points; ascending by id, start and end.
    """

    documents: NDArray[np.int64]
    ids: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def lines(
        self, index: NgramIndex, width: int = 20, limit: int | None = 20
    ) -> Iterator[ConcordanceLine]:
        """Yield concordance lines with ``width`` characters on either side, ``limit`` at most."""
        places = (array[:limit].tolist() for array in (self.ids, self.starts, self.ends))
        for identifier, start, end in zip(*places, strict=True):
            before = min(width, start)
            context = index.text(identifier, start - before, end + width)
            yield ConcordanceLine.of(identifier, start, end, context, before)


class Query:
    """A query that can be asked of any index.

    >>> import tempfile
    >>> from lunheng import NgramIndex
    >>> folder = tempfile.TemporaryDirectory()
    >>> index = NgramIndex.create(folder.name)
    >>> _ = index.add("大模型要烧钱", year=2023), index.add("做应用，不烧钱", year=2024)
    >>> _ = index.commit()
    >>> Query("烧钱 NOT 应用").documents(index).tolist()
    [0]
    >>> [line.match for line in Query("应用 NEAR/3 烧钱").matches(index).lines(index)]
    ['应用，不烧钱']
    >>> index.close(); folder.cleanup()

    Raises:
        QueryError: the query cannot be read; the message marks the character.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = parse(text)

    def __repr__(self) -> str:
        return f"Query({self.text!r})"

    def documents(
        self, index: NgramIndex, *, variants: Literal["written", "all"] = "written"
    ) -> Ids:
        """Return the ids of the documents found, int64, ascending.

        Args:
            index: what to ask, at the commit it has open.
            variants: ``"all"`` lets every phrase match all that folds alike, as ``~`` does.

        Raises:
            QueryError: the index has no field of a name that the query gives.
            lunheng.errors.NgramIndexError: a block that the answer needs is damaged.
        """
        return _Matcher(index, self.text, variants == "all").documents(self.tree)

    def matches(
        self, index: NgramIndex, *, variants: Literal["written", "all"] = "written"
    ) -> Matches:
        """Return documents and every place of the phrases that are not under NOT.

        ``*`` is held as short as it can be, and NEAR joins a phrase with the nearest other on
        either side. Arguments and errors are those of :meth:`documents`.
        """
        matcher = _Matcher(index, self.text, variants == "all")
        documents = matcher.documents(self.tree)
        found = _sorted(matcher.everywhere(self.tree)).within(documents)
        ids = found.starts // WIDTH
        return Matches(documents, ids, found.starts % WIDTH, found.ends - ids * WIDTH)


class _Matcher:
    """Evaluates the nodes of one query on one index."""

    def __init__(self, index: NgramIndex, query: str, every_variant: bool) -> None:
        self._index = index
        self._query = query
        self._every_variant = every_variant
        self._phrases: dict[Phrase, Places] = {}
        self._breaks: NDArray[np.int64] | None = None

    def documents(self, node: Node) -> Ids:
        match node:
            case And(parts):
                first, *rest = sorted(parts, key=lambda part: isinstance(part, Not))
                return reduce(self._narrowed, rest, self.documents(first))
            case Or(parts):
                return np.unique(np.concatenate([self.documents(part) for part in parts]))
            case Not(part):
                return self._without(self._index.ids(), part)
            case Filter():
                return self._filtered(node)
            case Phrase((str(literal),)):
                return self._index.docs(literal, variants=self._variants(node))
            case _:
                return np.unique(self.places(node).starts // WIDTH)

    def _narrowed(self, documents: Ids, node: Node) -> Ids:
        if isinstance(node, Not):
            return self._without(documents, node.part)
        return np.intersect1d(documents, self.documents(node), assume_unique=True)

    def _without(self, documents: Ids, node: Node) -> Ids:
        return np.setdiff1d(documents, self.documents(node), assume_unique=True)

    def _filtered(self, node: Filter) -> Ids:
        try:
            condition = self._index.condition(node.field, node.text)
        except UsageError as error:
            reason = f"{error}; to look for the text, quote it"
            raise QueryError(reason, self._query, node.place) from error
        return self._index.ids({node.field: node.text if node.literal else condition})

    def _variants(self, phrase: Phrase) -> Literal["written", "all"]:
        return "all" if phrase.every_variant or self._every_variant else "written"

    def everywhere(self, node: Node) -> Places:
        """Return the places of all phrases that are not under NOT."""
        match node:
            case And(parts) | Or(parts):
                return _joined([self.everywhere(part) for part in parts])
            case Not() | Filter():
                return Places(NOWHERE, NOWHERE)
            case _:
                return self.places(node)

    def places(self, node: Node) -> Places:
        """Return the places of a phrase, of phrases joined by OR, or of two that are near."""
        match node:
            case Phrase():
                if node not in self._phrases:
                    self._phrases[node] = self._phrase(node)
                return self._phrases[node]
            case Or(parts):
                return _sorted(_joined([self.places(part) for part in parts]))
            case Near(left, right, distance):
                return _near(self.places(left), self.places(right), distance)
        raise AssertionError(node)

    def _phrase(self, phrase: Phrase) -> Places:
        """Join the pieces from the last to the first, so that no gap is filled too early."""
        variants = self._variants(phrase)
        found: Places | None = None
        gap = Gap(0, 0)
        for piece in reversed(phrase.pieces):
            if isinstance(piece, Gap):
                gap = piece
                continue
            ids, offsets = self._index.positions(piece, variants=variants)
            starts = ids * WIDTH + offsets
            literal = Places(starts, starts + len(piece))
            if found is None:
                found = self._reaching(literal, gap.least)
            else:
                found = self._unbroken(_followed(literal, found, gap))
            gap = Gap(0, 0)
        assert found is not None
        return self._led(found, gap.least)

    def _reaching(self, places: Places, more: int) -> Places:
        """Reach ``more`` characters further, where the document has as many in the line."""
        if not more:
            return places
        ends = places.ends + more
        documents = np.searchsorted(self._index.ids(), places.starts // WIDTH)
        inside = ends % WIDTH <= self._index.lengths()[documents]
        return self._unbroken(Places(places.starts, ends).kept(inside))

    def _led(self, places: Places, more: int) -> Places:
        """Begin ``more`` characters before, where the document has as many in the line."""
        if not more:
            return places
        inside = places.starts % WIDTH >= more
        return self._unbroken(Places(places.starts - more, places.ends).kept(inside))

    def _unbroken(self, places: Places) -> Places:
        """Keep what has no line break inside."""
        if self._breaks is None:
            ids, offsets = self._index.positions("\n")
            self._breaks = ids * WIDTH + offsets
        first, last = (np.searchsorted(self._breaks, at) for at in (places.starts, places.ends))
        return places.kept(first == last)


def _joined(parts: list[Places]) -> Places:
    return Places(
        np.concatenate([NOWHERE, *(part.starts for part in parts)]),
        np.concatenate([NOWHERE, *(part.ends for part in parts)]),
    )


def _sorted(places: Places) -> Places:
    """Put places in order, each once."""
    order = np.lexsort((places.ends, places.starts))
    starts, ends = places.starts[order], places.ends[order]
    new = (np.diff(starts, prepend=-1) != 0) | (np.diff(ends, prepend=-1) != 0)
    return Places(starts[new], ends[new])


def _followed(first: Places, rest: Places, gap: Gap) -> Places:
    """Join each place with the nearest that begins within a gap after it."""
    nearest = np.searchsorted(rest.starts, first.ends + gap.least)
    there = np.minimum(nearest, max(len(rest.starts) - 1, 0))
    if not len(rest.starts):
        return Places(NOWHERE, NOWHERE)
    fits = (nearest < len(rest.starts)) & (rest.starts[there] <= first.ends + gap.most)
    return Places(first.starts[fits], rest.ends[there[fits]])


def _near(one: Places, other: Places, distance: int) -> Places:
    """Join each place of one side with the nearest of the other, before and after it."""
    gap = Gap(0, distance)
    after = _followed(one, other, gap)
    before = _followed(other, one, gap)
    return _sorted(_joined([after, before]))
