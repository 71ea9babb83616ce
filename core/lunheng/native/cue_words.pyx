# cython: language_level=3, boundscheck=False, wraparound=False
# Unchecked: places are compared with the text's length first, and so are the numbers of words with
# the table of their kinds; no more rows are kept than there are.
"""Which of the words of a lexicon that a text has count as cues."""

import numpy as np

from cpython.mem cimport PyMem_Calloc, PyMem_Free
from libc.stdint cimport int32_t, uint8_t

cdef check(const int32_t[:, ::1] rows, Py_ssize_t length, str what):
    cdef Py_ssize_t i
    for i in range(rows.shape[0]):
        if not 0 <= rows[i, 0] <= rows[i, 1] <= length:
            raise ValueError(f"expected {what} within {length} code points, found one outside")


def counting(
    const int32_t[:, ::1] rows,
    const uint8_t[::1] kinds,
    words,
    Py_ssize_t length,
    const int32_t[:, ::1] taken,
    const int32_t[:, ::1] names,
):
    """Return the rows that count: the longest at each place, none inside another or a name.

    One that leads to others gives way to a longer-reaching one that decides and begins inside it:
    我看 to 看好 in 我看好. A cue of one character must be a word, a longer one must begin or end
    where a word does; without words one of one character must be able to stand alone.

    Args:
        rows: int32 (start, end, number) by start, then by end: places of cues.
        kinds: for each number the bits ``DECIDES``, ``LEADS``, ``BLOCKS`` (it counts for nothing
            and keeps others from counting) and ``STANDS_ALONE``.
        words: int32 of shape (n, 2), the words of the text, or None where nobody cut it.
        length: of the text in code points.
        taken: int32 of shape (n, 2), ascending: places where no cue counts that overlaps them.
        names: int32 of shape (n, 2), by start: names, in which no cue begins.

    Raises:
        ValueError: a place lies outside the text, or a number outside ``kinds``.
    """
    cdef Py_ssize_t n = rows.shape[0], i = 0, j, kept = 0, place = 0, name = 0, out = 0
    cdef int32_t start, end, reached = 0
    cdef uint8_t kind
    cdef bint cut = words is not None
    cdef const int32_t[:, ::1] spans
    check(rows, length, "cues")
    check(taken, length, "taken places")
    check(names, length, "names")
    for i in range(n):
        if not 0 <= rows[i, 2] < kinds.shape[0]:
            raise ValueError(f"expected numbers below {kinds.shape[0]}, found {rows[i, 2]}")
    if cut:
        spans = words
        check(spans, length, "words")
    cdef uint8_t* edges = <uint8_t*>PyMem_Calloc(length + 1, 1)
    if edges is NULL:
        raise MemoryError()
    found = np.empty((n, 3), np.int32)
    cdef int32_t[:, ::1] room = found
    if cut:
        for i in range(spans.shape[0]):
            edges[spans[i, 0]] = 1
            edges[spans[i, 1]] = 1
    i = 0
    while i < n:
        j = i
        while j + 1 < n and rows[j + 1, 0] == rows[i, 0]:
            j += 1
        place = j
        while place >= i:
            start = rows[place, 0]
            end = rows[place, 1]
            kind = kinds[rows[place, 2]]
            place -= 1
            if not cut:
                if end - start == 1 and not kind & STANDS_ALONE:
                    continue
            elif end - start == 1:
                if not (edges[start] and edges[end]):
                    continue
            elif not (edges[start] or edges[end]):
                continue
            if start < reached:
                if (
                    end <= reached
                    or start == room[kept - 1, 0]
                    or not kind & DECIDES
                    or not kinds[room[kept - 1, 2]] & LEADS
                ):
                    continue
                kept -= 1
            reached = end
            room[kept, 0] = start
            room[kept, 1] = end
            room[kept, 2] = rows[place + 1, 2]
            kept += 1
        i = j + 1
    PyMem_Free(edges)
    place = 0
    for i in range(kept):
        start = room[i, 0]
        end = room[i, 1]
        while place < taken.shape[0] and taken[place, 1] <= start:
            place += 1
        if place < taken.shape[0] and taken[place, 0] < end:
            continue
        while name < names.shape[0] and names[name, 0] <= start:
            name += 1
        if name > 0 and start < names[name - 1, 1]:
            continue
        if kinds[room[i, 2]] & BLOCKS:
            continue
        room[out, 0] = start
        room[out, 1] = end
        room[out, 2] = room[i, 2]
        out += 1
    return found[:out].copy()
