"""Label positions: hashed features, rows of small integer weights, the likeliest chain."""

from libc.stdint cimport int8_t, int32_t, uint8_t, uint32_t


cdef struct Templates:
    const int32_t* parts        # (column, offset) of every part
    const int32_t* ends         # where the parts of each template end
    Py_ssize_t count

cdef void hash_position(
    const Templates* templates, const uint32_t* const* columns, Py_ssize_t length,
    Py_ssize_t at, uint32_t* out
) noexcept nogil


cdef class LabelScorer:
    cdef const int32_t[:, ::1] parts
    cdef const int32_t[::1] ends
    cdef const uint32_t[::1] keys       # buckets of four features; row i + 1 is that of place i
    cdef const int8_t[:, ::1] rows
    cdef const float[:, ::1] bonds      # the bigrams, in rows as wide as those of features
    cdef const float[:, ::1] leading    # those between labels, by the second
    cdef readonly Py_ssize_t n_labels
    cdef void look_up(
        self, const uint32_t* const* columns, Py_ssize_t length, Py_ssize_t base,
        Py_ssize_t count, uint32_t* found
    ) noexcept nogil
    cdef void begin(self, const float* emitted, float* scores) noexcept nogil
    cdef void extend(
        self, const float* emitted, const float* before, float* scores
    ) noexcept nogil
    cdef bint decode(
        self, const uint32_t* const* columns, Py_ssize_t length, uint8_t* labels
    ) noexcept nogil
