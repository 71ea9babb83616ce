"""Log probabilities of characters after one another, by binary search in sorted pairs."""

from libc.stdint cimport int32_t, uint32_t, uint64_t

cdef enum:
    PAIR_BITS = 1 << 21


cdef inline uint32_t pair_bit(uint32_t pair) noexcept nogil:
    """The bit of a pair, one of PAIR_BITS."""
    return (pair * <uint32_t>0x9E3779B1) >> 11


cdef class BigramTable:
    cdef uint32_t[::1] numbers
    cdef float[::1] unigram
    cdef uint32_t[::1] pairs
    cdef float[::1] gain
    cdef int32_t[::1] starts
    cdef uint64_t[::1] bits

    cdef bint may_follow(self, uint32_t first, uint32_t second) noexcept nogil
    cdef float after(self, uint32_t first, uint32_t second) noexcept nogil
