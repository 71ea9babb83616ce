"""The corpus linguist's bench: a query language and statistics over an n-gram index."""

from __future__ import annotations

from lunheng.corpus.collocates import Collocate, collocates
from lunheng.corpus.dispersion import Dispersion, dispersion
from lunheng.corpus.frequency import Frequency, frequency_list
from lunheng.corpus.keyness import KeyWord, keyness
from lunheng.corpus.matching import Matches, Query
from lunheng.corpus.new_words import NewWord, new_words
from lunheng.corpus.query import QueryError
from lunheng.corpus.trend import PeriodCount, trend
from lunheng.corpus.words import WordTable

__all__ = [
    "Collocate",
    "Dispersion",
    "Frequency",
    "KeyWord",
    "Matches",
    "NewWord",
    "PeriodCount",
    "Query",
    "QueryError",
    "WordTable",
    "collocates",
    "dispersion",
    "frequency_list",
    "keyness",
    "new_words",
    "trend",
]
