"""Reads the study's documents: their names, their files, their texts and places."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from lunheng.documents import Locator, Span, locate
from lunheng_plugins.reports.model import Article, Place
from lunheng_plugins.reports.naming import KnownNames
from lunheng_plugins.reports.places import LineTable

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


def read_articles(study: Study, names: KnownNames, unnamed: str) -> list[ArticleText]:
    """Return the study's texts in its own order.

    ``unnamed`` is what to call an author whom the
    article does not name, ``{n}`` being the article's number.
    """
    sources = by_document(study.rows("sources"))
    folder = common_folder(s["path"] for rows in sources.values() for s in rows)
    counts = {table: Counter(i for (i,) in study.values(table, "doc_id")) for table in COUNTED}
    parts = {table: by_document(study.rows(table)) for table in PARTS}
    rows = list(study.rows("documents"))
    numbers = {row["doc_id"]: number for number, row in enumerate(rows, 1)}
    found = []
    for number, row in enumerate(rows, 1):
        doc_id, text = row["doc_id"], row["text"]
        own = {table: parts[table].get(doc_id, []) for table in PARTS}
        blocks = tuple((b["kind"], b["start_char"], b["end_char"]) for b in own["blocks"])
        first = numbers.get(row["cluster"] or doc_id, number)
        article = Article(
            number=number,
            doc_id=doc_id,
            title=_title(sources[doc_id], text, blocks),
            author=_first(sources[doc_id], "author"),
            date=_first(sources[doc_id], "date"),
            sources=tuple(source_name(s["path"], s["record"], folder) for s in sources[doc_id]),
            script=row["script"],
            characters=len(text),
            repost_of=first if first != number else None,
            abstained=row["abstained"],
            counts={table: counts[table][doc_id] for table in COUNTED},
        )
        found.append(
            ArticleText(
                article=article,
                author=names.canonical(article.author or "") or unnamed.format(n=number),
                text=text,
                source=study.source(doc_id),
                source_map=study.source_map(doc_id),
                blocks=blocks,
                sentences=_sentences(own["sentences"], own["turns"]),
                voices=_voices(own["turns"], own["quotes"], names),
                labels=tuple((t["label_start"], t["label_end"]) for t in own["turns"]),
                locators=study.locators(doc_id),
            )
        )
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
    """Return the reader's title, else the first heading, else how the running text begins."""
    if title := _first(sources, "title"):
        return title
    opening = [(kind, text[start:end].strip()) for kind, start, end in blocks][:OPENING]
    for kind, words in opening[:2]:
        if kind == "heading" and len(words) <= LONGEST_TITLE:
            return words
    for kind, words in opening:
        if kind == "paragraph" and words and not _CREDIT.match(words):
            return words if len(words) <= LONGEST_TITLE // 2 else f"{words[: LONGEST_TITLE // 2]}……"
    return PurePath(str(sources[0]["path"])).stem
