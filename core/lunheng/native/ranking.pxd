"""BM25 over one segment: the best documents, scoring only those that may be among them."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from lunheng.native.eliasfano cimport Cursor, EliasFano
from lunheng.native.intersection cimport Matches
from lunheng.native.segment_reader cimport SegmentReader
from lunheng.native.symbols cimport Phrase


cdef class TermPostings:
    cdef SegmentReader reader
    cdef EliasFano frequent
    cdef bint is_frequent
    cdef uint32_t* documents
    cdef uint32_t* counts
    cdef size_t n
    cdef readonly uint32_t document_frequency

    cdef int take_pair(self, Phrase phrase) except -1 nogil
    cdef int take_all(self, Phrase phrase) except -1 nogil
    cdef int tally(self, Matches* matches) except -1 nogil
    cdef uint32_t only_rare(self) noexcept nogil


cdef struct Term:
    const EliasFano* frequent
    uint32_t shift
    const uint32_t* documents
    const uint32_t* counts
    size_t n
    double weight
    uint32_t[16] gain
    Cursor cursor
    size_t next


cdef struct Best:
    double* scores
    uint32_t* documents
    size_t n
    size_t room
    double least


cdef struct Ranking:
    const uint32_t* starts
    uint32_t n_documents
    Term* terms
    size_t n_terms
    double flat
    double per_length
    double scale
    const uint8_t* admitted
    uint32_t shift
    uint32_t n_windows
    uint32_t* bounds
    uint32_t* counts
    Best best
