"""Search for what GBK text was before it was decoded one byte off."""

from libc.stdint cimport int16_t, int32_t, uint16_t, uint32_t, uint64_t

from lunheng.native.bigrams cimport BigramTable
from lunheng.native.gbk cimport Candidate, GbkCandidates, GbkTables
from lunheng.native.own_pairs cimport OwnPairs
from lunheng.native.readings cimport Nodes, Ranking, Reading, Readings
from lunheng.native.scraped cimport Scraped

cdef enum:
    FARTHEST = 96


cdef class ShiftSearch:
    cdef GbkCandidates candidates
    cdef GbkTables tables
    cdef BigramTable model
    cdef OwnPairs own
    cdef str damaged
    cdef dict sounds
    cdef bint drops, traditional
    cdef Scraped text
    cdef uint32_t looked_back, last, last_number
    cdef int32_t last_seen
    cdef uint64_t followers
    cdef int32_t anchor, followed
    cdef double[FARTHEST] ended
    cdef uint32_t[FARTHEST] ended_with
    cdef Readings beam, grown, finished
    cdef Ranking[2] ranked
    cdef Nodes nodes
    cdef Py_ssize_t width

    cdef uint32_t folded(self, uint32_t c) noexcept nogil
    cdef int look_back(self, uint32_t last) except -1
    cdef double ended_by(self, int32_t at) noexcept nogil
    cdef bint unlikely(
        self, const Reading* reading, const Candidate* candidate, double least
    ) noexcept nogil
    cdef double likelihood(self, const Reading* reading, const Candidate* candidate) noexcept nogil
    cdef int extend(
        self, const Reading* old, const Candidate* candidates, Py_ssize_t n, int32_t at,
        int16_t pending, bint done, double cost, uint32_t extra
    ) except -1
    cdef int finish(self, const Reading* reading) except -1
    cdef double least(self, int16_t pending, bint done, uint32_t extra) noexcept nogil
    cdef int complete(
        self, const Reading* old, int trail, int32_t at, int16_t pending, bint done, double cost,
        uint32_t extra
    ) except -1
    cdef int grow(self, const Reading* old) except -1
    cdef int skip(self, const Reading* old, int32_t at) except -1
    cdef int shift(self, const Reading* old, uint32_t c) except -1
    cdef int shift_bytes(self, const Reading* old, uint16_t code, double cost) except -1
    cdef int drop(self, const Reading* old) except -1
    cdef int end_at_question_mark(self, const Reading* old) except -1
    cdef Py_ssize_t only_sounding(
        self, const Candidate* candidates, Py_ssize_t n, int32_t at, Candidate* kept
    ) except -1
    cdef int advance(self) except -1
    cdef int keep_han(self) except -1
    cdef object judge(self, str before)
    cdef double following(
        self, uint32_t last, Py_ssize_t i, const double* rest, const uint32_t* first
    ) noexcept nogil
    cdef void look_ahead(
        self, Py_ssize_t reached, double* rest, uint32_t* first
    ) noexcept nogil
