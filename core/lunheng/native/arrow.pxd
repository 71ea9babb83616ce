"""Strings that come in, and lists of words that go out, by Arrow's C data interface.

The structs are those of https://arrow.apache.org/docs/format/CDataInterface.html.
"""

from libc.stdint cimport int64_t


cdef struct ArrowSchema:
    const char* format
    const char* name
    const char* metadata
    int64_t flags
    int64_t n_children
    ArrowSchema** children
    ArrowSchema* dictionary
    void (*release)(ArrowSchema*) noexcept nogil
    void* private_data


cdef struct ArrowArray:
    int64_t length
    int64_t null_count
    int64_t offset
    int64_t n_buffers
    int64_t n_children
    const void** buffers
    ArrowArray** children
    ArrowArray* dictionary
    void (*release)(ArrowArray*) noexcept nogil
    void* private_data


cdef class ArrowStrings:
    cdef ArrowArray array
    cdef readonly object starts
    cdef readonly object valid
    cdef readonly bint binary
    cdef Py_ssize_t size
    cdef int read(self, const char* kind) except -1
