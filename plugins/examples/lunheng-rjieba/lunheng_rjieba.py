"""A word segmenter that wraps rjieba."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
import rjieba
from numpy.typing import NDArray

from lunheng import hookimpl


@dataclass(frozen=True, slots=True)
class Settings:
    """What users may set in [plugins.rjieba]."""

    hmm: bool = True


class RjiebaTokenizer:
    """Cuts a text into words; white space is no word."""

    def __init__(self, hmm: bool) -> None:
        self.hmm = hmm

    def spans(self, text: str) -> NDArray[np.int32]:
        """Return words as half-open code points, ascending, of shape (n, 2)."""
        words = rjieba.cut(text, self.hmm)
        bounds = pairwise(accumulate(map(len, words), initial=0))
        spans = [span for span, word in zip(bounds, words, strict=True) if not word.isspace()]
        return np.array(spans, dtype=np.int32).reshape(-1, 2)


@hookimpl
def lunheng_settings() -> type[Settings]:
    """Return the type of the settings."""
    return Settings


@hookimpl
def lunheng_tokenizers(settings: Settings) -> RjiebaTokenizer:
    """Make the segmenter."""
    return RjiebaTokenizer(settings.hmm)
