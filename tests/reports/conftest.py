"""A small study of invented articles, written through the study's own recording."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from lunheng.analyst import document_row
from lunheng.documents import (
    Attribution,
    Cue,
    Document,
    Edit,
    EntityType,
    HolderType,
    Mention,
    Polarity,
    Quote,
    Stance,
    Turn,
)
from lunheng.link import LinkedTables
from lunheng.outcomes import Analysis, Failure
from lunheng.recording import Recording
from lunheng.study import Study
from lunheng.tables import TABLES, analysed_rows
from lunheng.text import apply_edits, blocks, script_of, sentences


@dataclass
class Draft:
    """An article in the making: everything is found by its characters."""

    path: str
    document: Document
    cluster: str | None = None
    date: str | None = None
    author: str | None = None
    title: str | None = None
    stances: list[Stance] = field(default_factory=list)

    @classmethod
    def of(cls, path: str, source: str, *, drop: tuple[str, ...] = (), **known: str) -> Draft:
        """Clean ``source`` by dropping some strings and cut it up."""
        edits = [
            Edit(at, at + len(piece), "")
            for piece in drop
            for at in range(len(source))
            if source.startswith(piece, at)
        ]
        cleaned = apply_edits(source, sorted(edits, key=lambda e: e.start))
        doc_id = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        document = Document(
            doc_id=doc_id,
            source=source,
            text=cleaned.text,
            source_map=cleaned.map,
            path=path,
            script=script_of(cleaned.text),
            blocks=blocks(cleaned.text),
            sentences=sentences(cleaned.text),
            abstained=1,
        )
        return cls(path, document, **known)

    def span(self, words: str) -> tuple[int, int]:
        """Return where the first occurrence of some words stands."""
        start = self.document.text.index(words)
        return start, start + len(words)

    def stance(
        self,
        words: str,
        holder: str,
        target: str,
        polarity: Polarity,
        *,
        cue: str = "",
        holder_type: HolderType = "person",
        attribution: Attribution = "author",
        score: float = 0.8,
        frame: str | None = None,
        flags: tuple[str, ...] = (),
    ) -> Draft:
        """Add a stance whose evidence is ``words``."""
        start, end = self.span(words)
        cues = ()
        if cue:
            at = self.document.text.index(cue, start)
            cues = (Cue(at, at + len(cue), cue, "verb.attitude", 1.0),)
        found = Stance(
            holder, holder_type, target, polarity, score, start, end, attribution,
            frame=frame, cues=cues, flags=flags, plugin="test 1",
        )  # fmt: skip
        self.document = replace(self.document, stances=(*self.document.stances, found))
        return self

    def mention(
        self, words: str, kind: EntityType, name: str = "", value: dict[str, object] | None = None
    ) -> Draft:
        """Add a mention of every occurrence of ``words``."""
        text, found = self.document.text, list(self.document.mentions)
        at = text.find(words)
        while at >= 0:
            found.append(Mention(at, at + len(words), words, kind, name or words, value, "test 1"))
            at = text.find(words, at + 1)
        found.sort(key=lambda m: m.start)
        self.document = replace(self.document, mentions=tuple(found))
        return self

    def turn(self, speaker: str, label: str, words: str) -> Draft:
        """Add a turn that follows its label."""
        start, end = self.span(words)
        assert self.document.text.endswith(label, 0, start)
        turn = Turn(speaker, start, end, start - len(label), start)
        self.document = replace(self.document, turns=(*self.document.turns, turn))
        return self

    def quote(self, holder: str, words: str) -> Draft:
        """Add a direct quotation."""
        start, end = self.span(words)
        quote = Quote(holder, None, None, "说", "direct", start, end, "test 1")
        self.document = replace(self.document, quotes=(*self.document.quotes, quote))
        return self


MakeStudy = Callable[..., Study]


@pytest.fixture
def make_study(tmp_path: Path) -> Iterator[MakeStudy]:
    """Return a function that records drafts, failures and linked entities as a study."""
    opened: list[Study] = []

    def make(
        drafts: list[Draft],
        entities: tuple[tuple[str, str, list[str]], ...] = (),
        failures: tuple[Failure, ...] = (),
    ) -> Study:
        folder = tmp_path / "study"
        with Recording.open(folder) as recording:
            run = recording.begin_run({"versions": {"lunheng": "test"}})
            for position, draft in enumerate(drafts):
                recording.store(_analysis(draft, position))
            for failure in failures:
                recording.fail(failure)
            rows = tuple(
                (
                    name,
                    kind,
                    json.dumps(aliases, ensure_ascii=False),
                    _count(drafts, name),
                    1,
                    "machine",
                )
                for name, kind, aliases in entities
            )
            clusters = {d.document.doc_id: d.cluster for d in drafts if d.cluster}
            recording.store_links(LinkedTables(rows, (), (), (), (), clusters))
            recording.end_run(run, {"versions": {"lunheng": "test"}})
        opened.append(Study.open(folder))
        return opened[-1]

    yield make
    for study in opened:
        study.close()


def _count(drafts: list[Draft], name: str) -> int:
    return sum(m.name == name for d in drafts for m in d.document.mentions)


def _analysis(draft: Draft, position: int) -> Analysis:
    document = draft.document
    source = {
        "path": draft.path,
        "record": "",
        "position": 0,
        "doc_id": document.doc_id,
        "title": draft.title,
        "author": draft.author,
        "date": draft.date,
        "meta": "{}",
        "analysis": "test",
    }
    return Analysis(
        source=tuple(source[column] for column in TABLES["sources"].columns),
        doc_id=document.doc_id,
        path=draft.path,
        record="",
        position=0,
        analysis="test",
        document=document_row(
            replace(document, path=draft.path), 0, 0, "test", document.source.encode("utf-8")
        ),
        rows=analysed_rows(document),
    )


ESSAY = """路线之争

林若海认为开源路线一定会赢。他说：“闭源路线没有前途。”这家公司去年融了3000万美元。

我不同意林若海。开源路线太慢，闭源路线更可靠。每年要花掉2000万美元，谁来付这笔钱？
"""

INTERVIEW = """主持人：您怎么看开源路线？

周(zhōu)知远：我支持开(kāi)源路线，它让98个团队受益。云雀大模型靠的就是它。

主持人：那闭源路线呢？

周(zhōu)知远：闭源路线,，我看不到前途。云雀大模型不会走这条路。
"""


def essay(path: str = "a_essay.txt") -> Draft:
    """Return an essay whose author has no name."""
    draft = Draft.of(path, ESSAY)
    draft.stance("开源路线一定会赢", "林若海", "开源路线", "favor", cue="一定会", frame="route")
    draft.stance("闭源路线没有前途", "林若海", "闭源路线", "against", cue="没有", frame="route")
    draft.stance("开源路线太慢", "", "开源路线", "against", holder_type="author", frame="route")
    draft.stance("闭源路线更可靠", "", "闭源路线", "favor", holder_type="author", frame="route")
    draft.quote("林若海", "闭源路线没有前途。").mention("林若海", "PERSON")
    draft.mention("3000万美元", "MONEY", value={"number": 3e7, "currency": "USD"})
    return draft.mention("2000万美元", "MONEY", value={"number": 2e7, "currency": "USD"})


def interview(path: str = "b_interview.txt", **known: str) -> Draft:
    """Return an interview with a scraper's damage."""
    draft = Draft.of(path, INTERVIEW, drop=("(zhōu)", "(kāi)", ","), **known)
    first = "我支持开源路线，它让98个团队受益。云雀大模型靠的就是它。"
    second = "闭源路线，我看不到前途。云雀大模型不会走这条路。"
    draft.turn("主持人", "主持人：", "您怎么看开源路线？")
    draft.turn("周知远", "周知远：", first).turn("周知远", "周知远：", second)
    draft.stance(
        "我支持开源路线", "周知远", "开源路线", "favor",
        cue="支持", attribution="turn", frame="route",
    )  # fmt: skip
    draft.stance("闭源路线，我看不到前途", "周知远", "闭源路线", "against", frame="route")
    draft.mention("云雀大模型", "PRODUCT").mention(
        "98个", "QTY", value={"number": 98, "unit": "个"}
    )
    return draft


@pytest.fixture
def study(make_study: MakeStudy) -> Study:
    """Return a study of an essay, an interview, a repost of it, and one file that failed."""
    first = interview(author="周知远", date="2024-03-01")
    repost = interview("c_repost.txt")
    repost.document = replace(repost.document, doc_id="repost")
    repost.cluster = first.cluster = first.document.doc_id
    failure = Failure("d_broken.txt", "", None, "readers", "text", "1", "expected text, found NUL")
    entities = (("林若海", "PERSON", ["老林"]), ("云雀大模型", "PRODUCT", []))
    return make_study([essay(), first, repost], entities, (failure,))
