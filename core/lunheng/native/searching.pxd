"""BM25 over the segments of an index, for many queries without the GIL."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from lunheng.native.best cimport Best
from lunheng.native.symbols cimport Phrase
from lunheng.native.term_postings cimport TermPostings


cdef struct Hits:
    uint64_t* keys
    double* scores
    size_t n
    size_t room


cdef class Searcher:
    cdef tuple readers
    cdef list masks
    cdef const uint8_t** deleted
    cdef const uint8_t** admitted
    cdef uint32_t n_segments
    cdef double documents, flat, per_length, k1

    cdef int add_hits(
        self, tuple terms, tuple required, size_t room, Hits* hits
    ) except -1 nogil
    cdef int search(self, tuple terms, tuple required, Best* best) except -1 nogil
    cdef double weight(self, double frequency) noexcept nogil
    cdef int open_terms(
        self, tuple terms, uint32_t segment, TermPostings* postings
    ) except -1 nogil
    cdef int rank(
        self,
        uint32_t segment,
        const TermPostings* postings,
        const double* weights,
        size_t n,
        tuple required,
        Best* best,
    ) except -1 nogil
    cdef uint8_t* having(self, uint32_t segment, tuple required) except NULL nogil
    cdef int keep_having(
        self, uint32_t segment, Phrase phrase, uint8_t* has, uint32_t size
    ) except -1 nogil
