"""Counting n-grams of symbols text by text."""

from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t


cdef struct NumberedKey:
    uint64_t key
    uint64_t number


cdef struct LastEntry:
    uint32_t text
    uint32_t entry


cdef class NgramCounter:
    cdef NumberedKey* keys
    cdef uint64_t mask
    cdef uint32_t used
    cdef uint32_t* prefixes
    cdef Py_ssize_t longest
    cdef LastEntry* last
    cdef uint32_t room
    cdef int32_t* columns
    cdef int32_t* counts
    cdef uint32_t size
    cdef uint32_t capacity

    cdef int make_room_for(self, Py_ssize_t length) except -1 nogil
    cdef int double_keys(self) except -1 nogil
    cdef int double_entries(self) except -1 nogil
    cdef int count_text(
        self,
        uint32_t text,
        const uint32_t* symbols,
        Py_ssize_t length,
        int n_min,
        int n_max,
        bint grow,
    ) except -1 nogil
    cdef int look_up(
        self, const uint32_t* symbols, Py_ssize_t length, Py_ssize_t n, bint grow
    ) except -1 nogil
    cdef int note(self, uint32_t text, Py_ssize_t length) except -1 nogil
