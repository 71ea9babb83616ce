"""A trainable linear model of stance, and what reading opinions by their words is built on."""

from lunheng.native.chunking import PhraseCutter, WordClass, WordClasses
from lunheng.native.cue_words import CueKind
from lunheng.native.cue_words import counting as counting_cues
from lunheng.opinion.features import OpinionFeatures
from lunheng.opinion.model import LABELS, OpinionModel

__all__ = [
    "LABELS",
    "CueKind",
    "OpinionFeatures",
    "OpinionModel",
    "PhraseCutter",
    "WordClass",
    "WordClasses",
    "counting_cues",
]
