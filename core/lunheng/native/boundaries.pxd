"""Score every boundary between units with linear gram weights, and choose the likeliest together."""

from libc.stdint cimport int8_t, int16_t, int32_t, uint8_t, uint16_t, uint32_t

from lunheng.native.user_words cimport Dictionary, Matches


cdef enum:
    BLOCK = 4096        # code points that are segmented at once


cdef struct Workspace:
    Py_ssize_t capacity
    Py_ssize_t count        # units, from 1
    uint32_t* points        # the memory begins here
    uint16_t* ids           # padded: one edge before, two and more after
    int32_t* starts
    int16_t* boundary
    int16_t* pair
    uint8_t* back
    uint8_t* forced         # what the user's words force before each unit
    Matches obeyed          # the user's words of the last block


cdef size_t workspace_size(Py_ssize_t capacity) noexcept nogil
cdef void place(Workspace* space, void* memory, Py_ssize_t capacity) noexcept nogil
cdef bint allocate(Workspace* space, Py_ssize_t capacity) noexcept nogil
cdef void release(Workspace* space) noexcept nogil


cdef class BoundaryScorer:
    cdef const uint16_t[::1] codes
    cdef const int8_t[:, ::1] characters
    cdef const uint8_t[::1] table
    cdef Py_ssize_t n_lines
    cdef Dictionary words
    cdef tuple owners           # of what the words point into
    cdef int bias
    cdef Py_ssize_t fill(self, Workspace* space, Py_ssize_t length, bint last) noexcept nogil
    cdef void score(self, Workspace* space) noexcept nogil
    cdef void decode(self, Workspace* space) noexcept nogil
    cdef Py_ssize_t segment(
        self, Workspace* space, Py_ssize_t length, bint last
    ) noexcept nogil
    cdef Py_ssize_t collect(self, Workspace* space) noexcept nogil
