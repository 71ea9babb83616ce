"""The records that flow through the pipeline: frozen, slotted, picklable.

Offsets are half-open code points. Unless a field says *source*, they lie in the cleaned text
``Document.text``; ``Document.source_map`` leads back to the characters of the source.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lunheng.text import OffsetMap

EntityType = Literal["PERSON", "ORG", "PRODUCT", "WORK", "PLACE", "MONEY", "QTY", "DATE"]
Polarity = Literal["favor", "against", "neutral"]
HolderType = Literal["author", "person", "org", "group"]
Attribution = Literal["author", "turn", "direct", "indirect", "headline"]
BlockKind = Literal["heading", "paragraph", "list_item", "caption", "furniture"]
LocatorKind = Literal["page", "paragraph", "part"]
Script = Literal["simplified", "traditional", "mixed", "none"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points in one text.

    >>> Span(2, 4).of("大模型之争")
    '型之'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of the span."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Member:
    """A file found within a file, such as an archive: the framework chooses its reader.

    ``name`` is its path there, with slashes. ``read`` returns its bytes and is called at most
    once, before the reader is asked for more; what it raises concerns this file alone.
    """

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a part of a source begins, in terms of the file: page 3, part ``text/2.xhtml``.

    It holds from the code point ``start`` of the source to the next locator.
    """

    start: int
    kind: LocatorKind
    name: str


@dataclass(frozen=True, slots=True)
class SourceText:
    """One record of one file as its reader hands it over.

    ``source`` is the text that all source offsets refer to; ``text`` is what is to be cleaned and
    ``text_map`` aligns the two (``None``: they are the same). A reader of HTML, say, keeps the
    whole page in ``source`` and only the article in ``text``. Where ``source`` is extracted text,
    ``locators`` say, in ascending order, what place of the file each stretch of it comes from.
    """

    source: str
    record: str = ""
    text: str | None = None
    text_map: OffsetMap | None = None
    title: str | None = None
    author: str | None = None
    date: str | None = None
    encoding: str = "utf-8"
    undecodable: int = 0
    meta: Mapping[str, object] = field(default_factory=dict)
    locators: tuple[Locator, ...] = ()


class Edit(NamedTuple):
    """Replace ``[start, end)`` of a cleaner's input by ``text``.

    An edit that leaves the characters as they are flags them: it is recorded, nothing changes.
    """

    start: int
    end: int
    text: str


class Repair(NamedTuple):
    """What one cleaner changed or flagged, at its place in the source.

    The places are ``None`` where alignment is impossible.
    """

    source_start: int | None
    source_end: int | None
    before: str
    after: str
    cleaner: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, caption or piece of page furniture."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's speech, without its label, over any number of paragraphs.

    ``speaker`` is one name for all labels of the same speaker.
    """

    speaker: str
    start: int
    end: int
    label_start: int
    label_end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A named entity, amount or date; ``name`` is canonical, ``value`` normalised (JSON-able)."""

    start: int
    end: int
    text: str
    type: EntityType
    name: str
    value: Mapping[str, object] | None = None
    plugin: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words given as someone's; the span is the words, without marks or cue.

    ``holder`` is who said it (``""``: nobody found), at ``holder_start:holder_end`` when the text
    names them; ``cue`` is the verb or mark that gives it away.
    """

    holder: str
    holder_start: int | None
    holder_end: int | None
    cue: str
    attribution: Attribution
    start: int
    end: int
    plugin: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """One reason for a stance: the characters at a place, and the rule or weight they speak for."""

    start: int
    end: int
    text: str
    rule: str
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Stance:
    """A holder for, against or neutral toward a target, in the clause that licenses it.

    ``start:end`` is the evidence. ``target`` is a short phrase of the text, or the name of the
    user's target or of the frame's pole that covers it; then ``frame`` names the frame.
    ``turn`` and ``quote`` are positions in the document's turns and quotes. ``score`` is the
    tagger's confidence, 0 to 1.
    """

    holder: str
    holder_type: HolderType
    target: str
    polarity: Polarity
    score: float
    start: int
    end: int
    attribution: Attribution
    holder_start: int | None = None
    holder_end: int | None = None
    target_start: int | None = None
    target_end: int | None = None
    frame: str | None = None
    cues: tuple[Cue, ...] = ()
    turn: int | None = None
    quote: int | None = None
    reporter: str | None = None
    flags: tuple[str, ...] = ()
    plugin: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One text with everything that earlier stages found in it.

    A stage receives the document with the records of all stages before it and returns its own;
    the pipeline adds them with ``dataclasses.replace``. ``doc_id`` is the hash of the source
    text. ``tokens`` is an int32 array of shape (n, 2); ``tags`` has the Universal part of speech
    of each, where the tokenizer tells it.
    """

    doc_id: str
    source: str
    text: str
    source_map: OffsetMap
    path: str = ""
    record: str = ""
    title: str | None = None
    author: str | None = None
    date: str | None = None
    encoding: str = "utf-8"
    script: Script = "none"
    meta: Mapping[str, object] = field(default_factory=dict)
    locators: tuple[Locator, ...] = ()
    repairs: tuple[Repair, ...] = ()
    blocks: tuple[Block, ...] = ()
    sentences: tuple[Span, ...] = ()
    tokens: NDArray[np.int32] | None = None
    tags: tuple[str, ...] | None = None
    turns: tuple[Turn, ...] = ()
    mentions: tuple[Mention, ...] = ()
    quotes: tuple[Quote, ...] = ()
    stances: tuple[Stance, ...] = ()
    abstained: int = 0

    def _repr_html_(self) -> str:
        from lunheng.integrations.jupyter import document

        return document(self)


def locate(locators: Sequence[Locator], offset: int) -> Locator | None:
    """Return the locator that holds at a code point of the source, if there is one.

    >>> locate((Locator(0, "page", "1"), Locator(90, "page", "2")), 95)
    Locator(start=90, kind='page', name='2')
    """
    at = bisect_right(locators, offset, key=lambda locator: locator.start)
    return locators[at - 1] if at else None
