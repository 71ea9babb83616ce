"""A trie in one hash table: every occurrence of many phrases in one pass over a text."""

from libc.stdint cimport int32_t, uint64_t


cdef struct Slot:
    uint64_t key
    int32_t state


cdef class PhraseMatcher:
    cdef Slot* slots
    cdef uint64_t mask
    cdef int32_t* phrase_of
    cdef int32_t* first
    cdef Py_ssize_t n_states, shortest
    cdef readonly tuple phrases

    cdef int32_t step(self, int32_t state, uint64_t char) noexcept nogil
    cdef int32_t child(self, int32_t state, uint64_t char) noexcept nogil
    cdef Py_ssize_t scan(
        self, int kind, const void* data, Py_ssize_t length, int32_t* out, Py_ssize_t capacity
    ) noexcept nogil
