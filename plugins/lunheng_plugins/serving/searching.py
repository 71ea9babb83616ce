"""Asks the study's index for a page: documents by rank, or lines with the words in the middle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from lunheng.corpus import Query
from lunheng.study import Study

PAGE = 20
DEEPEST = 500  # pages; ranking and lines are computed up to the page that is asked for
WIDTH = 24
SNIPPET = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and the page of its answer, counted from 1; ``where`` narrows it by fields."""

    query: str
    where: str = ""
    page: int = 1

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Asked:
        """Read an address's parameters; what is no page is the first."""
        page = parameters.get("page", "1")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
        query, where = (parameters.get(key, "")[:500].strip() for key in ("q", "where"))
        return cls(query, where, min(max(number, 1), DEEPEST))

    @property
    def first(self) -> int:
        """The number of the page's first item, counted from 1."""
        return (self.page - 1) * PAGE + 1

    def at(self, page: int) -> str:
        """Return the parameters of another page of the same answer."""
        return urlencode({"q": self.query, "where": self.where, "page": page})


@dataclass(frozen=True, slots=True)
class Document:
    """A document among the found: its number in the study, its name, and some of its words.

    ``parts`` are pieces of text and whether each is what was asked for.
    """

    number: int
    name: str
    date: str
    parts: tuple[tuple[str, bool], ...]
    score: float


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence with what stands around it; ``start:end`` lies in the cleaned text."""

    number: int
    name: str
    start: int
    end: int
    left: str
    match: str
    right: str


@dataclass(frozen=True, slots=True)
class Found:
    """One page of an answer; ``total`` counts what there is, as far as that is known."""

    items: tuple[Document | Line, ...]
    more: bool
    total: int | None = None
    documents: int | None = None


def numbers(study: Study) -> dict[str, int]:
    """Return each document's number in the study's order, as reports count them from 1."""
    rows = sorted(study.values("documents", "path", "position", "doc_id"))
    return {doc_id: number for number, (_, _, doc_id) in enumerate(rows, 1)}


def ranking(study: Study, asked: Asked) -> Found:
    """Return a page of the documents that fit a query best.

    Raises:
        UsageError: the query has nothing to look for, or a condition names no field.
    """
    known = numbers(study)
    with study.index() as index:
        where = {}
        for condition in asked.where.split():
            field, _, value = condition.partition("=")
            where[field] = index.condition(field, value)
        first = asked.first - 1
        hits = index.search(asked.query, first + PAGE + 1, where=where)
        found = []
        for hit in hits[first : first + PAGE]:
            fields = index.fields(hit.id)
            snippet = index.snippet(hit.id, asked.query, SNIPPET)
            found.append(
                Document(
                    known[str(fields["doc_id"])],
                    _name(fields),
                    str(fields.get("date") or ""),
                    _parts(snippet.text, snippet.marks),
                    round(hit.score, 2),
                )
            )
    return Found(tuple(found), len(hits) > first + PAGE)


def _parts(text: str, marks: Sequence[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    """Return the pieces of a text, those within marks told apart."""
    parts, at = [], 0
    for start, end in marks:
        parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    return tuple(part for part in (*parts, (text[at:], False)) if part[0])


def concordance(study: Study, asked: Asked) -> Found:
    """Return a page of the places that a query asks for; see ``lunheng index query --help``.

    Raises:
        UsageError: the query cannot be read.
    """
    known = numbers(study)
    with study.index() as index:
        matches = Query(asked.query).matches(index)
        first = asked.first - 1
        lines = list(matches.lines(index, WIDTH, first + PAGE))[first:]
        found = []
        for line in lines:
            fields = index.fields(line.id)
            number = known[str(fields["doc_id"])]
            words = (" ".join(part.split("\n")) for part in (line.left, line.match, line.right))
            found.append(Line(number, _name(fields), line.start, line.end, *words))
        total, documents = len(matches.ids), len(matches.documents)
    return Found(tuple(found), total > first + PAGE, total, documents)


def _name(fields: Mapping[str, object]) -> str:
    """Return what to call a document: its title, else its file."""
    return str(fields.get("title") or str(fields.get("path", "")).replace("\\", "/").split("/")[-1])
