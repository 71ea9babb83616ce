"""Prefix codes of text: each token in as many bits as its frequency is worth."""

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t

cdef enum:
    LONGEST = 24
    LOOKED_UP = 12
    BLOCK_CODES = 128
    BLOCKS_IN_GROUP = 16


cdef class TextPacker:
    cdef uint32_t[65536] words
    cdef uint8_t[65536] lengths
    cdef uint64_t pending
    cdef int n_pending
    cdef uint64_t bits, n_blocks
    cdef list groups, blocks
    cdef uint64_t group_start


cdef class TextUnpacker:
    cdef uint32_t[4096] table
    cdef uint64_t[26] limit
    cdef int64_t[26] offset
    cdef uint16_t* by_word
    cdef const uint16_t[::1] phrases
    cdef const uint32_t[::1] phrase_starts
    cdef uint32_t n_codes

    cdef void unpack(
        self, const uint8_t* data, uint64_t bit, uint32_t skip, uint64_t n, uint16_t* out
    ) noexcept nogil
