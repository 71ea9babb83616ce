"""Maps between the offsets of two texts, kept as runs of characters that both share."""

from libc.stdint cimport int32_t


cdef struct Run:
    # Characters [source, source + length) of one text are [target, target + length) of the other.
    int32_t source
    int32_t target
    int32_t length


cdef class OffsetMap:
    cdef Run* runs
    cdef Py_ssize_t n_runs
    cdef readonly Py_ssize_t source_length
    cdef readonly Py_ssize_t target_length

    cdef void source_span(self, int32_t start, int32_t end, int32_t* span) noexcept nogil
    cdef void target_span(self, int32_t start, int32_t end, int32_t* span) noexcept nogil
