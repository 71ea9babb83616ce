"""Maps between the offsets of two texts, kept as runs of characters that both share."""

from libc.stdint cimport int32_t


cdef enum:
    SOURCE = 0
    TARGET = 1


cdef struct Run:
    # Characters [at[SOURCE], at[SOURCE] + length) of the source are [at[TARGET], …) of the target.
    int32_t[2] at
    int32_t length


cdef class OffsetMap:
    cdef Run* runs
    cdef Py_ssize_t n_runs
    cdef Py_ssize_t[2] lengths

    cdef void cross(self, int side, int32_t start, int32_t end, int32_t* span) noexcept nogil
    cdef tuple cross_many(self, int side, starts, ends)
