"""What one term of a query has in one segment."""

from libc.stdint cimport uint8_t, uint32_t
from lunheng.native.eliasfano cimport Cursor, EliasFano
from lunheng.native.segment_reader cimport SegmentReader
from lunheng.native.symbols cimport Phrase


cdef struct TermPostings:
    EliasFano frequent
    bint is_frequent
    uint32_t* documents
    uint32_t* counts
    size_t n
    uint32_t document_frequency


cdef int open_term(
    SegmentReader reader, Phrase phrase, const uint8_t* deleted, TermPostings* term
) except -1 nogil
cdef void close_term(TermPostings* term) noexcept nogil
cdef void count_between(
    const EliasFano* ef, Cursor* at, const uint32_t* starts, uint32_t n, uint32_t* counts
) noexcept nogil
