# cython: language_level=3, boundscheck=False, wraparound=False
# Unchecked: regions are compared with the text first; a sentence and a clause have a character each
# at least and a cut begins one clause more, so that no more are written than there is room for.
"""Sentences and the clauses between their commas, as spans."""

import numpy as np

from libc.stdint cimport int32_t
from lunheng.native.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)


cdef Py_ssize_t push(
    int kind, const void* data, Py_ssize_t low, Py_ssize_t high, Py_ssize_t sentence,
    int32_t[:, ::1] out, Py_ssize_t n,
) noexcept nogil:
    """Append what is left of a clause without the marks at its edges, and return how many."""
    while low < high and at_edge(PyUnicode_READ(kind, data, low)):
        low += 1
    while high > low and at_edge(PyUnicode_READ(kind, data, high - 1)):
        high -= 1
    if high > low:
        out[n, 0] = <int32_t>low
        out[n, 1] = <int32_t>high
        out[n, 2] = <int32_t>sentence
        n += 1
    return n


def clauses(str text not None, const int32_t[:, ::1] regions, const int32_t[::1] cuts):
    """Return the sentences of regions of a text, and their clauses.

    A sentence runs to a full stop, question mark, exclamation mark, semicolon or line's end, with
    the marks that close behind it; a clause runs to a comma, colon, dash or ellipsis, or to a cut,
    and leaves out blanks and marks at its edges. Sentences without a clause are left out.

    Args:
        text: any text.
        regions: of shape (n, 2), spans in which sentences are looked for.
        cuts: ascending places where one clause ends and another begins, whatever stands there.

    Returns:
        int32 of shape (sentences, 4): start, end, the number of its region, and whether it has a
        question mark; int32 of shape (clauses, 3): start, end, the number of its sentence. Spans
        are half-open code points.

    Raises:
        ValueError: a region lies outside the text.
    """
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), total = 0, region, i, end, start, low, high
    cdef Py_ssize_t n = 0, m = 0, before, first, cut
    cdef int kind = PyUnicode_KIND(text)
    cdef const void* data = PyUnicode_DATA(text)
    cdef bint asking
    if regions.shape[1] != 2:
        raise ValueError(f"expected regions of shape (n, 2), found (n, {regions.shape[1]})")
    for region in range(regions.shape[0]):
        if not 0 <= regions[region, 0] <= regions[region, 1] <= length:
            raise ValueError(
                f"expected regions within {length} code points, found region {region} "
                f"[{regions[region, 0]}, {regions[region, 1]})"
            )
        total += regions[region, 1] - regions[region, 0]
    found = np.empty((total, 4), np.int32)
    inside = np.empty((total, 3), np.int32)
    cdef int32_t[:, ::1] sentences = found
    cdef int32_t[:, ::1] spans = inside
    with nogil:
        for region in range(regions.shape[0]):
            i = regions[region, 0]
            end = regions[region, 1]
            while i < end:
                start = i
                asking = False
                while i < end and not ends(PyUnicode_READ(kind, data, i)):
                    i += 1
                while i < end and ends(PyUnicode_READ(kind, data, i)):
                    asking = asking or asks(PyUnicode_READ(kind, data, i))
                    i += 1
                while i < end and closes(PyUnicode_READ(kind, data, i)):
                    i += 1
                before = m
                low = start
                while low < i:
                    while low < i and parts(PyUnicode_READ(kind, data, low)):
                        low += 1
                    high = low
                    while high < i and not parts(PyUnicode_READ(kind, data, high)):
                        high += 1
                    first = low
                    cut = first_above(cuts, low)
                    while cut < cuts.shape[0] and cuts[cut] < high:
                        m = push(kind, data, first, cuts[cut], n, spans, m)
                        first = cuts[cut]
                        cut += 1
                    m = push(kind, data, first, high, n, spans, m)
                    low = high
                if m > before:
                    sentences[n, 0] = <int32_t>start
                    sentences[n, 1] = <int32_t>i
                    sentences[n, 2] = <int32_t>region
                    sentences[n, 3] = asking
                    n += 1
    return found[:n].copy(), inside[:m].copy()


cdef inline Py_ssize_t first_above(const int32_t[::1] cuts, Py_ssize_t place) noexcept nogil:
    """Return the number of the first cut behind a place."""
    cdef Py_ssize_t low = 0, high = cuts.shape[0], middle
    while low < high:
        middle = (low + high) // 2
        if cuts[middle] <= place:
            low = middle + 1
        else:
            high = middle
    return low
