"""The built-in word segmenter and part-of-speech tagger as a stage."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lunheng.hookspecs import hookimpl
from lunheng.protocols import TaggingTokenizerStage
from lunheng.tagging import Tagger, default_tagger
from lunheng.tokenize import Tokenizer


@dataclass(frozen=True, slots=True)
class LinearSettings:
    """Settings of the segmenter.

    Attributes:
        model: a model file, or "" for the model that comes with Lunheng.
        words: a file of words that are obeyed (a line a word), or "".
    """

    model: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class LinearStage:
    """Cuts a text into words and tells their parts of speech."""

    tokenizer: Tokenizer
    tagger: Tagger

    def spans(self, text: str) -> NDArray[np.int32]:
        """Return the words of a text."""
        return self.tokenizer.spans(text)

    def tags(self, text: str, tokens: NDArray[np.int32]) -> tuple[str, ...]:
        """Return the Universal part of speech of every word."""
        return self.tagger.tags(text, tokens)


@hookimpl
def lunheng_settings() -> type[LinearSettings]:
    """Return the segmenter's settings."""
    return LinearSettings


@hookimpl
def lunheng_tokenizers(settings: LinearSettings) -> TaggingTokenizerStage:
    """Make the segmenter and its tagger."""
    words = Path(settings.words) if settings.words else ()
    return LinearStage(Tokenizer(settings.model or None, words), default_tagger())
