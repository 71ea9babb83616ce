"""An embeddable n-gram index of Chinese text: exact for phrases of any length."""

from __future__ import annotations

from lunheng.index.many import DocumentLists, PositionLists
from lunheng.index.ngram import NgramIndex
from lunheng.index.ranking import Hit
from lunheng.index.shards import ShardedView
from lunheng.index.snapshot import ConcordanceLine, Positions
from lunheng.index.snippets import Snippet
from lunheng.index.view import IndexInfo, IndexView

__all__ = [
    "ConcordanceLine",
    "DocumentLists",
    "Hit",
    "IndexInfo",
    "IndexView",
    "NgramIndex",
    "PositionLists",
    "Positions",
    "ShardedView",
    "Snippet",
]
