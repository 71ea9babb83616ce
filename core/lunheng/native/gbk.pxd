"""GBK's characters and bytes, and what one byte of a character leaves open."""

from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t

from lunheng.native.bigrams cimport BigramTable


cdef struct Candidate:
    # A character, what it folds to, its number in the model and the score of that.
    uint32_t character
    uint32_t folded
    uint32_t number
    float unigram


cdef class GbkTables:
    cdef uint16_t[:, ::1] characters
    cdef uint16_t[::1] code_of
    cdef int32_t[::1] variant_start
    cdef uint16_t[::1] variant_code
    cdef uint8_t[::1] simplified
    cdef uint32_t[::1] fold


cdef class GbkCandidates:
    cdef GbkTables tables
    cdef BigramTable model
    cdef Candidate* items
    cdef int32_t[257] by_trail
    cdef int32_t[257] by_lead
    cdef int32_t[257] private_by_lead

    cdef Candidate of(self, uint32_t c) noexcept nogil
    cdef int32_t add(self, int32_t n, int lead, int trail) noexcept nogil
