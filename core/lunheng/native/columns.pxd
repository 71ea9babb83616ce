"""The code points, types and word hashes of a text: what taggers look at."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t

cdef uint32_t word_hash(
    const uint32_t* points, Py_ssize_t length, const uint64_t* powers
) noexcept nogil
