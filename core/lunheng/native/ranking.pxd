"""BM25 over one segment: the best documents, scoring only those that may be among them."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from lunheng.native.best cimport Best
from lunheng.native.eliasfano cimport Cursor
from lunheng.native.postings cimport IMPACTS
from lunheng.native.segment_reader cimport SegmentReader
from lunheng.native.term_postings cimport TermPostings


cdef struct Term:
    const TermPostings* postings
    double weight
    double[IMPACTS + 1] gain
    uint32_t shift
    Cursor cursor
    size_t next


cdef struct Ranking:
    const uint32_t* starts
    uint32_t n_documents
    uint64_t segment
    Term* terms
    size_t n_terms
    size_t n_frequent
    double flat
    double per_length
    const uint8_t* admitted
    Best* best


cdef struct Candidates:
    uint32_t* documents
    double* scores
    size_t n


cdef inline double gain_of(
    const Ranking* ranking, double weight, uint32_t count, uint32_t document
) noexcept nogil:
    cdef uint32_t length = ranking.starts[document + 1] - ranking.starts[document] - 1
    return weight * count / (count + (length * ranking.per_length + ranking.flat))


cdef inline bint is_admitted(const Ranking* ranking, uint32_t document) noexcept nogil:
    return ranking.admitted == NULL or ranking.admitted[document]


cdef int rank_segment(
    SegmentReader reader,
    uint32_t number,
    const TermPostings* terms,
    const double* weights,
    size_t n_terms,
    double flat,
    double per_length,
    const uint8_t* admitted,
    Best* best,
) except -1 nogil
