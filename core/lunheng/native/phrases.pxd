"""Frequent sequences of a text's codes as tokens of their own, for the compact layout."""

from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t


cdef class PhraseParser:
    cdef uint32_t* keys
    cdef uint16_t* tokens
    cdef uint32_t mask
    cdef readonly uint32_t n_codes

    cdef uint16_t joined(self, uint16_t left, uint16_t right) noexcept nogil
    cdef Py_ssize_t parse_block(
        self, const uint16_t* codes, Py_ssize_t n, uint16_t* out
    ) noexcept nogil
