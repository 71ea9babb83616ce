"""Segment text into words: score every boundary between units with linear gram weights."""

from libc.stdint cimport int8_t, uint8_t, uint16_t

from lunheng.native.user_words cimport WordTable


cdef struct Workspace
cdef struct Ends


cdef class BoundaryScorer:
    cdef const uint16_t[::1] codes
    cdef const int8_t[:, ::1] characters
    cdef const uint8_t[::1] table
    cdef Py_ssize_t n_lines
    cdef WordTable words
    cdef bint has_words
    cdef int bias
    cdef Py_ssize_t fill(self, Workspace* space, Py_ssize_t length, bint last) noexcept nogil
    cdef void score(self, Workspace* space) noexcept nogil
    cdef void decode(self, Workspace* space) noexcept nogil
    cdef bint segment_into(
        self, Workspace* space, int kind, const void* data, Py_ssize_t length, Ends* ends
    ) noexcept nogil
