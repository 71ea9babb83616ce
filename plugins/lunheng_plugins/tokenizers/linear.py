"""The built-in word segmenter as a stage."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lunheng.hookspecs import hookimpl
from lunheng.protocols import TokenizerStage
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


@hookimpl
def lunheng_settings() -> type[LinearSettings]:
    """Return the segmenter's settings."""
    return LinearSettings


@hookimpl
def lunheng_tokenizers(settings: LinearSettings) -> TokenizerStage:
    """Make the segmenter."""
    return Tokenizer(settings.model or None, Path(settings.words) if settings.words else ())
