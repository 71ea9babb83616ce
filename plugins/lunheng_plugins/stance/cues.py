"""The built-in stance tagger: transparent rules over cue words, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lunheng.documents import Cue, Document, Polarity, Stance
from lunheng.frames import Frame, Target, load_frames, load_targets, shipped_frames
from lunheng.hookspecs import hookimpl
from lunheng.text import fold
from lunheng_plugins.quotes.lexicon import Labels, SpeechCues
from lunheng_plugins.stance.clauses import Clause, Sentence, sentences
from lunheng_plugins.stance.comparisons import Comparison, comparisons
from lunheng_plugins.stance.confidence import Confidence, of_clause, of_comparison
from lunheng_plugins.stance.holders import Held, Holders
from lunheng_plugins.stance.lexicon import Hit, Lexicon
from lunheng_plugins.stance.polarity import Judgement, Setting, judge, setting_after
from lunheng_plugins.stance.targets import Aim, KnownTargets, Targets

NAME = "cues"
DEFAULT_THRESHOLD = 0.4
_TRANSITIVE = frozenset(("endorse", "reject", "need", "needless", "crucial"))
_ATTITUDES = frozenset(("endorse", "reject"))
_SIGNS: dict[int, Polarity] = {1: "favor", -1: "against", 0: "neutral"}
_FURTHEST_MERGE = 40
_NAMED = frozenset(("PERSON", "ORG", "WORK"))
_EVALUATIONS = frozenset(("good", "bad"))
_OF_ONESELF = re.compile(
    r"(?:但是?|而且|其实|所以)?(?:我|我们|你|你们)(?!认为|觉得|相信|想|看|个人)"
)
_YOURS = re.compile(r"[^,。]{0,4}你们?(?:觉得|认为|说|想)")
_SELF_REPORT = -0.3
_SUPPOSED = -0.8
_ASKED = -0.35
_REPORTED = 0.3
_PERSONAL = 0.1
_FIRST_PERSON = re.compile(r"我(?!国|军|党|方|院|校|省|市|县|司|部)")
_OFTEN = 3.0
_NO_TARGET = -0.15
_NO_OBJECT = -0.4
_UNREADABLE = -2.0
_CERTAIN = 1.0

Measured = tuple[Stance, dict[str, float]]


@dataclass(frozen=True, slots=True)
class CueSettings:
    """Settings of the tagger.

    ``frames`` are names of shipped frames or paths of TOML files, ``targets`` paths of TOML
    files with the analyst's own targets. Stances that score below ``threshold`` (0 to 1) are
    not asserted but counted.
    """

    frames: tuple[str, ...] = field(default_factory=shipped_frames)
    targets: tuple[str, ...] = ()
    threshold: float = DEFAULT_THRESHOLD


@dataclass(frozen=True, slots=True)
class CueTagger:
    """Finds stances by cue words, negation, contrast, comparison, and who speaks."""

    known: KnownTargets
    threshold: float
    lexicon: Lexicon = field(default_factory=Lexicon.load)
    speech: SpeechCues = field(default_factory=SpeechCues.load)
    labels: Labels = field(default_factory=Labels.load)
    confidence: Confidence = field(default_factory=Confidence.load)

    @classmethod
    def of(
        cls,
        targets: Iterable[Target] = (),
        frames: Iterable[Frame] = (),
        threshold: float = DEFAULT_THRESHOLD,
    ) -> CueTagger:
        """Make a tagger for targets and frames; open targets are found in any case."""
        return cls(KnownTargets.of(targets, frames), threshold)

    def proposed(self, document: Document) -> list[Stance]:
        """Return every stance that a cue speaks for, however faintly."""
        return [stance for stance, _ in self.measured(document)]

    def measured(self, document: Document) -> list[Measured]:
        """Return every stance that a cue speaks for, with the features its score is made of."""
        return list(_Reading(self, document).all())

    def unjudged(self, document: Document) -> list[Stance]:
        """Return clauses with a known target and no cue, as neutral stances without a score."""
        return list(_Reading(self, document).unjudged())

    def stances(self, document: Document) -> tuple[Sequence[Stance], int]:
        """Return stances in ascending order of their evidence, and how many were abstained from."""
        found = self.proposed(document)
        kept = [s for s in found if s.score >= self.threshold]
        return merged(sorted(kept, key=lambda s: (s.start, s.end))), len(found) - len(kept)


class _Reading:
    """One document being read."""

    def __init__(self, tagger: CueTagger, document: Document) -> None:
        self.document = document
        self.confidence = tagger.confidence
        self.speech = tagger.speech
        self.folded = fold(document.text)
        names = [(m.start, m.end) for m in document.mentions if m.type in _NAMED]
        hits = tagger.lexicon.hits(self.folded, document.tokens, names)
        self.sentences = sentences(document, hits)
        self.holders = Holders(document, tagger.speech, tagger.labels)
        self.targets = Targets(
            document,
            tagger.known,
            tagger.lexicon.words,
            lambda start, end: self.holders.subjects.resolve(start, end),
        )
        self.askers = _askers(document)
        self.first_line = document.blocks[0].end if document.blocks else 0
        said = len(_FIRST_PERSON.findall(self.folded))
        self.first_person = not document.turns and 1000 * said > _OFTEN * len(self.folded)

    def all(self) -> Iterator[Measured]:
        for sentence in self.sentences:
            compared = [
                (c, held)
                for c in comparisons(self.folded, sentence)
                if (held := self.holders.at(c.start, c.end)) is not None
            ]
            for comparison, held in compared:
                yield from self._compared(comparison, held)
            setting = Setting()
            if sentence.heading and sentence.start > self.first_line:
                continue
            for clause in sentence.clauses:
                if compared and _within(clause, compared):
                    pass
                elif clause.hits:
                    yield from self._clause(clause, sentence, setting)
                else:
                    self.targets.note_topic(clause, sentence)
                if clause.hits:
                    setting = setting_after(clause, setting)
            self.targets.leave(sentence)

    def unjudged(self) -> Iterator[Stance]:
        """Yield the clauses that name a known target and have no cue that decides."""
        for sentence in self.sentences:
            for clause in sentence.clauses:
                held = self.holders.at(clause.start, clause.end)
                decided = any(hit.deciding for hit in clause.hits)
                aim = None if decided else self.targets.known_in(clause.start, clause.end)
                if held is not None and aim is not None:
                    yield _record(held, aim, 0, 0.0, clause.start, clause.end, ())

    def _clause(self, clause: Clause, sentence: Sentence, setting: Setting) -> Iterator[Measured]:
        judges = any(hit.judges for hit in clause.hits)
        judgement = judge(self.folded, clause, setting) if judges else None
        if judgement is None or self._introduces(clause, judgement, sentence):
            self.targets.note_topic(clause, sentence)
            return
        core = judgement.decider
        held = self.holders.at(core.start, core.end)
        if held is not None and held.quote is None:
            held = self.holders.at(clause.start, clause.end)
        even = self.targets.even(clause, core)
        verb = self.targets.seen_as(clause, core)
        if judgement.role.kind in _ATTITUDES and even is None:
            verb = core.start
        if held is not None and verb is not None:
            held = self.holders.subject_of(verb, held)
        if held is None:
            return
        find = self._finder(clause, judgement)
        aim = even or find(clause, core, sentence, held.name)
        if aim is None or fold(aim.name) == fold(held.name):
            missing = _NO_OBJECT if judgement.role.kind in _ATTITUDES else _NO_TARGET
            aim = self.targets.claim(clause, sentence)
            if aim is None:
                missing = _UNREADABLE
                aim = self.targets.span(clause.start, clause.end)
            judgement = judgement._replace(strength=judgement.strength + missing)
        yield self._stance(clause, sentence, judgement, held, aim)

    def _finder(
        self, clause: Clause, judged: Judgement
    ) -> Callable[[Clause, Hit, Sentence, str], Aim | None]:
        """Return how the target is found: 谁会买它 asks about its object, as 反对 does."""
        kind = judged.role.kind
        if kind == "claim":
            return self.targets.of_claim
        asked = kind == "rhetorical" and judged.decider.start == clause.start
        return self.targets.of_object if asked or kind in _TRANSITIVE else self.targets.of_subject

    def _introduces(self, clause: Clause, judged: Judgement, sentence: Sentence) -> bool:
        """Tell whether an attitude only leads to the words that follow it: 我相信，…."""
        goes_on = clause.end < sentence.clauses[-1].start
        if judged.role.kind not in _ATTITUDES or judged.decider.end < clause.end or not goes_on:
            return False
        return self.speech.verb.search(fold(judged.decider.text)) is not None

    def _stance(
        self, clause: Clause, sentence: Sentence, judged: Judgement, held: Held, aim: Aim
    ) -> Measured:
        strength = judged.strength
        if held.attribution == "turn" and held.name in self.askers:
            strength += _ASKED
        if judged.role.kind in _EVALUATIONS and _OF_ONESELF.match(self.folded, clause.start):
            strength += _SELF_REPORT
        if _YOURS.match(self.folded, clause.start):
            strength += _SUPPOSED
        if held.quote is not None:
            strength += _REPORTED
        elif held.attribution == "turn" or self.first_person:
            strength += _PERSONAL
        judged = judged._replace(strength=strength)
        features = of_clause(self.folded, clause, sentence, judged, held, aim)
        score = self.confidence.of(features)
        span = (clause.start, clause.end)
        stance = _record(held, aim, judged.polarity, score, *span, judged.cues, judged.flags)
        return stance, features

    def _compared(self, comparison: Comparison, held: Held) -> Iterator[Measured]:
        aims = [self.targets.at(side.start, side.end) for side in comparison.sides]
        if None in aims and comparison.strength < _CERTAIN:
            return
        for side, found in zip(comparison.sides, aims, strict=True):
            aim = found or self.targets.span(side.start, side.end)
            text = self.document.text[side.cue_start : side.cue_end]
            cue = Cue(side.cue_start, side.cue_end, text, side.rule, side.polarity * 0.6)
            features = of_comparison(comparison, side, held, aim)
            span = (side.evidence_start, side.evidence_end)
            score = self.confidence.of(features)
            yield _record(held, aim, side.polarity, score, *span, (cue,)), features


def _record(
    held: Held,
    aim: Aim,
    polarity: int,
    score: float,
    start: int,
    end: int,
    cues: tuple[Cue, ...],
    flags: tuple[str, ...] = (),
) -> Stance:
    return Stance(
        holder=held.name,
        holder_type=held.type,
        target=aim.name,
        polarity=_SIGNS[polarity],
        score=score,
        start=start,
        end=end,
        attribution=held.attribution,
        holder_start=held.start,
        holder_end=held.end,
        target_start=aim.start,
        target_end=aim.end,
        frame=aim.frame,
        cues=cues,
        turn=held.turn,
        quote=held.quote,
        reporter=held.reporter,
        flags=flags + held.flags,
        plugin=NAME,
    )


def merged(stances: Sequence[Stance]) -> list[Stance]:
    """Join neighbouring clauses in which one holder says the same of the same target."""
    result: list[Stance] = []
    for stance in stances:
        last = result[-1] if result else None
        if (
            last is not None
            and _same(last, stance)
            and stance.start - last.end <= 2
            and stance.end - last.start <= _FURTHEST_MERGE
        ):
            result[-1] = replace(
                last,
                end=stance.end,
                score=max(last.score, stance.score),
                cues=last.cues + stance.cues,
                flags=tuple(dict.fromkeys(last.flags + stance.flags)),
            )
        else:
            result.append(stance)
    return result


def _within(clause: Clause, compared: Sequence[tuple[Comparison, Held]]) -> bool:
    """Tell whether a clause is a part of what is compared."""
    return any(c.start < clause.end and clause.start < c.end for c, _ in compared)


def _askers(document: Document) -> frozenset[str]:
    """Return the speakers whose turns are mostly questions: they ask, they do not judge."""
    turns: dict[str, list[bool]] = {}
    for turn in document.turns:
        asks = document.text[turn.start : turn.end].rstrip()[-1:] in ("？", "?")
        turns.setdefault(turn.speaker, []).append(asks)
    return frozenset(s for s, asked in turns.items() if 2 * sum(asked) > len(asked))


def _same(a: Stance, b: Stance) -> bool:
    return (a.holder, a.holder_type, a.target, a.polarity, a.attribution) == (
        b.holder,
        b.holder_type,
        b.target,
        b.polarity,
        b.attribution,
    )


@hookimpl
def lunheng_settings() -> type[CueSettings]:
    """Return the type of the settings."""
    return CueSettings


@hookimpl
def lunheng_requires() -> Sequence[str]:
    """Need the quotes: without them, what others say would count as the author's own words."""
    return ["quotes"]


@hookimpl
def lunheng_stance(settings: CueSettings) -> CueTagger:
    """Make the tagger with the frames and targets of the settings."""
    targets = [target for path in settings.targets for target in load_targets(path)]
    return CueTagger.of(targets, load_frames(settings.frames), settings.threshold)
