"""Reads the words behind rows of the ledger: sentence, cues, place, and the reposts of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from lunheng_plugins.reports.articles import ArticleText
from lunheng_plugins.reports.ledger import NOBODY, SIDES, Ledger
from lunheng_plugins.reports.model import Article, CueMark, Evidence

if TYPE_CHECKING:
    from lunheng.study import Study

Rows = Callable[[str], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class EvidenceReader:
    """Makes evidence of the ledger's rows.

    ``rows`` returns a document's stances in their order, ``text`` an article's text; ``reposts``
    are the numbers of the articles that repeat one.
    """

    ledger: Ledger
    articles: Sequence[Article]
    rows: Rows
    text: Callable[[int], ArticleText]
    reposts: Mapping[int, Sequence[int]]

    @classmethod
    def of(
        cls,
        study: Study,
        ledger: Ledger,
        articles: Sequence[Article],
        text: Callable[[int], ArticleText],
    ) -> EvidenceReader:
        """Return a reader that asks the study for each document's stances."""
        return cls(
            ledger,
            articles,
            lambda doc_id: list(study.rows("stances", doc_id=doc_id)),
            text,
            reposts_of(articles),
        )

    def read(self, numbers: Iterable[int]) -> list[Evidence]:
        """Return evidence by its numbers, in their order; an article's in a row are quickest."""
        found: list[Evidence] = []
        for number, group in groupby(numbers, key=lambda n: int(self.ledger.article[n - 1])):
            first = self.ledger.of_article(number).start
            rows, text, echoes = (
                self.rows(self.articles[number - 1].doc_id),
                self.text(number),
                self._echoes(number),
            )
            for n in group:
                also = echoes.get(self._key(n, rows[n - 1 - first]), set())
                found.append(self._evidence(n, rows[n - 1 - first], text, also - {number}))
        return found

    def _key(self, number: int, row: Mapping[str, Any]) -> tuple[object, ...]:
        """Return what a stance shares with its repetition in a repost."""
        ledger, at = self.ledger, number - 1
        return ledger.holder[at], ledger.target[at], ledger.polarity[at], row["evidence"]

    def _echoes(self, number: int) -> dict[tuple[object, ...], set[int]]:
        """Return which reposts of an article, or of what it reposts, repeat what."""
        found: dict[tuple[object, ...], set[int]] = defaultdict(set)
        original = self.articles[number - 1].repost_of or number
        for repost in self.reposts.get(original, ()):
            rows = self.rows(self.articles[repost - 1].doc_id)
            for at, row in zip(self.ledger.of_article(repost), rows, strict=True):
                found[self._key(at + 1, row)].add(repost)
        return found

    def _evidence(
        self, number: int, row: Mapping[str, Any], article: ArticleText, also: Iterable[int]
    ) -> Evidence:
        ledger, at = self.ledger, number - 1
        start, end = row["start_char"], row["end_char"]
        around = article.context(start, end)
        context = around.of(article.text)
        original = article.original(around.start, around.end)
        return Evidence(
            number=number,
            article=article.article.number,
            holder=ledger.names[ledger.holder[at]],
            holder_type=row["holder_type"],
            target=ledger.names[ledger.target[at]],
            frame=None if ledger.frame[at] == NOBODY else ledger.frames[ledger.frame[at]],
            polarity=SIDES[ledger.polarity[at]],
            score=row["score"],
            attribution=row["attribution"],
            reporter=row["reporter"],
            flags=tuple(row["flags"] or ()),
            cues=tuple(
                CueMark(c["start"], c["end"], c["text"], c["rule"]) for c in row["cues"] or ()
            ),
            start=start,
            end=end,
            text=article.text[start:end],
            context_start=around.start,
            context_end=around.end,
            context=context,
            original=original if original != context else None,
            place=article.place(row["source_start"], row["source_end"]),
            counted=bool(ledger.counted[at]),
            also_in=tuple(sorted(also)),
            origin=row["origin"],
            verdict=row["verdict"],
            stance=row["stance_id"],
        )


def reposts_of(articles: Iterable[Article]) -> dict[int, list[int]]:
    """Return for each article that has some the numbers of its reposts."""
    found: dict[int, list[int]] = defaultdict(list)
    for article in articles:
        if article.repost_of is not None:
            found[article.repost_of].append(article.number)
    return found
