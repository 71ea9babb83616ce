"""Rank by frequent terms alone: windows of documents, the highest bound first."""

from libc.stdint cimport uint32_t
from lunheng.native.ranking cimport Candidates, Ranking


cdef struct Windows:
    uint32_t shift
    uint32_t n
    double scale
    uint32_t* bounds
    uint32_t* counts


cdef int score_windows(Ranking* ranking, const Candidates* found) except -1 nogil
