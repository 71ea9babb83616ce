"""What every report shows, as plain frozen records: computed by ``view``, shown by writers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lunheng.documents import Locator


@dataclass(frozen=True, slots=True)
class Article:
    """One distinct text of the study, with all the files that hold it.

    ``number`` counts from 1 in the study's order; ``title`` is the reader's, else the text's
    first short line, else the file's name. ``repost_of`` is the number of the first article of
    the same cluster of near-duplicates, if that is another one; the first has the number of its
    ``reposts``.
    """

    number: int
    doc_id: str
    title: str
    author: str | None
    date: str | None
    sources: tuple[str, ...]
    script: str
    characters: int
    repost_of: int | None = None
    reposts: int = 0
    abstained: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of cleaned text stands in its source; lines and columns count from 1.

    ``locator`` names the page, paragraph or part of a file whose text was extracted.
    """

    path: str
    source_start: int
    source_end: int
    line: int
    column: int
    locator: Locator | None = None


@dataclass(frozen=True, slots=True)
class CueMark:
    """A cue of a stance: half-open code points of the cleaned text, and the rule that saw it."""

    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One stance with its sentence.

    ``start:end`` and the cues lie in the article's cleaned text, as does ``context_start:
    context_end``, the whole sentences around it; ``context`` is that text and ``original`` the
    same stretch of the source (``None`` where the source has the very same characters).
    ``counted`` is false for what is merely asked or supposed and for a repost's stances; the
    original's name the reposts that repeat them in ``also_in``. ``origin`` is ``human`` where the
    analyst's ``verdict`` (confirmed or changed) stands behind it; ``stance`` is its lasting name.
    """

    number: int
    article: int
    holder: str
    holder_type: str
    target: str
    frame: str | None
    polarity: str
    score: float
    attribution: str
    reporter: str | None
    flags: tuple[str, ...]
    cues: tuple[CueMark, ...]
    start: int
    end: int
    text: str
    context_start: int
    context_end: int
    context: str
    original: str | None
    place: Place | None
    counted: bool = True
    also_in: tuple[int, ...] = ()
    origin: str = "machine"
    verdict: str | None = None
    stance: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """What one holder thinks of one target, summed over the counted evidence.

    ``balance`` is (favor − against) ÷ all, from −1 to 1; ``best`` is the evidence that shows the
    position best: on its side, without flags, the surest.
    """

    holder: str
    holder_type: str
    target: str
    frame: str | None
    favor: int
    against: int
    neutral: int
    evidence: tuple[int, ...]
    best: int = 0

    @property
    def total(self) -> int:
        """How many stances the position rests on."""
        return self.favor + self.against + self.neutral

    @property
    def net(self) -> int:
        """Favor minus against."""
        return self.favor - self.against

    @property
    def balance(self) -> float:
        """Net ÷ total, from −1 to 1."""
        return self.net / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two holders and the targets on which both took sides."""

    first: str
    second: str
    agree: tuple[str, ...]
    differ: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A position with both sides: the surest evidence of each, and each side's dates.

    ``favor_dates`` and ``against_dates`` are the first and the last date of the articles, empty
    where none is dated, so that a change of mind can be told from a mixed judgement.
    """

    position: Position
    favor: int
    against: int
    favor_dates: tuple[str, ...]
    against_dates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """What a position was in the articles of one date; ``best`` is the evidence that shows it."""

    date: str
    favor: int
    against: int
    neutral: int
    best: int

    @property
    def net(self) -> int:
        """Favor minus against."""
        return self.favor - self.against

    @property
    def side(self) -> str:
        """The side it comes to."""
        return "favor" if self.net > 0 else "against" if self.net < 0 else "neutral"


@dataclass(frozen=True, slots=True)
class Course:
    """A position date by date, over two dates or more."""

    position: Position
    dates: tuple[Dated, ...]

    @property
    def turned(self) -> bool:
        """Whether the position was on one side at one date and on the other at another."""
        sides = {dated.side for dated in self.dates}
        return {"favor", "against"} <= sides


@dataclass(frozen=True, slots=True)
class EntityRow:
    """A person, firm, product or the like with its other names."""

    name: str
    type: str
    aliases: tuple[str, ...]
    mentions: int
    articles: tuple[int, ...]
    beside: tuple[str, ...] = ()
    origin: str = "machine"

    @property
    def searched(self) -> str:
        """What a search looks through, lower-cased."""
        return " ".join((self.name, *self.aliases)).lower()


@dataclass(frozen=True, slots=True)
class Term:
    """An n-gram that tells one side from another.

    ``count`` and ``other`` are its occurrences in the side's words and in the rest; ``g2`` is
    Dunning's log-likelihood ratio, ``ratio`` the binary logarithm of the relative frequencies.
    """

    text: str
    count: int
    other: int
    g2: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Terms:
    """The telling n-grams of one side, or the collocates of its target.

    ``kind`` is article, speaker, favor or against, near_favor or near_against.
    """

    kind: str
    name: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class DigestSentence:
    """One sentence of the sources, never rewritten, chosen for what it carries."""

    article: int
    start: int
    end: int
    text: str
    holder: str
    line: int
    reasons: tuple[str, ...]
    weight: float
    locator: Locator | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """The chosen sentences of an article (``article`` 0: of the whole study)."""

    article: int
    sentences: tuple[DigestSentence, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """Who says how many of what: an amount in its sentence."""

    article: int
    holder: str
    type: str
    amount: str
    value: float | None
    unit: str
    subject: str
    start: int
    end: int
    sentence_start: int
    sentence: str
    line: int
    locator: Locator | None = None

    @property
    def searched(self) -> str:
        """What a search looks through, lower-cased."""
        parts = (self.amount, self.unit, self.subject, self.holder, self.sentence)
        return " ".join(parts).lower()


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be read or analysed, and why."""

    path: str
    record: str
    stage: str
    plugin: str
    message: str


@dataclass(frozen=True, slots=True)
class RepairSum:
    """How often a cleaner changed (or flagged) what, with the commonest cases."""

    cleaner: str
    count: int
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of the first page; ``stances`` are the counted ones.

    All paths of the view are below ``folder``, which ends in a slash or is empty.
    """

    folder: str
    files: int
    articles: int
    reposts: int
    characters: int
    authors: tuple[str, ...]
    first_date: str | None
    last_date: str | None
    holders: int
    targets: int
    stances: int
    favor: int
    against: int
    neutral: int
    abstained: int
    turns: int
    quotes: int
    mentions: int
    claims: int
    entities: int
    failures: int
    repairs: int
    unplaced: int
    unheld: int
    confirmed: int
    changed: int
    rejected: int


@dataclass(frozen=True, slots=True)
class View:
    """Everything a report may show of one study.

    ``days`` has the counted stances (favor, against, neutral) by the dates of their articles.
    """

    overview: Overview
    articles: tuple[Article, ...]
    evidence: tuple[Evidence, ...]
    positions: tuple[Position, ...]
    holders: tuple[str, ...]
    targets: tuple[str, ...]
    days: Mapping[str, tuple[int, int, int]]
    pairs: tuple[Pair, ...]
    contradictions: tuple[Contradiction, ...]
    courses: tuple[Course, ...]
    entities: tuple[EntityRow, ...]
    terms: tuple[Terms, ...]
    digests: tuple[Digest, ...]
    claims: tuple[Claim, ...]
    failures: tuple[Failure, ...]
    repairs: tuple[RepairSum, ...]
    manifest: Mapping[str, object]
