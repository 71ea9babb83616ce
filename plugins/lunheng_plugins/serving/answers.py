"""Answers what the page asks: the matrix, pages of evidence, two holders compared, a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from starlette.datastructures import QueryParams

from lunheng.text import fold
from lunheng_plugins.reports.articles import count_records
from lunheng_plugins.reports.evidence import EvidenceReader
from lunheng_plugins.reports.ledger import NOBODY, SIDES, Ledger
from lunheng_plugins.reports.model import Article, Evidence
from lunheng_plugins.reports.payload import article_row, document_of, evidence_rows, piece
from lunheng_plugins.reports.view import Outline
from lunheng_plugins.serving.live import Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lunheng.study import Study

MOST_ROWS = 500
OPEN_TARGETS = "—"
RELATIONS = ("differ", "agree", "even")

Answer = dict[str, object]


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of a list: from which item, counted from 0, and how many."""

    start: int
    limit: int

    @classmethod
    def of(cls, parameters: QueryParams, limit: int) -> Slice:
        """Read ``from`` and ``limit``; what is no number is the usual."""
        asked = whole(parameters, "limit", limit)
        return cls(whole(parameters, "from", 0), min(max(asked, 1), MOST_ROWS))

    @property
    def rows(self) -> slice:
        """The page as a slice of the list."""
        return slice(self.start, self.start + self.limit)


def whole(parameters: QueryParams, key: str, default: int) -> int:
    """Return a parameter that must be a whole number, or the default."""
    value = parameters.get(key, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else default


def words_of(parameters: QueryParams) -> list[str]:
    """Return the words that are looked for, lower-cased."""
    return parameters.get("q", "")[:500].lower().split()


class Answers:
    """The answers of one request: a study, and what is held of it."""

    def __init__(self, study: Study, outline: Outline) -> None:
        self.study = study
        self.outline = outline
        self.ledger = outline.ledger
        self.texts = Texts(study, outline)
        self.reader = EvidenceReader.of(study, outline.ledger, outline.articles, self.texts)

    def matrix(self, parameters: QueryParams) -> Answer:
        """Return the matrix of the evidence that passes the filters, its names in order.

        ``cells`` are (row, column, favor, against, neutral).
        """
        size = (whole(parameters, "rows", 24), whole(parameters, "columns", 16))
        table = Matrix(self.ledger, self._passing(parameters))
        columns = table.columns(parameters.get("by_holder"))[: min(size[1], MOST_ROWS)]
        order = table.rows(parameters.get("by_target"), by_name="by_name" in parameters)
        cells = table.cells(order, columns, min(size[0], MOST_ROWS))
        names = self.ledger.names
        return {
            "n": len(table.chosen),
            "holders": len(order),
            "targets": len(table.targets),
            "rows": [names[holder] for holder in cells],
            "columns": [names[target] for target in columns],
            "cells": [
                (row, column, *sides)
                for row, found in enumerate(cells.values())
                for column, sides in found.items()
            ],
        }

    def evidence(self, parameters: QueryParams) -> Answer:
        """Return a page of the evidence that passes the filters, and how much is on each side."""
        rows = self._passing(parameters)
        page = Slice.of(parameters, 20)
        items = self.reader.read((rows[page.rows] + 1).tolist())
        return {"count": len(rows), "tally": self.ledger.tally(rows), **self._packed(items)}

    def comparison(self, parameters: QueryParams) -> Answer:
        """Return a page of what two holders both speak of, with the best words of each."""
        pair = [parameters.get(key, "") for key in ("first", "second")]
        first, second = (self._by_target(holder) for holder in pair)
        shared = [target for target in first if target in second]

        def net(rows: NDArray[np.intp]) -> int:
            tally = self.ledger.tally(rows)
            return tally["favor"] - tally["against"]

        def relation(target: int) -> str:
            product = net(first[target]) * net(second[target])
            return RELATIONS[0 if product < 0 else 1 if product > 0 else 2]

        def rank(target: int) -> tuple[int, int]:
            weight = len(first[target]) + len(second[target])
            return RELATIONS.index(relation(target)), -weight

        shared.sort(key=rank)
        chosen = shared[Slice.of(parameters, 4).rows]
        best = [
            int(self.ledger.best_first(rows, net(rows))[0]) + 1
            for target in chosen
            for rows in (first[target], second[target])
        ]
        pairs = [{"target": self.ledger.names[t], "relation": relation(t)} for t in chosen]
        return {"count": len(shared), "pairs": pairs, **self._packed(self.reader.read(best))}

    def articles(self, parameters: QueryParams) -> Answer:
        """Return a page of the articles in whose title, author, date or file all words occur."""
        words = words_of(parameters)
        found = [a for a in self.outline.articles if _has(a, words)]
        page = found[Slice.of(parameters, 15).rows]
        rows = [article_row(count_records(self.study, article)) for article in page]
        return {"count": len(found), "rows": rows, "articles": rows}

    def document(self, number: int) -> Answer:
        """Return a text, its marks and its evidence."""
        document = document_of(self.study, self.outline.library.names, self.texts(number))
        items = self.reader.read(row + 1 for row in self.ledger.of_article(number))
        evidence = {**evidence_rows(items), "numbers": [item.number for item in items]}
        return {**document, "evidence": evidence, "articles": self.known([number])}

    def known(self, numbers: Iterable[int]) -> list[Answer]:
        """Return what the page must know of some articles to speak of them."""
        return [article_row(self.outline.articles[n - 1]) for n in sorted(set(numbers))]

    def _packed(self, items: Sequence[Evidence]) -> Answer:
        pieces = [piece(self.texts(e.article), e.context_start, e.context_end) for e in items]
        numbers = [item.number for item in items]
        return {
            "evidence": {**evidence_rows(items), "numbers": numbers, "pieces": pieces},
            "articles": self.known(item.article for item in items),
        }

    def _by_target(self, holder: str) -> dict[int, NDArray[np.intp]]:
        """Return the counted rows of a holder by target."""
        rows = np.flatnonzero(self.ledger.counted & self._named(self.ledger.holder, [holder]))
        targets = self.ledger.target[rows]
        return {int(target): rows[targets == target] for target in dict.fromkeys(targets.tolist())}

    def _named(self, column: NDArray[np.int32], names: Sequence[str]) -> NDArray[np.bool_]:
        """Return the rows whose place in the names is that of one of some names."""
        wanted = [self.ledger.ids[name] for name in names if name in self.ledger.ids]
        return np.isin(column, wanted)

    def _passing(self, parameters: QueryParams) -> NDArray[np.intp]:
        """Return the counted rows that pass the filters of the page."""
        ledger = self.ledger
        passes = ledger.counted.copy()
        for word in words_of(parameters):
            has = np.array([word in name for name in ledger.lowered] + [False], dtype=bool)
            passes &= has[ledger.holder] | has[ledger.target] | has[ledger.reporter]
        if article := whole(parameters, "article", 0):
            passes &= self._of_article(article)
        if (side := parameters.get("polarity")) in SIDES:
            passes &= ledger.polarity == SIDES.index(side)
        if frame := parameters.get("frame"):
            known = ledger.frames.index(frame) if frame in ledger.frames else len(ledger.frames)
            passes &= ledger.frame == (NOBODY if frame == OPEN_TARGETS else known)
        if score := parameters.get("score"):
            passes &= np.round(ledger.score, 2) >= _share(score) - 1e-6
        if "plain" in parameters:
            passes &= ~ledger.flagged
        if "holder" in parameters:
            passes &= self._named(ledger.holder, [parameters["holder"]])
        if targets := parameters.getlist("target"):
            passes &= self._named(ledger.target, targets)
        return np.flatnonzero(passes)

    def _of_article(self, number: int) -> NDArray[np.bool_]:
        """Return the rows that stand in an article; of a repost, those of its original."""
        if not 1 <= number <= len(self.outline.articles):
            return np.zeros(len(self.ledger), dtype=bool)
        original = self.outline.articles[number - 1].repost_of
        if original is None:
            found: NDArray[np.bool_] = self.ledger.article == number
            return found
        items = self.reader.read(row + 1 for row in self.ledger.of_article(original))
        repeated = np.zeros(len(self.ledger), dtype=bool)
        repeated[[item.number - 1 for item in items if number in item.also_in]] = True
        return repeated


class Matrix:
    """Some rows of the ledger, summed by holder and target."""

    def __init__(self, ledger: Ledger, chosen: NDArray[np.intp]) -> None:
        self.ledger = ledger
        self.chosen = chosen
        names = len(ledger.names)
        cells = ledger.holder[chosen].astype(np.int64) * names + ledger.target[chosen]
        different, where = np.unique(cells, return_inverse=True)
        self._sides = np.zeros((len(different), len(SIDES)), dtype=np.int64)
        np.add.at(self._sides, (where, ledger.polarity[chosen]), 1)
        self._holder, self._target = np.divmod(different, max(names, 1))
        self.holders = _ranked(np.bincount(ledger.holder[chosen], minlength=names))
        shared = np.bincount(self._target, minlength=names)
        spoken = np.bincount(ledger.target[chosen], minlength=names)
        self.targets = _ranked(1000 * shared + spoken)

    def columns(self, holder: str | None) -> list[int]:
        """Return the targets, or those first that a holder favors."""
        if holder is None or holder not in self.ledger.ids:
            return self.targets
        mine = self._holder == self.ledger.ids[holder]
        return self._by_net(self.targets, self._target[mine], self._sides[mine])

    def rows(self, target: str | None, *, by_name: bool) -> list[int]:
        """Return the holders, or those first that favor a target, or by their names."""
        if by_name:
            return sorted(self.holders, key=lambda holder: _alphabet(self.ledger.names[holder]))
        if target is None or target not in self.ledger.ids:
            return self.holders
        on = self._target == self.ledger.ids[target]
        return self._by_net(self.holders, self._holder[on], self._sides[on])

    def _by_net(
        self, ids: Iterable[int], known: NDArray[np.int64], sides: NDArray[np.int64]
    ) -> list[int]:
        net = dict(zip(known.tolist(), (sides[:, 0] - sides[:, 1]).tolist(), strict=True))
        return sorted(ids, key=lambda name: (name not in net, -net.get(name, 0)))

    def cells(
        self, holders: Iterable[int], columns: Sequence[int], most: int
    ) -> dict[int, dict[int, list[int]]]:
        """Return the first holders with a cell in the columns, and their cells by column."""
        place = {target: column for column, target in enumerate(columns)}
        shown = np.flatnonzero(np.isin(self._target, columns))
        found: dict[int, dict[int, list[int]]] = {}
        for cell in shown.tolist():
            row = found.setdefault(int(self._holder[cell]), {})
            row[place[int(self._target[cell])]] = self._sides[cell].tolist()
        chosen = [holder for holder in holders if holder in found][:most]
        return {holder: found[holder] for holder in chosen}


def _ranked(weights: NDArray[np.int64]) -> list[int]:
    """Return the places of weights above 0, the greatest first, equals in their order."""
    known = np.flatnonzero(weights)
    ranked: list[int] = known[np.argsort(-weights[known], kind="stable")].tolist()
    return ranked


def _alphabet(name: str) -> bytes:
    """Return what names are sorted by: in GB 18030 the common characters stand by their pinyin."""
    return fold(name).casefold().encode("gb18030", "replace")


def _has(article: Article, words: Sequence[str]) -> bool:
    parts = (article.title, article.author or "", article.date or "", *article.sources)
    text = " ".join(parts).lower()
    return all(word in text for word in words)


def _share(text: str) -> float:
    """Return a number from 0 to 1; what is none is 0."""
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0
