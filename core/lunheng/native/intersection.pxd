"""Where a phrase begins, from the postings of its pairs."""

from libc.stdint cimport uint32_t, uint64_t
from lunheng.native.eliasfano cimport EliasFano

cdef struct Matches:
    uint32_t* positions
    size_t n


cdef struct Pair:
    EliasFano* lists
    uint32_t n_lists
    uint64_t n
    bint used


cdef int intersect(
    Pair* pairs, Py_ssize_t n, uint64_t universe, Matches* matches
) except -1 nogil
cdef int starts_of(const Pair* pair, uint32_t shift, Matches* matches) except -1 nogil
