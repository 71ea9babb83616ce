"""Counting n-grams by extending frequent shorter ones."""

from libc.stdint cimport uint16_t, uint32_t, uint64_t


cdef class Tally:
    cdef uint64_t* keys
    cdef uint32_t* numbers
    cdef uint64_t mask
    cdef uint64_t[1024] filter
    cdef readonly uint64_t used

    cdef uint64_t slot(self, uint64_t key) noexcept nogil
    cdef int add(self, uint64_t key, uint32_t number) except -1 nogil
    cdef int grow(self) except -1 nogil
    cdef frequent(self, uint32_t least)


cdef class Extension:
    cdef list levels
    cdef Tally counts

    cdef int count_from(
        self,
        const uint16_t* codes,
        Py_ssize_t starts,
        const uint32_t* symbol_of,
        void** levels,
        Py_ssize_t depth,
    ) except -1 nogil
