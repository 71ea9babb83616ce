"""Log probabilities of characters after one another, by binary search in sorted pairs."""

from libc.stdint cimport int32_t, uint32_t


cdef class BigramTable:
    cdef uint32_t[::1] numbers
    cdef float[::1] unigram
    cdef uint32_t[::1] pairs
    cdef float[::1] gain
    cdef int32_t[::1] starts

    cdef float after(self, uint32_t first, uint32_t second) noexcept nogil
