"""The corpus linguist's bench: a query language and statistics over an n-gram index."""

from __future__ import annotations

from lunheng.corpus.matching import Matches, Query
from lunheng.corpus.query import QueryError

__all__ = ["Matches", "Query", "QueryError"]
