"""What a stance is about: the analyst's target, a frame's pole, or a phrase of the clause."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lunheng.documents import Document
from lunheng.frames import Frame, Target
from lunheng.text import PhraseMatcher, fold
from lunheng_plugins.stance.clauses import Clause, Sentence
from lunheng_plugins.stance.lexicon import Hit

_LONGEST = 18
_OPENING = re.compile(
    r"(?:但是|但|可是|可|不过|然而|而且|而是|而|并且|并|所以|因此|因为|由于|其实|当然|总之|总的来说|总归来说|另外|此外|同时|首先|其次|最后|"
    r"事实上|实际上|说实话|说白了|显然|反正|虽然|尽管|如果|即便|即使|哪怕|只要|只有|无论|不管|至于|就是说|也就是|就是|那么|那|于是|接着|甚至|"
    r"(?:我|我们|笔者|他|她|大家)?(?:个人)?(?:依然|仍然|始终|一直|还是|都|就|也|总)?(?:认为|觉得|相信|希望|以为|想说|感觉)(?:说|是|到)?|我想|我看|在我看来|"
    r"对于|关于|对|在|从|目前|现在|今天|如今|当前|很多时候|有时候|像|连|[,，\s])+"
)
_PREDICATE = re.compile(
    r"(?:是|也|都|就|还|却|会|能|可以|可能|将|要|不|没|很|非常|太|更|最|真|实在|根本|完全|其实|已经|正在|仍|依然|始终|一直|有|让|使|给|被|把|"
    r"比|只|才|并|又|再|显得|变得|成为|成了|无法|难以|应该|必须|需要|肯定|一定|当然|确实|的确|挺|蛮|极|毫无|说的|做的|看起来|本身|对|在|为|来|去)"
)
_PRONOUN = re.compile(
    r"(?:它们|他们|她们|它|他|她|这样|这种|这个|这些|这件事|这事|这一点|这点|这|那样|那种|那个|那些|那|此|其|前者|后者|该)(?:情况|做法|说法|事|东西|东东|玩意)?$"
)
_SPEAKING = re.compile(r"(?:我|我们|你|你们|咱们|大家|人们|自己|谁|有人|没有人|没人)$")
_LEADING = re.compile(
    r"(?:了|着|过|的是|的话|地|得|于|到|去|把|将|说|是|：|:|，|,|\s|这样的|这种|那种|一些人|我们|你|大家)+"
)
_TRAILING = re.compile(
    r"(?:的|了|吗|呢|吧|啊|嘛|等|之间|这件事|这个事情|这一点|来说|而言|上|中|里|方面|的时候|时)+$"
)
_ABOUT = re.compile(
    r"(?:对于|对|关于|给|为|把|将|跟|与|和)(?P<what>[^，,。、]{2,16}?)(?:很|非常|都|也|还|一直|始终|十分|特别|有|没有|充满|毫无|并|更|的态度|$)"
)
_STOP = re.compile(r"[，,。！!？?；;：:\n“”「」]")


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
        rows = sorted(self.matcher.find(folded.lower()).tolist(), key=lambda r: (r[0], -r[1]))
        taken = 0
        for start, end, number in rows:
            if start >= taken:
                aim = self.names[number]
                found.append(Aim(aim.name, start, end, aim.frame, aim.opposes))
                taken = end
        return found


class Targets:
    """Finds what the clauses of one document are about."""

    def __init__(self, document: Document, known: KnownTargets) -> None:
        self.text = document.text
        self.folded = fold(document.text)
        self.known = known.found(self.folded)
        self.names = [
            m for m in document.mentions if m.type in ("PERSON", "ORG", "PRODUCT", "WORK")
        ]
        self._edges: frozenset[int] | None = None
        if document.tokens is not None:
            self._edges = frozenset(document.tokens.ravel().tolist())
        self._topic: Aim | None = None
        self._topic_end = 0

    def of_subject(self, clause: Clause, core: Hit, sentence: Sentence) -> Aim:
        """Return what stands before an evaluation, or the topic that goes on."""
        subject = self._subject(clause, core.start)
        if subject is not None:
            self._topic, self._topic_end = subject, sentence.end
            return self._known_in(subject.start, subject.end) or subject
        if known := self._known_in(clause.start, clause.end):
            return known
        after = self._phrase_after(core.end, clause.end)
        if self._topic is not None and sentence.start - self._topic_end < 120:
            return self._known_in(self._topic.start, self._topic.end) or self._topic
        return after or self._clause_as_claim(clause)

    def of_object(self, clause: Clause, core: Hit, sentence: Sentence) -> Aim:
        """Return what an attitude or a demand is directed at."""
        if match := _ABOUT.search(self.folded, clause.start, core.start):
            start, end = match.span("what")
            if self._on_edges(start, end):
                return self._known_in(start, end) or self._aim(start, end)
        after = self._phrase_after(core.end, clause.end)
        if after is None:
            following = [c for c in sentence.clauses if c.start >= clause.end]
            if following and clause.end - core.end <= 1:
                after = self._phrase_after(following[0].start, following[0].end)
        if after is not None:
            return self._known_in(after.start, after.end) or after
        return self.of_subject(clause, core, sentence)

    def note_topic(self, clause: Clause, sentence: Sentence) -> None:
        """Remember what a clause without a stance is about."""
        subject = self._subject(clause, clause.end)
        if subject is not None and subject.end is not None and subject.end < clause.end:
            self._topic, self._topic_end = subject, sentence.end

    def at(self, start: int, end: int) -> Aim:
        """Return the target that a span names."""
        if opening := _OPENING.match(self.folded, start, end - 1):
            start = opening.end()
        return self._known_in(start, end) or self._aim(start, end)

    def _subject(self, clause: Clause, limit: int) -> Aim | None:
        opening = _OPENING.match(self.folded, clause.start, limit)
        start = opening.end() if opening else clause.start
        end = limit
        for match in _PREDICATE.finditer(self.folded, start + 1, limit):
            if self._on_edges(match.start(), match.start()):
                end = match.start()
                break
        if trailing := _TRAILING.search(self.folded[start:end]):
            end = start + trailing.start()
        words = self.folded[start:end]
        if not words.strip() or _PRONOUN.fullmatch(words) or _SPEAKING.search(words):
            return None
        if end - start > _LONGEST:
            return self._name_in(start, end)
        return self._aim(start, end) if end - start >= 2 else None

    def _phrase_after(self, start: int, end: int) -> Aim | None:
        if leading := _LEADING.match(self.folded, start, end):
            start = leading.end()
        if stop := _STOP.search(self.folded, start, end):
            end = stop.start()
        if trailing := _TRAILING.search(self.folded[start:end]):
            end = start + trailing.start()
        if end - start < 2 or _PRONOUN.fullmatch(self.folded[start:end]):
            return None
        if end - start > _LONGEST:
            if name := self._name_in(start, start + _LONGEST):
                return name
            end = start + _LONGEST
            while end > start + 6 and not self._on_edges(end, end):
                end -= 1
        return self._aim(start, end)

    def _clause_as_claim(self, clause: Clause) -> Aim:
        start = clause.start
        if opening := _OPENING.match(self.folded, clause.start, clause.end - 2):
            start = opening.end()
        end = min(clause.end, start + _LONGEST)
        return self._aim(start, end)

    def _name_in(self, start: int, end: int) -> Aim | None:
        for mention in self.names:
            if start <= mention.start and mention.end <= end:
                return Aim(mention.name or mention.text, mention.start, mention.end)
        return None

    def _known_in(self, start: int | None, end: int | None) -> Aim | None:
        if start is None or end is None:
            return None
        for aim in self.known:
            if (
                aim.start is not None
                and aim.end is not None
                and start <= aim.start
                and aim.end <= end
            ):
                return aim
        return None

    def _aim(self, start: int, end: int) -> Aim:
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return Aim(self.text[start:end], start, end)

    def _on_edges(self, start: int, end: int) -> bool:
        return self._edges is None or (start in self._edges and end in self._edges)


def _key(expression: str) -> str:
    return fold(expression).lower()
