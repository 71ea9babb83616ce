"""Reads the study's documents: their names, their files, their texts and places."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from lunheng.documents import Locator, Span, locate
from lunheng_plugins.reports.model import Article, Place
from lunheng_plugins.reports.naming import KnownNames
from lunheng_plugins.reports.places import LineTable, changes

if TYPE_CHECKING:
    from lunheng.study import Study
    from lunheng.text import OffsetMap

LONGEST_TITLE = 48
OPENING = 6
PARTS = ("blocks", "sentences", "turns", "quotes")
COUNTED = ("blocks", "turns", "mentions", "quotes", "stances", "repairs")

_CREDIT = re.compile(
    r"(原文|图片|圖片|文章|本文)?(来源|來源|作者|编辑|編輯|出品|责编|責編|文|图)\s*[:\uff1a丨|/\uff0f]"
)


@dataclass(frozen=True)
class ArticleText:
    """One article with its texts and the records that place its sentences.

    ``labels`` are the spans of speakers' labels; ``voices`` are (start, end, name) of its turns
    and of its quotations with a known holder; ``author`` is the author's name, or what the
    report calls one that has none.
    """

    article: Article
    author: str
    text: str
    source: str
    source_map: OffsetMap
    blocks: tuple[tuple[str, int, int], ...]
    sentences: tuple[Span, ...]
    voices: tuple[tuple[int, int, str], ...]
    labels: tuple[tuple[int, int], ...]
    locators: tuple[Locator, ...] = ()

    @property
    def speech(self) -> str:
        """The text with its speakers' labels blanked, so that all offsets stay."""
        text = self.text
        for start, end in self.labels:
            text = text[:start] + "\n" * (end - start) + text[end:]
        return text

    @cached_property
    def lines(self) -> LineTable:
        """The lines of the source."""
        return LineTable.of(self.source)

    @cached_property
    def changed(self) -> tuple[tuple[int, int, str], ...]:
        """What cleaning changed: ``text[start:end]`` stands for the characters before."""
        found = changes(self.text, self.source, self.source_map)
        return tuple((c.start, c.end, c.before) for c in found)

    def original(self, start: int, end: int) -> str:
        """Return the characters of the source that ``text[start:end]`` stands for."""
        first, last = self.source_map.to_source(start, end)
        return self.source[first:last]

    def place(self, start: int | None, end: int | None) -> Place | None:
        """Return the place of a span of the *source*; nothing where alignment was impossible."""
        if start is None or end is None:
            return None
        line, column = self.lines.at(start)
        locator = locate(self.locators, start)
        return Place(self.article.sources[0], start, end, line, column, locator)

    def line_of(self, start: int, end: int) -> tuple[int, Locator | None]:
        """Return the source's line of a span of the cleaned text, and its page or the like."""
        offset = self.source_map.to_source(start, end)[0]
        return self.lines.at(offset)[0], locate(self.locators, offset)

    def voice(self, start: int, end: int) -> str:
        """Return who says a span: of the innermost voice over half of it or more, or the author."""
        half = (end - start) / 2
        around = [v for v in self.voices if min(end, v[1]) - max(start, v[0]) >= half]
        return min(around, key=lambda v: v[1] - v[0])[2] if around else self.author

    def context(self, start: int, end: int) -> Span:
        """Return the whole sentences that a span of the cleaned text touches."""
        first = bisect_right(self.sentences, start, key=attrgetter("end"))
        after = bisect_left(self.sentences, end, key=attrgetter("start"))
        if first >= after:
            return Span(start, end)
        return Span(
            min(start, self.sentences[first].start), max(end, self.sentences[after - 1].end)
        )


def list_articles(study: Study, *, counted: bool = False) -> tuple[Article, ...]:
    """Return the study's articles in its own order, without their texts.

    Only ``counted`` ones have ``counts``; those of one article are ``count_records``.
    """
    sources = by_document(study.rows("sources"))
    folder = common_folder(s["path"] for rows in sources.values() for s in rows)
    tables = COUNTED if counted else ()
    counts = {table: Counter(i for (i,) in study.values(table, "doc_id")) for table in tables}
    columns = ("path", "position", "doc_id", "script", "n_chars", "abstained", "cluster")
    rows = sorted(study.values("documents", *columns), key=lambda row: row[:2])
    numbers = {row[2]: number for number, row in enumerate(rows, 1)}
    sizes = Counter(row[6] for row in rows if row[6])
    untitled = {row[2] for row in rows if not _first(sources[row[2]], "title")}
    openings = _openings(study, untitled) if untitled else {}
    found = []
    for number, (_, _, doc_id, script, characters, abstained, cluster) in enumerate(rows, 1):
        own = sources[doc_id]
        first = numbers.get(cluster or doc_id, number)
        article = Article(
            number=number,
            doc_id=doc_id,
            title=_first(own, "title") or _title(own, study.text(doc_id), openings[doc_id]),
            author=_first(own, "author"),
            date=_first(own, "date"),
            sources=tuple(source_name(s["path"], s["record"], folder) for s in own),
            script=script,
            characters=characters,
            repost_of=first if first != number else None,
            reposts=max(sizes[doc_id] - 1, 0),
            abstained=abstained,
            counts={table: counts[table][doc_id] for table in tables},
        )
        found.append(article)
    return tuple(found)


def count_records(study: Study, article: Article) -> Article:
    """Return an article with its ``counts``."""
    counts = {table: sum(1 for _ in study.rows(table, doc_id=article.doc_id)) for table in COUNTED}
    return replace(article, counts=counts)


@dataclass(frozen=True)
class Library:
    """Opens the articles of a study; ``unnamed`` is what to call an author whom none names."""

    names: KnownNames
    unnamed: str

    def author(self, article: Article) -> str:
        """Return the name of an article's author, or what the report calls one without."""
        named = self.names.canonical(article.author or "")
        return named or self.unnamed.format(n=article.number)

    def read_all(self, study: Study, articles: Iterable[Article]) -> tuple[ArticleText, ...]:
        """Return the texts of all articles of a study, each table read once."""
        parts = {table: by_document(study.rows(table)) for table in PARTS}
        return tuple(
            self._open(study, article, {t: parts[t].get(article.doc_id, []) for t in PARTS})
            for article in articles
        )

    def read(self, study: Study, article: Article) -> ArticleText:
        """Return the text of one article."""
        parts = {table: list(study.rows(table, doc_id=article.doc_id)) for table in PARTS}
        return self._open(study, article, parts)

    def _open(
        self, study: Study, article: Article, parts: Mapping[str, list[dict[str, Any]]]
    ) -> ArticleText:
        doc_id, turns = article.doc_id, parts["turns"]
        return ArticleText(
            article=article,
            author=self.author(article),
            text=study.text(doc_id),
            source=study.source(doc_id),
            source_map=study.source_map(doc_id),
            blocks=tuple((b["kind"], b["start_char"], b["end_char"]) for b in parts["blocks"]),
            sentences=_sentences(parts["sentences"], turns),
            voices=_voices(turns, parts["quotes"], self.names),
            labels=tuple((t["label_start"], t["label_end"]) for t in turns),
            locators=study.locators(doc_id),
        )


def _openings(study: Study, wanted: Container[str]) -> dict[str, list[tuple[str, int, int]]]:
    """Return the first blocks of each of the wanted documents."""
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for doc_id, kind, start, end in study.values(
        "blocks", "doc_id", "kind", "start_char", "end_char"
    ):
        if doc_id in wanted:
            found[doc_id].append((kind, start, end))
    for blocks in found.values():
        blocks.sort(key=lambda block: block[1:])
        del blocks[OPENING:]
    return found


def by_document(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each document."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["doc_id"]].append(row)
    return found


def _sentences(
    sentences: Iterable[Mapping[str, Any]], turns: Iterable[Mapping[str, Any]]
) -> tuple[Span, ...]:
    """Return the sentences, those that open a turn without its speaker's label."""
    speech = {turn["label_start"]: turn["start_char"] for turn in turns}
    spans = []
    for row in sentences:
        start = speech.get(row["start_char"], row["start_char"])
        if start < row["end_char"]:
            spans.append(Span(start, row["end_char"]))
    return tuple(spans)


def _voices(
    turns: Iterable[Mapping[str, Any]],
    quotes: Iterable[Mapping[str, Any]],
    names: KnownNames,
) -> tuple[tuple[int, int, str], ...]:
    spoken = [(t["start_char"], t["end_char"], t["speaker"]) for t in turns]
    quoted = [(q["start_char"], q["end_char"], q["holder"]) for q in quotes if q["holder"]]
    return tuple((start, end, names.canonical(name)) for start, end, name in spoken + quoted)


def _first(sources: Iterable[Mapping[str, Any]], column: str) -> str | None:
    return next((str(s[column]) for s in sources if s.get(column)), None)


def common_folder(paths: Iterable[str]) -> str:
    """Return the folder that all the paths lie in, with its final slash, or ``""``.

    >>> common_folder(["data/a/x.txt", "data/b/y.txt"])
    'data/'
    """
    parents = [path.replace("\\", "/").split("/")[:-1] for path in paths]
    common = []
    for parts in zip(*parents, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return "/".join([*common, ""])


def source_name(path: str, record: str, folder: str) -> str:
    """Return the path below the common folder, with the record of a file that holds several."""
    shown = path.replace("\\", "/").removeprefix(folder)
    return f"{shown}#{record}" if record else shown


def _title(sources: list[dict[str, Any]], text: str, blocks: Iterable[tuple[str, int, int]]) -> str:
    """Return the first heading, else how the running text begins, else the file's name."""
    opening = [(kind, text[start:end].strip()) for kind, start, end in blocks][:OPENING]
    for kind, words in opening[:2]:
        if kind == "heading" and len(words) <= LONGEST_TITLE:
            return words
    for kind, words in opening:
        if kind == "paragraph" and words and not _CREDIT.match(words):
            return words if len(words) <= LONGEST_TITLE // 2 else f"{words[: LONGEST_TITLE // 2]}……"
    return PurePath(str(sources[0]["path"])).stem
