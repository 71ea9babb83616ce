"""Words of a text as a list of strings, the frequent ones made once."""

from libc.stdint cimport int32_t, uint64_t


cdef struct Kept:
    uint64_t key        # up to four UTF-16 units, the first one lowest; 0 where free
    void* word


cdef class WordStrings:
    cdef Kept* kept
    cdef list cut(self, str text, const int32_t* ends, Py_ssize_t count)
    cdef object kept_word(self, str text, Py_ssize_t start, Py_ssize_t end, uint64_t key)
