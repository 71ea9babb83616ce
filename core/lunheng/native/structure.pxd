"""Lines and quote-aware sentences of a text, as spans."""

from libc.stdint cimport int32_t


cdef struct Chars:
    int kind
    const void* data
    Py_ssize_t length


cdef struct Spans:
    int32_t* values
    Py_ssize_t n, room
