"""An embeddable n-gram index of Chinese text: exact for phrases of any length."""

from __future__ import annotations

from lunheng.index.ngram import NgramIndex
from lunheng.index.snapshot import ConcordanceLine, Positions

__all__ = ["ConcordanceLine", "NgramIndex", "Positions"]
