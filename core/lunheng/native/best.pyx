# cython: language_level=3, boundscheck=False, wraparound=False
"""Keep the best documents of a search; ``least`` is what a score must reach to be among them.

Bounds checks are off: heap places lie below ``room``.
"""

from libc.stdint cimport uint64_t
from libc.stdlib cimport free, malloc


cdef int make_best(Best* best, size_t room) except -1 nogil:
    """Make an empty heap; scores must be above 0."""
    best.n, best.room, best.least = 0, room, 0
    best.scores = <double*>malloc((room + 1) * sizeof(double))
    best.keys = <uint64_t*>malloc((room + 1) * sizeof(uint64_t))
    if best.scores == NULL or best.keys == NULL:
        free_best(best)
        with gil:
            raise MemoryError
    return 0


cdef void free_best(Best* best) noexcept nogil:
    free(best.scores)
    free(best.keys)
    best.scores, best.keys = NULL, NULL


cdef inline bint worse(const Best* best, size_t a, size_t b) noexcept nogil:
    return best.scores[a] < best.scores[b] or (
        best.scores[a] == best.scores[b] and best.keys[a] > best.keys[b]
    )


cdef inline void swap(Best* best, size_t a, size_t b) noexcept nogil:
    best.scores[a], best.scores[b] = best.scores[b], best.scores[a]
    best.keys[a], best.keys[b] = best.keys[b], best.keys[a]


cdef void sink(Best* best, size_t n) noexcept nogil:
    """Let the first of ``n`` sink to its place."""
    cdef size_t at = 0, child
    while 2 * at + 1 < n:
        child = 2 * at + 1
        if child + 1 < n and worse(best, child + 1, child):
            child += 1
        if not worse(best, child, at):
            return
        swap(best, at, child)
        at = child


cdef void offer(Best* best, double score, uint64_t key) noexcept nogil:
    """Keep a document if there is room or it is better than the worst."""
    cdef size_t at = best.n
    if score <= 0:
        return
    if best.n < best.room:
        best.scores[at], best.keys[at] = score, key
        best.n += 1
        while at and worse(best, at, (at - 1) // 2):
            swap(best, at, (at - 1) // 2)
            at = (at - 1) // 2
    elif score > best.scores[0] or (score == best.scores[0] and key < best.keys[0]):
        best.scores[0], best.keys[0] = score, key
        sink(best, best.n)
    if best.n == best.room:
        best.least = best.scores[0]


cdef void sort_best(Best* best) noexcept nogil:
    """Put the documents in order, the best first; nothing may be offered any more."""
    cdef size_t n = best.n
    while n > 1:
        n -= 1
        swap(best, 0, n)
        sink(best, n)
