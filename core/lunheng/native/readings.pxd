"""Readings of a torn run: what it may have been up to a place, and the best of them."""

from cpython.mem cimport PyMem_RawRealloc
from libc.stdint cimport int8_t, int16_t, int32_t, uint32_t, uint64_t

cdef enum:
    QUOTES = 6
    WIDE = 64


cdef struct Reading:
    # The place reached in the damaged text; the half character that awaits its other byte (-1:
    # any byte); the characters read so far, as the last of a chain of nodes.
    int32_t at
    int16_t pending
    bint done
    uint32_t last
    uint32_t before_last
    int32_t node
    int32_t length
    uint64_t hashed
    uint64_t folded
    int8_t[QUOTES] open
    double score


cdef struct Readings:
    Reading* items
    Py_ssize_t n, room


cdef struct Ranking:
    # The best scores so far, from the highest, at most ``room``.
    double[WIDE] scores
    int n, room


cdef struct Node:
    uint32_t character
    int32_t parent


cdef struct Nodes:
    Node* items
    Py_ssize_t n, room


cdef inline uint64_t mix(uint64_t hashed, uint64_t value) noexcept nogil:
    hashed = (hashed ^ value) * <uint64_t>0x9E3779B97F4A7C15
    return hashed ^ (hashed >> 29)


cdef inline int quote_of(uint32_t c, bint* closes) noexcept nogil:
    """The kind of mark in “”‘’「」『』《》（）, -1 for none."""
    if c < 0x2018 or c > 0xFF09 or 0x3010 < c < 0xFF08:
        return -1
    closes[0] = c & 1
    if c == 0x2018 or c == 0x2019:
        return 0
    if c == 0x201C or c == 0x201D:
        return 1
    if c == 0x300C or c == 0x300D:
        return 2
    if c == 0x300E or c == 0x300F:
        return 3
    if c == 0x300A or c == 0x300B:
        return 4
    if c == 0xFF08 or c == 0xFF09:
        return 5
    return -1


cdef inline void rank(Ranking* ranking, double score) noexcept nogil:
    """Note a score if it is among the best."""
    cdef int i = ranking.n
    if ranking.n < ranking.room:
        ranking.n += 1
    elif score <= ranking.scores[ranking.n - 1]:
        return
    else:
        i -= 1
    while i > 0 and ranking.scores[i - 1] < score:
        ranking.scores[i] = ranking.scores[i - 1]
        i -= 1
    ranking.scores[i] = score


cdef inline bint same(const Reading* left, const Reading* right) noexcept nogil:
    """Whether two readings are of the same text at the same place."""
    return (
        left.hashed == right.hashed and left.at == right.at and left.pending == right.pending
        and left.length == right.length
    )


cdef inline bint precedes(const Reading* left, const Reading* right) noexcept nogil:
    """Whether a reading is better; of two that are alike one always is."""
    return left.score > right.score or (
        left.score == right.score and left.hashed < right.hashed
    )


cdef inline int push(Readings* readings, const Reading* reading) except -1 nogil:
    """Append a reading to an array."""
    cdef Py_ssize_t room
    cdef Reading* items
    if readings.n == readings.room:
        room = 2 * readings.room + 256
        items = <Reading*>PyMem_RawRealloc(readings.items, room * sizeof(Reading))
        if items == NULL:
            with gil:
                raise MemoryError
        readings.items = items
        readings.room = room
    readings.items[readings.n] = reading[0]
    readings.n += 1
    return 0


cdef int append(Nodes* nodes, Reading* reading, uint32_t c, uint32_t folded) except -1
cdef Reading fresh(str line)
cdef str text_of(const Nodes* nodes, const Reading* reading)
