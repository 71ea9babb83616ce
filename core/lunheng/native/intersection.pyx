# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Find where a phrase begins, from the postings of its pairs: the rarest first, the others asked.

Bounds checks are off: positions lie below the universe, and every buffer holds a pair's postings.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from lunheng.native.eliasfano cimport Cursor, contains, decode


cdef Py_ssize_t rarest(const Pair* pairs, Py_ssize_t n) noexcept nogil:
    """Return the unused pair with the fewest postings that brings a character not yet covered.

    A phrase of n pairs has n + 1 characters; a used pair covers its two. Pairs with a document's
    end between them cannot both match, so covering every character is enough.
    """
    cdef Py_ssize_t i, best = -1
    cdef bint left, right
    for i in range(n):
        left = pairs[i].used or (i > 0 and pairs[i - 1].used)
        right = pairs[i].used or (i + 1 < n and pairs[i + 1].used)
        if not (left and right) and (best < 0 or pairs[i].n < pairs[best].n):
            best = i
    return best


cdef int intersect(
    Pair* pairs, Py_ssize_t n, uint64_t universe, Matches* matches
) except -1 nogil:
    cdef Py_ssize_t at = rarest(pairs, n)
    starts_of(pairs + at, <uint32_t>at, matches)
    pairs[at].used = True
    while matches.n:
        at = rarest(pairs, n)
        if at < 0:
            return 0
        keep_matching(pairs + at, <uint32_t>at, universe, matches)
        pairs[at].used = True
    return 0


cdef int starts_of(const Pair* pair, uint32_t shift, Matches* matches) except -1 nogil:
    """Decode the postings of a pair, merge its lists and move them to the phrase's start."""
    cdef uint32_t* merged = <uint32_t*>malloc((pair.n + 1) * sizeof(uint32_t))
    cdef uint32_t* other = NULL
    cdef uint32_t* spare = NULL
    cdef uint64_t n = 0, i, kept = 0
    cdef uint32_t k
    if pair.n_lists > 1:
        other = <uint32_t*>malloc((pair.n + 1) * sizeof(uint32_t))
        spare = <uint32_t*>malloc((pair.n + 1) * sizeof(uint32_t))
    if merged == NULL or (pair.n_lists > 1 and (other == NULL or spare == NULL)):
        free(merged)
        free(other)
        free(spare)
        with gil:
            raise MemoryError
    for k in range(pair.n_lists):
        if k == 0:
            decode(pair.lists, merged)
        else:
            decode(pair.lists + k, other)
            merge_lists(merged, n, other, pair.lists[k].n, spare)
            merged, spare = spare, merged
        n += pair.lists[k].n
    for i in range(n):
        if merged[i] >= shift:
            merged[kept] = merged[i] - shift
            kept += 1
    free(other)
    free(spare)
    matches.positions, matches.n = merged, kept
    return 0


cdef void merge_lists(
    const uint32_t* a, uint64_t n_a, const uint32_t* b, uint64_t n_b, uint32_t* out
) noexcept nogil:
    cdef uint64_t i = 0, j = 0
    while i < n_a or j < n_b:
        if j == n_b or (i < n_a and a[i] < b[j]):
            out[i + j] = a[i]
            i += 1
        else:
            out[i + j] = b[j]
            j += 1


cdef int keep_matching(
    const Pair* pair, uint32_t shift, uint64_t universe, Matches* matches
) except -1 nogil:
    """Keep the starts at which one of the pair's lists has a posting ``shift`` further on."""
    cdef uint8_t* found = <uint8_t*>calloc(matches.n + 1, 1)
    cdef Cursor cursor
    cdef uint64_t i, kept = 0
    cdef uint32_t k
    if found == NULL:
        free(matches.positions)
        matches.positions, matches.n = NULL, 0
        with gil:
            raise MemoryError
    for k in range(pair.n_lists):
        cursor.bit, cursor.bucket = 0, 0
        for i in range(matches.n):
            if <uint64_t>matches.positions[i] + shift >= universe:
                break
            found[i] |= contains(pair.lists + k, &cursor, matches.positions[i] + shift)
    for i in range(matches.n):
        matches.positions[kept] = matches.positions[i]
        kept += found[i]
    free(found)
    matches.n = kept
    return 0
