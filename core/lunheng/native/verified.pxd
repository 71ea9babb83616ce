"""A mapped file whose blocks are verified where they are touched; shared between threads."""

from libc.stdint cimport uint8_t, uint64_t


cdef class VerifiedFile:
    cdef readonly str path
    cdef const uint8_t[::1] data
    cdef const uint8_t* base
    cdef const uint64_t* sums
    cdef uint8_t* checked
    cdef object checksums
    cdef dict sections
    cdef uint64_t block, body, end

    cdef const uint8_t* section(self, str name) except NULL
    cdef uint64_t size_of(self, str name) except? 0
    cdef uint64_t blocks(self)
    cdef int touch(self, const void* start, uint64_t size) except -1 nogil
    cdef table(self, str name, dtype)
