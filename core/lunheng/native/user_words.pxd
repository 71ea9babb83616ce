"""Find a user's words in text: heavier first, then longer, then earlier."""

from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t, uint64_t


cdef struct Match:
    double weight
    int32_t first           # units from `first` to before `last`
    int32_t last
    int32_t word


cdef enum Forced:
    FREE = 0
    SPLIT = 1
    JOIN = 2


cdef class WordTable:
    cdef const uint32_t[::1] fold
    cdef readonly Py_ssize_t size
    cdef uint32_t* points       # all words, folded, one after the other
    cdef Py_ssize_t* offsets
    cdef double* weights
    cdef uint32_t* splits       # bit k: a boundary after k code points
    cdef int32_t* slots         # hash table of word numbers, -1 where free
    cdef uint32_t* lengths      # lengths of the words that begin with a hashed code point or two
    cdef uint64_t slot_mask
    cdef uint64_t length_mask
    cdef int32_t look_up(self, const uint32_t* folded, Py_ssize_t length, uint64_t mix) noexcept nogil
    cdef bint best_at(
        self, const uint32_t* points, const uint16_t* ids, const int32_t* starts,
        const uint8_t* taken, Py_ssize_t unit, Py_ssize_t last, Match* best
    ) noexcept nogil
    cdef bint find(
        self, const uint32_t* points, const uint16_t* ids, const int32_t* starts,
        Py_ssize_t last, uint8_t* forced
    ) noexcept nogil
    cdef void force(
        self, const Match* match, const int32_t* starts, uint8_t* taken, uint8_t* forced
    ) noexcept nogil
