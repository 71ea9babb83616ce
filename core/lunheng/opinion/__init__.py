"""A trainable linear model of stance: text and target in, favor, against or neutral out."""

from lunheng.opinion.features import OpinionFeatures
from lunheng.opinion.model import LABELS, OpinionModel

__all__ = ["LABELS", "OpinionFeatures", "OpinionModel"]
