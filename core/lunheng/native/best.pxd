"""The best documents found so far: a heap whose worst is on top.

A key is ``segment << 32 | document``; of equal scores the lower keys are kept.
"""

from libc.stdint cimport uint64_t


cdef struct Best:
    double* scores
    uint64_t* keys
    size_t n
    size_t room
    double least


cdef int make_best(Best* best, size_t room) except -1 nogil
cdef void free_best(Best* best) noexcept nogil
cdef void offer(Best* best, double score, uint64_t key) noexcept nogil
cdef void sort_best(Best* best) noexcept nogil
