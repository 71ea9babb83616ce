"""Search for what GBK text was before it was decoded one byte off."""

from libc.stdint cimport int8_t, int16_t, int32_t, uint8_t, uint16_t, uint32_t, uint64_t

from lunheng.native.bigrams cimport BigramTable


cdef enum:
    QUOTES = 6
    WIDE = 64
    FARTHEST = 96


cdef struct Reading:
    # The place reached in the damaged text; the half character that awaits its other byte (-1:
    # any byte); the characters read so far, as the last of a chain of nodes.
    int32_t at
    int16_t pending
    bint done
    uint32_t last
    uint32_t before_last
    int32_t node
    int32_t length
    uint64_t hashed
    uint64_t folded
    int8_t[QUOTES] open
    double score


cdef struct Readings:
    Reading* items
    Py_ssize_t n, room


cdef struct Ranking:
    # The best scores so far, from the highest, at most ``room``.
    double[WIDE] scores
    int n, room


cdef struct Node:
    uint32_t character
    int32_t parent


cdef struct Pair:
    uint64_t key
    int32_t count


cdef class GbkTables:
    cdef uint16_t[:, ::1] characters
    cdef uint16_t[::1] code_of
    cdef int32_t[::1] variant_start
    cdef uint16_t[::1] variant_code
    cdef uint8_t[::1] simplified
    cdef uint32_t[::1] fold


cdef class ShiftSearch:
    cdef GbkTables tables
    cdef BigramTable model
    cdef str damaged
    cdef dict sounds
    cdef bint drops, traditional
    cdef int kind
    cdef const void* data
    cdef Py_ssize_t length
    cdef Pair* pairs
    cdef uint64_t mask
    cdef uint8_t[8192] occurs
    cdef uint32_t last, last_number
    cdef int32_t last_seen
    cdef float* row
    cdef uint32_t row_of
    cdef bint spread
    cdef int32_t anchor, followed
    cdef double[FARTHEST] ended
    cdef uint32_t[FARTHEST] ended_with
    cdef Readings beam, grown, finished
    cdef Ranking[2] ranked
    cdef Node* nodes
    cdef Py_ssize_t n_nodes, node_room
    cdef int32_t* slots
    cdef Py_ssize_t n_slots, width

    cdef uint32_t char_at(self, Py_ssize_t i) noexcept nogil
    cdef uint32_t folded(self, uint32_t c) noexcept nogil
    cdef int count_pairs(self) except -1
    cdef Pair* slot(self, uint64_t key) noexcept nogil
    cdef int32_t seen(self, uint64_t key) noexcept nogil
    cdef void look_back(self, const Reading* reading, bint many) noexcept nogil
    cdef void set_row(self, uint32_t number, float factor) noexcept nogil
    cdef void end(self, const Reading* reading) noexcept nogil
    cdef double ended_by(self, int32_t at) noexcept nogil
    cdef double likelihood(self, const Reading* reading, uint32_t c) noexcept nogil
    cdef int append(self, Reading* reading, uint32_t c) except -1
    cdef int extend(
        self, const Reading* old, const uint32_t* candidates, Py_ssize_t n, int32_t at, int16_t pending, bint done, double cost, uint32_t extra
    ) except -1
    cdef double least(self, int16_t pending, bint done, uint32_t extra) noexcept nogil
    cdef void rank(self, int16_t pending, double score) noexcept nogil
    cdef bint known(self, uint32_t c) noexcept nogil
    cdef bint occurring(self, uint32_t folded) noexcept nogil
    cdef int complete(
        self, const Reading* old, int trail, int32_t at, int16_t pending, bint done, double cost, uint32_t extra
    ) except -1
    cdef int grow(self, const Reading* old, int32_t anchor) except -1
    cdef int skip(self, const Reading* old, int32_t at) except -1
    cdef int shift(self, const Reading* old, uint32_t c) except -1
    cdef int shift_bytes(self, const Reading* old, uint16_t code, double cost) except -1
    cdef int drop(self, const Reading* old) except -1
    cdef int end_at_question_mark(self, const Reading* old) except -1
    cdef Py_ssize_t only_sounding(self, uint32_t* candidates, Py_ssize_t n, int32_t at) except -1
    cdef int32_t after_sound(self, int32_t at) noexcept nogil
    cdef int32_t after_bracket(self, int32_t at) noexcept nogil
    cdef int32_t after_tag(self, int32_t at) noexcept nogil
    cdef int advance(self) except -1
    cdef int fresh(self, Reading* reading, str before) except -1
    cdef int keep_han(self) except -1
    cdef object judge(self, Py_ssize_t anchor, str before)
    cdef double following(
        self, uint32_t last, Py_ssize_t i, const double* rest, const uint32_t* first
    ) noexcept nogil
    cdef void look_ahead(
        self, Py_ssize_t anchor, Py_ssize_t reached, double* rest, uint32_t* first
    ) noexcept nogil
    cdef str text_of(self, const Reading* reading)
