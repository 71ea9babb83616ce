"""What a stance is about: the analyst's target, a frame's pole, or a noun phrase of the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lunheng.documents import Document
from lunheng.frames import Frame, Target
from lunheng.text import PhraseMatcher, fold
from lunheng_plugins.quotes.speakers import Holder
from lunheng_plugins.stance.clauses import Clause, Sentence
from lunheng_plugins.stance.lexicon import Hit
from lunheng_plugins.stance.phrases import LONGEST, Phrase, Phrases, PhraseWords

_TOPIC_REACH = 60
_EDGES = " \t“”「」『』‘’\"'（）()《》的了着过吧啊呢嘛,，"
_LEAST_DONE = 3
_LEAST_CLAIM = 4
_ADJOINS = 2
_PAIRED = (("“", "”"), ("「", "」"), ("『", "』"), ("《", "》"), ("（", "）"), ("(", ")"))
_OPENING = re.compile(
    r"[^,。]{0,8}(?:说|认为|觉得|表示|指出)过?(?=.{4})|但是?|可是|不过|然而|而且?|所以|因此|因为|其实|就|也|还|那|是(?=.{2})"
)
_ABOUT = re.compile(
    r"(?:对于|(?<![反针绝相面])对|关于|(?<![认以成作因])为|把|跟|与|和)(?P<what>[^,，。、]{2,16})$"
)
_SEEN_AS = re.compile(
    r"[把将](?P<what>[^,，。]{2,16}?)(?:看成|看作|看做|当成|当作|当做|视为|视作|叫成|叫做|说成|讲成|称为|称作)"
)
_HE_OR_SHE = re.compile(r"(?<!其)[他她](?!们|人|国|日|山)")
_COPULA = re.compile(r"(?<![不就还总要可只算都也若而])是(?!否|不是)|成为|变成|成了|沦为|等于|属于")
_FIGURES = re.compile(r"[\d零一二三四五六七八九十百千万亿两几年月日号、和到至%.\-~ ]+")
_EVEN = re.compile(r"连(?P<what>[^,，。]{2,14}?)(?:都|也)[^,，。]{0,3}$")


class Aim(NamedTuple):
    """A target: its name, its place in the text, the frame it belongs to, what it opposes.

    ``found`` says how it was found, which tells much about whether it is the right one.
    """

    name: str
    start: int | None
    end: int | None
    frame: str | None = None
    opposes: tuple[str, ...] = ()
    found: str = "known"


@dataclass(frozen=True, slots=True)
class KnownTargets:
    """The analyst's targets and the poles of frames, matched through folded text."""

    matcher: PhraseMatcher
    names: tuple[Aim, ...]

    @classmethod
    def of(cls, targets: Iterable[Target], frames: Iterable[Frame]) -> KnownTargets:
        """Compile targets and frames; a target's expression hides the same one of a frame."""
        aims: dict[str, Aim] = {}
        for frame in frames:
            for pole in frame.poles:
                opposes = tuple(frame.pole(other).zh for other in pole.opposes)
                for expression in pole.expressions:
                    aims[_key(expression)] = Aim(pole.zh, None, None, frame.name, opposes)
        for target in targets:
            for expression in target.expressions:
                aims[_key(expression)] = Aim(target.name, None, None, None, target.opposes)
        phrases = tuple(sorted(aims))
        return cls(PhraseMatcher(phrases), tuple(aims[p] for p in phrases))

    def found(self, folded: str) -> list[Aim]:
        """Return the longest expressions in ascending order, each at its place."""
        found: list[Aim] = []
        for start, end, number in self.matcher.longest(_lowered(folded)).tolist():
            name = self.names[number]
            found.append(Aim(name.name, start, end, name.frame, name.opposes))
        return found


class Targets:
    """Finds what the clauses of one document are about.

    Before an evaluation stands its subject, after an attitude or a demand its object. Where a
    clause has neither, its topic is that of the clauses before it.
    """

    def __init__(
        self,
        document: Document,
        known: KnownTargets,
        words: PhraseWords,
        resolve: Callable[[int, int], Holder | None],
    ) -> None:
        self._resolve = resolve
        self.text = document.text
        self.folded = fold(document.text)
        self.known = known.found(self.folded)
        self._known_starts = [a.start or 0 for a in self.known]
        self.names = [
            m for m in document.mentions if m.type in ("PERSON", "ORG", "PRODUCT", "WORK")
        ]
        self._name_starts = [m.start for m in self.names]
        self._figures = {
            (m.start, m.end) for m in document.mentions if m.type in ("DATE", "QTY", "MONEY")
        }
        self._phrases = Phrases(document, self.folded, words)
        self._topic: tuple[int, int] | None = None
        self._topic_end = 0
        self._passed: list[tuple[Clause, int]] = []
        self._last: tuple[Clause, ...] = ()

    def of_subject(
        self, clause: Clause, core: Hit, sentence: Sentence, holder: str = ""
    ) -> Aim | None:
        """Return what stands before an evaluation, or the topic that goes on."""
        if seen := _SEEN_AS.search(self.folded, clause.start, core.start):
            about = self._without(self._phrases.within(*seen.span("what")), holder)
            if about:
                return self._at(about[0].start, about[-1].end, "seen as")
        before = self._without(self._phrases.within(clause.start, core.start), holder)
        before = self._of_copula(before, clause.start, core.start)
        plain = [p for p in before if not p.oblique]
        adjoining = [p for p in plain if core.start - p.end <= _ADJOINS]
        if subject := _subject(plain) or _subject(adjoining, shortest=2):
            self._note(subject, sentence.end)
            return self._at(*subject, "subject")
        if person := self._person(clause.start, core.start, holder):
            return person
        if known := self.known_in(clause.start, core.start) or self.known_in(core.end, clause.end):
            return known
        self._catch_up(holder)
        if self._topic is not None and sentence.start - self._topic_end < _TOPIC_REACH:
            return self._at(*self._topic, "topic")
        if subject := _subject(before):
            return self._at(*subject, "oblique")
        after = self._without(self._phrases.within(core.end, clause.end), holder)
        nominal = [p for p in after if p.nominal and not p.oblique]
        return self._at(nominal[0].start, nominal[0].end, "behind") if nominal else None

    def of_object(
        self, clause: Clause, core: Hit, sentence: Sentence, holder: str = ""
    ) -> Aim | None:
        """Return what an attitude or a demand is directed at."""
        if match := _ABOUT.search(self.folded, clause.start, core.start):
            about = self._without(self._phrases.within(*match.span("what")), holder)
            if about:
                return self._at(about[0].start, about[-1].end, "about")
        after = self._object(core.end, clause, holder)
        if after is not None:
            self._note(after, sentence.end)
            return self._at(*after, "object")
        if known := self.known_in(core.end, clause.end):
            return known
        nothing_follows = clause.end - core.end < _LEAST_DONE
        return self.of_subject(clause, core, sentence, holder) if nothing_follows else None

    def of_claim(self, clause: Clause, marker: Hit, sentence: Sentence, holder: str) -> Aim | None:
        """Return what a clause asserts something of, behind 我认为 and the like."""
        said = self._without(self._phrases.within(marker.end, clause.end), holder)
        if subject := _subject(said):
            self._note(subject, sentence.end)
            return self._at(*subject, "subject")
        return self.known_in(marker.end, clause.end)

    def even(self, clause: Clause, core: Hit) -> Aim | None:
        """Return the object that 连 … 都 puts before its verb."""
        match = _EVEN.search(self.folded, clause.start, core.start)
        return self.at(*match.span("what")) if match else None

    def seen_as(self, clause: Clause, core: Hit) -> int | None:
        """Return where the verb of 把 … 看成 … is, when ``core`` stands behind it."""
        match = _SEEN_AS.search(self.folded, clause.start, core.start)
        return match.start() if match else None

    def note_topic(self, clause: Clause, sentence: Sentence) -> None:
        """Remember a clause without a stance: it may set the topic, should one be asked for."""
        self._passed.append((clause, sentence.end))

    def at(self, start: int, end: int) -> Aim | None:
        """Return the target that a span names, without the words of grammar at its edges."""
        phrases = self._phrases.within(start, end)
        return self._at(phrases[0].start, phrases[-1].end, "phrase") if phrases else None

    def claim(self, clause: Clause, sentence: Sentence) -> Aim | None:
        """Return the claim that a clause judges where no phrase is: the clause before it."""
        earlier = [c for c in (*self._last, *sentence.clauses) if c.end <= clause.start]
        if not earlier or "\n" in self.text[earlier[-1].end : clause.start]:
            return None
        start, end = earlier[-1].start, earlier[-1].end
        while start < end and (opening := _OPENING.match(self.folded, start, end)):
            start = opening.end()
        fits = _LEAST_CLAIM <= end - start <= LONGEST and not self._cuts_marks(start, end)
        return Aim(self.text[start:end], start, end, found="claim") if fits else None

    def leave(self, sentence: Sentence) -> None:
        """Remember the sentence that ends: the next one may judge its last clause."""
        self._last = sentence.clauses[-1:]

    def _cuts_marks(self, start: int, end: int) -> bool:
        """Tell whether a stretch has one mark of a quotation without the other."""
        return any(
            self.text.count(opener, start, end) != self.text.count(closer, start, end)
            for opener, closer in _PAIRED
        )

    def span(self, start: int, end: int) -> Aim:
        """Return a stretch of the text as what is judged, cut to what a target may have."""
        end = min(end, start + LONGEST)
        return Aim(self.text[start:end], start, end, found="stretch")

    def _of_copula(self, phrases: Sequence[Phrase], start: int, end: int) -> list[Phrase]:
        """Return the phrases before 是 or 成为, of which what follows is said, where there are any.

        In 开源成了低质量模型的遮羞布 it is 开源 that is judged.
        """
        copulas = list(_COPULA.finditer(self.folded, start, end))
        subjects = [p for p in phrases if copulas and p.end <= copulas[-1].start()]
        return subjects if any(not p.oblique for p in subjects) else list(phrases)

    def _person(self, start: int, end: int, holder: str) -> Aim | None:
        """Return whom the last he or she before an evaluation stands for."""
        places = [match.span() for match in _HE_OR_SHE.finditer(self.folded, start, end)]
        found = self._resolve(*places[-1]) if places else None
        if found is None or fold(found.name) == fold(holder):
            return None
        return Aim(found.name, *places[-1], found="person")

    def _note(self, place: tuple[int, int], end: int) -> None:
        self._topic, self._topic_end = place, end
        self._passed.clear()

    def _catch_up(self, holder: str) -> None:
        """Take the topic from the latest clause passed that has one."""
        for clause, end in reversed(self._passed):
            phrases = self._without(self._phrases.within(clause.start, clause.end), holder)
            if subject := _subject([p for p in phrases if p.nominal]):
                self._topic, self._topic_end = subject, end
                break
        self._passed.clear()

    def _without(self, phrases: Sequence[Phrase], holder: str) -> list[Phrase]:
        """Return the phrases that name neither the holder nor a date or amount.

        Nobody takes a stand on themselves.
        """
        own = fold(holder)
        return [
            p
            for p in phrases
            if (p.start, p.end) not in self._figures
            and not _FIGURES.fullmatch(self.folded, p.start, p.end)
            and (not own or self.folded[p.start : p.end] != own)
        ]

    def _at(self, start: int, end: int, found: str) -> Aim:
        if known := self.known_in(start, end):
            return known
        start, end = self._readable(start, end)
        low, high = bisect_left(self._name_starts, start), bisect_left(self._name_starts, end)
        inside = [m for m in self.names[low:high] if m.end <= end]
        if len(inside) == 1 and 2 * (inside[0].end - inside[0].start) >= end - start:
            return Aim(inside[0].text, inside[0].start, inside[0].end, found=found)
        return Aim(self.text[start:end], start, end, found=found)

    def _readable(self, start: int, end: int) -> tuple[int, int]:
        """Return a stretch without the half of a quotation or title that it begins or ends in."""
        for opener, closer in _PAIRED:
            opened = self.text.rfind(opener, start, end)
            closed = self.text.find(closer, start, end)
            if closed >= 0 and (opened < 0 or closed < opened):
                after = closed + 1
                while after < end and self.folded[after] in _EDGES:
                    after += 1
                start, end = (after, end) if end - after >= 2 else (start, closed)
            elif opened >= 0 and closed < 0:
                start, end = (opened + 1, end) if end - opened > 2 else (start, opened)
        while end - start > 2 and self.folded[start] == "是":
            start += 1
            while start < end and self.folded[start] in _EDGES:
                start += 1
        return start, end

    def _object(self, start: int, clause: Clause, holder: str) -> tuple[int, int] | None:
        """Return the phrase that a verb governs: all up to the clause's end, if it is short."""
        phrases = self._without(self._phrases.within(start, clause.end), holder)
        phrases = [p for p in phrases if p.nominal or p.end - p.start >= _LEAST_DONE]
        if not phrases:
            return self._rest(start, clause)
        low, high = phrases[0].start, phrases[-1].end
        return (low, high) if high - low <= LONGEST else (phrases[0].start, phrases[0].end)

    def _rest(self, start: int, clause: Clause) -> tuple[int, int] | None:
        """Return the short rest of a clause as it stands, without marks and particles."""
        end = clause.end
        while start < end and self.folded[start] in _EDGES:
            start += 1
        while end > start and self.folded[end - 1] in _EDGES:
            end -= 1
        long_enough = 2 <= end - start <= LONGEST
        return (start, end) if long_enough and not self._phrases.stops(start, end) else None

    def known_in(self, start: int, end: int) -> Aim | None:
        """Return the first of the analyst's targets and poles between two places."""
        low, high = bisect_left(self._known_starts, start), bisect_right(self._known_starts, end)
        for aim in self.known[low:high]:
            if aim.end is not None and aim.end <= end:
                return aim
        return None


def _subject(phrases: Sequence[Phrase], shortest: int = _LEAST_DONE) -> tuple[int, int] | None:
    """Return the subject among the phrases before a predicate: nouns first, then what is done."""
    for wanted in (
        [p for p in phrases if p.nominal and not p.oblique],
        [p for p in phrases if p.end - p.start >= shortest and not p.oblique],
        [p for p in phrases if p.nominal],
    ):
        if wanted:
            return wanted[0].start, wanted[0].end
    return None


def _key(expression: str) -> str:
    return _lowered(fold(expression))


def _lowered(folded: str) -> str:
    """Lower ASCII letters only: other letters may change length."""
    return fold(folded, case=True)
