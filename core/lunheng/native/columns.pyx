# cython: boundscheck=False, wraparound=False
# Bounds: a code point is below CODE_POINTS and so inside the map, its type is read from a table of
# 65,536; spans are checked to adjoin and to cover the text before anything is written.
"""The code points, types and word hashes of a text: what taggers look at."""

import numpy as np

from libc.stdint cimport int32_t, uint8_t, uint32_t, uint64_t

from lunheng.native.codepoints cimport CodePointMap
from lunheng.native.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)

cdef enum:
    BASIC = 0x10000
    FIRST_ASTRAL_HAN = 0x20000
    HAN = 3
    OTHER = 10
    EDGE = 1
    ALONE = 2       # places of characters in their words
    FIRST = 3
    INSIDE = 4
    LAST = 5
    ROWS = 7        # character, type, place, word, word before, word after, class

cdef uint64_t ODD = 0xD6E8FEB86659FD93


def read_points(str text not None, CodePointMap folding not None, const uint8_t[::1] types not None):
    """Return the folded, lower-cased code points of a text, and the types of the folded ones.

    ``types`` has one type a code point of the basic plane. Arrays of uint32 and uint8.
    """
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), i
    cdef int kind = PyUnicode_KIND(text)
    cdef const void* data = PyUnicode_DATA(text)
    cdef uint32_t c
    if types.shape[0] != BASIC:
        raise ValueError(f"expected the types of {BASIC} code points, found {types.shape[0]}")
    points, found = np.empty(length, np.uint32), np.empty(length, np.uint8)
    cdef uint32_t[::1] point_at = points
    cdef uint8_t[::1] type_at = found
    for i in range(length):
        c = folding.at(PyUnicode_READ(kind, data, i))
        if c < BASIC:
            type_at[i] = types[c]
        else:
            type_at[i] = OTHER if c < FIRST_ASTRAL_HAN else HAN
        point_at[i] = c + 32 if 0x41 <= c <= 0x5A else c
    return points, found


cdef uint32_t word_hash(
    const uint32_t* points, Py_ssize_t length, const uint64_t* powers
) noexcept nogil:
    """Return the hash of a word, never 0 or 1."""
    cdef uint64_t total = 0
    cdef Py_ssize_t i
    for i in range(length):
        total += (<uint64_t>points[i] + 1) * powers[i if i < BASIC else BASIC - 1]
    total ^= total >> 32
    total = (total * ODD) >> 32
    return <uint32_t>total if total > 2 else 2


def word_hashes(
    const uint32_t[::1] points not None, const int32_t[:, ::1] spans not None,
    const uint64_t[::1] powers not None,
):
    """Return a uint32 hash of every word of a text, never 0 or 1.

    Raises:
        ValueError: a word lies outside the text.
    """
    cdef Py_ssize_t n = spans.shape[0], i
    if powers.shape[0] != BASIC or (n and spans.shape[1] != 2):
        raise ValueError(f"expected {BASIC} powers and spans of two columns")
    hashes = np.empty(n, np.uint32)
    cdef uint32_t[::1] out = hashes
    for i in range(n):
        if not 0 <= spans[i, 0] < spans[i, 1] <= points.shape[0]:
            raise ValueError(f"word {i} lies outside the text of {points.shape[0]} code points")
        out[i] = word_hash(&points[spans[i, 0]], spans[i, 1] - spans[i, 0], &powers[0])
    return hashes


def character_columns(
    const uint32_t[::1] points not None, const uint8_t[::1] types not None,
    const int32_t[:, ::1] spans not None, const uint32_t[::1] words not None,
):
    """Return the columns of the characters of a text but their classes, which stay 0.

    ``words`` are the hashes of the words at ``spans``, which adjoin. The shape is
    (columns, characters).

    Raises:
        ValueError: the words do not adjoin, or leave characters out.
    """
    cdef Py_ssize_t n = points.shape[0], n_words = spans.shape[0], i, k, at = 0, end
    cdef uint32_t before, after
    if types.shape[0] != n or words.shape[0] != n_words or (n_words and spans.shape[1] != 2):
        raise ValueError(f"expected {n} types, and a hash for each of {n_words} words")
    columns = np.zeros((<Py_ssize_t>ROWS, n), np.uint32)
    cdef uint32_t[:, ::1] out = columns
    for i in range(n_words):
        end = spans[i, 1]
        if spans[i, 0] != at or not at < end <= n:
            raise ValueError(f"word {i} does not adjoin the one before")
        before = words[i - 1] if i else <uint32_t>EDGE
        after = words[i + 1] if i + 1 < n_words else <uint32_t>EDGE
        for k in range(at, end):
            out[0, k] = points[k] + 2
            out[1, k] = types[k]
            out[2, k] = INSIDE
            out[3, k] = words[i]
            out[4, k] = before
            out[5, k] = after
        out[2, end - 1] = LAST
        out[2, at] = FIRST if end - at > 1 else <uint32_t>ALONE
        at = end
    if at != n:
        raise ValueError(f"the words cover {at} of {n} code points")
    return columns
