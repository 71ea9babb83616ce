"""The trained stance tagger: a linear model judges what the cues and targets propose."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lunheng.documents import Cue, Document, Stance
from lunheng.errors import ConfigError
from lunheng.frames import Frame, Target, load_frames, load_targets, shipped_frames
from lunheng.hookspecs import hookimpl
from lunheng.opinion import LABELS, OpinionFeatures, OpinionModel
from lunheng_plugins.stance.cues import CueTagger, merged

NAME = "linear"
_AROUND = 60
_SENTENCE_ENDS = "。！？!?；;\n"


@dataclass(frozen=True, slots=True)
class LinearSettings:
    """Settings of the tagger.

    ``model`` is a file made by ``lunheng train stance``. ``frames`` and ``targets`` are as for
    ``cues``. A stance is asserted when its score reaches ``threshold`` (None: the model's own).
    ``cues`` is how much the cue words count beside the model, from 0 to 1.
    """

    model: str = ""
    frames: tuple[str, ...] = field(default_factory=shipped_frames)
    targets: tuple[str, ...] = ()
    threshold: float | None = None
    cues: float = 0.5


@dataclass(frozen=True, slots=True)
class LinearTagger:
    """Judges every holder and target that the cue tagger proposes, asserted there or not.

    Also judged are clauses that name one of the analyst's targets or poles without any cue.
    """

    proposer: CueTagger
    model: OpinionModel
    threshold: float
    cue_share: float
    features: OpinionFeatures = field(default_factory=OpinionFeatures)

    @classmethod
    def of(
        cls,
        model: OpinionModel,
        targets: Iterable[Target] = (),
        frames: Iterable[Frame] = (),
        threshold: float | None = None,
        cue_share: float = 0.5,
    ) -> LinearTagger:
        """Make a tagger for targets and frames; the model's own threshold when None."""
        threshold = model.threshold if threshold is None else threshold
        return cls(CueTagger.of(targets, frames, threshold=0.0), model, threshold, cue_share)

    def stances(self, document: Document) -> tuple[Sequence[Stance], int]:
        """Return stances in ascending order of their evidence, and how many were abstained from."""
        proposed = [*self.proposer.proposed(document), *self.proposer.unjudged(document)]
        judged = list(self._judged(document, proposed))
        kept = [s for s in judged if s.score >= self.threshold]
        return merged(sorted(kept, key=lambda s: (s.start, s.end))), len(judged) - len(kept)

    def _judged(self, document: Document, proposed: Sequence[Stance]) -> Iterator[Stance]:
        examples = [self.features.of(_context(document, s), s.target) for s in proposed]
        for stance, chances in zip(proposed, self.model.probabilities(examples), strict=True):
            weighed = [
                self._weighed(stance, label, float(chance))
                for label, chance in zip(LABELS, chances, strict=True)
            ]
            best = max(range(len(LABELS)), key=weighed.__getitem__)
            if LABELS[best] == "neutral" and not (stance.cues and stance.polarity == "neutral"):
                continue
            rule = Cue(
                stance.start,
                stance.end,
                document.text[stance.start : stance.end],
                f"linear: {LABELS[best]}",
                round(float(chances[best]), 3),
            )
            yield replace(
                stance,
                polarity=LABELS[best],
                score=round(weighed[best], 3),
                cues=(*stance.cues, rule),
                plugin=NAME,
            )

    def _weighed(self, stance: Stance, label: str, chance: float) -> float:
        """Return the probability of a label by the model and the cues, their odds multiplied."""
        if not stance.cues:
            return chance
        by_cues = stance.score if label == stance.polarity else (1 - stance.score) / 2
        odds = (1 - self.cue_share) * _logit(chance) + self.cue_share * _logit(by_cues)
        return 1 / (1 + math.exp(-odds))


def _logit(chance: float) -> float:
    chance = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(chance / (1 - chance))


def _context(document: Document, stance: Stance) -> str:
    """Return the sentence around the evidence, as far as it is near."""
    text = document.text
    start, end = stance.start, stance.end
    while start > max(0, stance.start - _AROUND) and text[start - 1] not in _SENTENCE_ENDS:
        start -= 1
    while end < min(len(text), stance.end + _AROUND) and text[end] not in _SENTENCE_ENDS:
        end += 1
    return text[start:end]


@hookimpl
def lunheng_requires() -> Sequence[str]:
    """Need the quotes: without them, what others say would count as the author's own words."""
    return ["quotes"]


@hookimpl
def lunheng_settings() -> type[LinearSettings]:
    """Return the type of the settings."""
    return LinearSettings


@hookimpl
def lunheng_stance(settings: LinearSettings) -> LinearTagger:
    """Make the tagger with the model, frames and targets of the settings."""
    if not settings.model:
        raise ConfigError(
            "plugins.stance.linear.model: expected the file of a model, found none; make one with "
            "`lunheng train stance`"
        )
    targets = [target for path in settings.targets for target in load_targets(path)]
    return LinearTagger.of(
        OpinionModel.load(settings.model),
        targets,
        load_frames(settings.frames),
        settings.threshold,
        settings.cues,
    )
