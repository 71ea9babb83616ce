"""An embeddable n-gram index of Chinese text: exact for phrases of any length."""

from __future__ import annotations

from lunheng.index.ngram import IndexInfo, NgramIndex
from lunheng.index.ranking import Hit
from lunheng.index.snapshot import ConcordanceLine, Positions
from lunheng.index.snippets import Snippet

__all__ = ["ConcordanceLine", "Hit", "IndexInfo", "NgramIndex", "Positions", "Snippet"]
