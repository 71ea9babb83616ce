"""What a stance is about: the analyst's target, a frame's pole, or a noun phrase of the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lunheng.documents import Document
from lunheng.frames import Frame, Target
from lunheng.text import PhraseMatcher, fold
from lunheng_plugins.stance.clauses import Clause, Sentence
from lunheng_plugins.stance.lexicon import Hit

_LONGEST = 16
_TOPIC_REACH = 120
_MARKS = re.compile(r"[\s,，。！!？?；;：:“”「」『』‘’\"()（）…—、\d.%·*]+")
_GRAMMAR = frozenset("是的了不也都就还很太最更没和与对把被我你他她它这那在")
_NUMBERED = re.compile(r"[一二三四五六七八九十两几\d]+[个家条种件次点年月天位名项款]?$")
_ABOUT = re.compile(r"(?:对于|对|关于|为|把|跟|与|和)(?P<what>[^,，。、]{2,16})$")


@dataclass(frozen=True, slots=True)
class Aim:
    """A target: its name, its place in the text, the frame it belongs to, what it opposes."""

    name: str
    start: int | None
    end: int | None
    frame: str | None = None
    opposes: tuple[str, ...] = ()


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
        rows = sorted(self.matcher.find(_lowered(folded)).tolist(), key=lambda r: (r[0], -r[1]))
        taken = 0
        for start, end, number in rows:
            if start >= taken:
                found.append(replace(self.names[number], start=start, end=end))
                taken = end
        return found


class Targets:
    """Finds what the clauses of one document are about.

    A noun phrase is a run of words none of which is on the list of words that end one; where the
    document has no tokens, a run of characters between such words.
    """

    def __init__(self, document: Document, known: KnownTargets, stop: frozenset[str]) -> None:
        self.text = document.text
        self.folded = fold(document.text)
        self.stop = stop if document.tokens is not None else _long_or_grammar(stop)
        self.known = known.found(self.folded)
        self._known_starts = [a.start or 0 for a in self.known]
        self.names = [
            m for m in document.mentions if m.type in ("PERSON", "ORG", "PRODUCT", "WORK")
        ]
        self._name_starts = [m.start for m in self.names]
        self._words = _words(document, self.folded, self.stop)
        self._word_starts = [start for start, _ in self._words]
        self._topic: tuple[int, int] | None = None
        self._topic_end = 0
        self._passed: list[tuple[Clause, int]] = []

    def of_subject(self, clause: Clause, core: Hit, sentence: Sentence) -> Aim | None:
        """Return what stands before an evaluation, or the topic that goes on."""
        subject = self._subject(clause.start, core.start, clause)
        if subject is not None:
            self._topic, self._topic_end = subject, sentence.end
            self._passed.clear()
            return self._at(*subject)
        if known := self._known_in(clause.start, clause.end):
            return known
        self._catch_up()
        if self._topic is not None and sentence.start - self._topic_end < _TOPIC_REACH:
            return self._at(*self._topic)
        after = self._first_phrase(core.end, clause.end, clause)
        return self._at(*after) if after else None

    def of_object(self, clause: Clause, core: Hit, sentence: Sentence) -> Aim | None:
        """Return what an attitude or a demand is directed at."""
        if match := _ABOUT.search(self.folded, clause.start, core.start):
            phrase = self._first_phrase(*match.span("what"), clause)
            if phrase:
                return self._at(*phrase)
        if known := self._known_in(core.end, clause.end):
            return known
        after = self._object(core.end, clause)
        if after is None and clause.end - core.end <= 1:
            following = [c for c in sentence.clauses if c.start >= clause.end]
            if following:
                after = self._object(following[0].start, following[0])
        if after is not None:
            self._topic, self._topic_end = after, sentence.end
            self._passed.clear()
            return self._at(*after)
        return self.of_subject(clause, core, sentence)

    def note_topic(self, clause: Clause, sentence: Sentence) -> None:
        """Remember a clause without a stance: it may set the topic, should one be asked for."""
        self._passed.append((clause, sentence.end))

    def _catch_up(self) -> None:
        """Take the topic from the latest clause passed that has one."""
        for clause, end in reversed(self._passed):
            if subject := self._subject(clause.start, clause.end, clause):
                self._topic, self._topic_end = subject, end
                break
        self._passed.clear()

    def at(self, start: int, end: int) -> Aim:
        """Return the target that a span names, without the words of grammar at its edges."""
        inside = self._words_in(start, end)
        nominal = [w for w in inside if self.folded[w[0] : w[1]] not in self.stop]
        if nominal:
            start, end = nominal[0][0], max(nominal[-1][1], nominal[0][0] + 1)
        return self._at(start, end)

    def claim(self, clause: Clause) -> Aim:
        """Return the clause itself as what is judged, where no phrase of it is."""
        end = min(clause.end, clause.start + _LONGEST)
        return Aim(self.text[clause.start : end], clause.start, end)

    def _at(self, start: int, end: int) -> Aim:
        if known := self._known_in(start, end):
            return known
        low, high = bisect_left(self._name_starts, start), bisect_left(self._name_starts, end)
        inside = [m for m in self.names[low:high] if m.end <= end]
        if len(inside) == 1 and 2 * (inside[0].end - inside[0].start) >= end - start:
            return Aim(inside[0].text, inside[0].start, inside[0].end)
        return Aim(self.text[start:end], start, end)

    def _subject(self, start: int, end: int, clause: Clause) -> tuple[int, int] | None:
        return self._first_phrase(start, end, clause)

    def _first_phrase(self, start: int, end: int, clause: Clause) -> tuple[int, int] | None:
        """Return the first noun phrase between two places, cut to its head when it is long."""
        for low, high in self._phrases(start, end, clause):
            return low, high
        return None

    def _object(self, start: int, clause: Clause) -> tuple[int, int] | None:
        """Return the phrase that a verb governs: its words up to the clause's end, if few."""
        phrases = self._phrases(start, clause.end, clause)
        if not phrases:
            return None
        low, high = phrases[0][0], phrases[-1][1]
        return (low, high) if high - low <= _LONGEST else phrases[0]

    def _phrases(self, start: int, end: int, clause: Clause) -> list[tuple[int, int]]:
        """Return runs of words that can be a noun phrase, cues of the clause left out."""
        runs: list[tuple[int, int]] = []
        cues = [(h.start, h.end) for h in clause.hits]
        for low, high in self._words_in(start, end):
            word = self.folded[low:high]
            barred = word in self.stop or any(s < high and low < e for s, e in cues)
            if barred or _MARKS.fullmatch(word):
                runs.append((high, high))
            elif runs and runs[-1][1] == low and runs[-1][0] < runs[-1][1]:
                runs[-1] = (runs[-1][0], high)
            else:
                runs.append((low, high))
        return [run for low, high in runs if (run := self._trimmed(low, high)) is not None]

    def _trimmed(self, low: int, high: int) -> tuple[int, int] | None:
        while low < high and (self.folded[low] in "的之、" or self.text[low].isspace()):
            low += 1
        while high > low and (self.folded[high - 1] in "的之、" or self.text[high - 1].isspace()):
            high -= 1
        if high - low > _LONGEST:
            cut = self.folded.rfind("的", low, high)
            low = cut + 1 if cut > low and high - cut > 2 else max(low, high - _LONGEST)
        if high - low < 2 or _NUMBERED.fullmatch(self.folded, low, high):
            return None
        return low, high

    def _words_in(self, start: int, end: int) -> Sequence[tuple[int, int]]:
        low = bisect_left(self._word_starts, start)
        high = bisect_left(self._word_starts, end)
        return [(s, min(e, end)) for s, e in self._words[low:high]]

    def _known_in(self, start: int, end: int) -> Aim | None:
        low, high = bisect_left(self._known_starts, start), bisect_right(self._known_starts, end)
        for aim in self.known[low:high]:
            if aim.end is not None and aim.end <= end:
                return aim
        return None


def _long_or_grammar(stop: frozenset[str]) -> frozenset[str]:
    """Return the words that are told from parts of other words without tokens."""
    return frozenset(w for w in stop if len(w) > 1 or w in _GRAMMAR)


def _words(document: Document, folded: str, stop: frozenset[str]) -> list[tuple[int, int]]:
    if document.tokens is not None:
        return [(start, end) for start, end in document.tokens.tolist()]
    words = sorted((w for w in stop if len(w) > 1), key=len, reverse=True)
    pattern = re.compile("|".join([*map(re.escape, words), r"[A-Za-z0-9]+", "."]), re.S)
    return [match.span() for match in pattern.finditer(folded)]


def _key(expression: str) -> str:
    return _lowered(fold(expression))


def _lowered(folded: str) -> str:
    """Lower ASCII letters only: other letters may change length."""
    return fold(folded, case=True)
