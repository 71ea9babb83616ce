# cython: language_level=3, boundscheck=False, wraparound=False
# Bounds: a position runs from 0 to the length of the text, and every array has one entry a
# character; look-ahead and look-behind are compared with the ends of the line first.
"""Lines and quote-aware sentences of a text, as spans."""

import numpy as np

from cpython.mem cimport PyMem_RawFree, PyMem_RawMalloc, PyMem_RawRealloc
from libc.stdint cimport int32_t, uint32_t
from lunheng.native.codepoints cimport is_han, is_newline, is_space
from lunheng.native.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)

# A quotation longer than this is cut into its sentences like any other text.
cdef enum:
    LONGEST_QUOTATION = 300
    KINDS = 9


cdef inline uint32_t at(const Chars* text, Py_ssize_t i) noexcept nogil:
    return PyUnicode_READ(text.kind, text.data, i)


cdef inline int pair_of(uint32_t c, bint* opens) noexcept nogil:
    """The kind of quotation mark or bracket that c is, -1 for none; opens says which half."""
    if c == 0x22:
        opens[0] = True
        return 0
    if c < 0x2018 or (0x201D < c < 0x300A) or (c > 0x300F and c != 0xFF08 and c != 0xFF09):
        if c == 0x28 or c == 0x29:
            opens[0] = c == 0x28
            return 8
        return -1
    if c == 0x201C or c == 0x201D:
        opens[0] = c == 0x201C
        return 1
    if c == 0x2018 or c == 0x2019:
        opens[0] = c == 0x2018
        return 2
    if c == 0x300C or c == 0x300D:
        opens[0] = c == 0x300C
        return 3
    if c == 0x300E or c == 0x300F:
        opens[0] = c == 0x300E
        return 4
    if c == 0x300A or c == 0x300B:
        opens[0] = c == 0x300A
        return 5
    if c == 0xFF08 or c == 0xFF09:
        opens[0] = c == 0xFF08
        return 6
    return -1


cdef inline bint is_full_stop(uint32_t c) noexcept nogil:
    """Whether c ends sentences wherever it stands: 。！？｡ and the ellipsis."""
    return c == 0x3002 or c == 0xFF01 or c == 0xFF1F or c == 0xFF61 or c == 0x2026


cdef inline bint is_stop(uint32_t c) noexcept nogil:
    """Whether c may end a sentence."""
    return is_full_stop(c) or c == 0x21 or c == 0x3F or c == 0x2E


cdef inline bint is_closing_quote(uint32_t c) noexcept nogil:
    return c == 0x201D or c == 0x2019 or c == 0x300D or c == 0x300F or c == 0x22


cdef inline bint is_closing(uint32_t c) noexcept nogil:
    return (
        is_closing_quote(c) or c == 0xFF09 or c == 0x29 or c == 0x3011 or c == 0x300B
        or c == 0x5D
    )


cdef inline bint continues(uint32_t c) noexcept nogil:
    """Whether a sentence goes on when c follows the mark that closes a quotation: ，、；：的."""
    return (
        c == 0xFF0C or c == 0x2C or c == 0x3001 or c == 0xFF1B or c == 0x3B or c == 0xFF1A
        or c == 0x3A or c == 0x7684 or c == 0x4E4B or c == 0x2014
    )


cdef inline bint stops_in_ascii(const Chars* text, Py_ssize_t i, Py_ssize_t end) noexcept nogil:
    """Whether the ASCII stop at i ends a sentence and is not part of a number, name or address."""
    cdef uint32_t c = at(text, i), after, before
    if i + 1 == end:
        return True
    after = at(text, i + 1)
    if c == 0x2E:
        before = at(text, i - 1) if i > 0 else 0
        return (is_space(after) and not 0x41 <= before <= 0x5A) or (
            is_closing(after) and is_han(before)
        )
    return not (0x30 <= after <= 0x39 or 0x61 <= (after | 0x20) <= 0x7A or after == 0x3D)


cdef int push(Spans* spans, Py_ssize_t start, Py_ssize_t end) noexcept nogil:
    """Append a span; -1 when memory is out."""
    cdef Py_ssize_t room
    cdef int32_t* values
    if spans.n == spans.room:
        room = 2 * spans.room + 64
        values = <int32_t*>PyMem_RawRealloc(spans.values, 2 * room * sizeof(int32_t))
        if values == NULL:
            return -1
        spans.values = values
        spans.room = room
    spans.values[2 * spans.n] = <int32_t>start
    spans.values[2 * spans.n + 1] = <int32_t>end
    spans.n += 1
    return 0


cdef int push_trimmed(
    Spans* spans, const Chars* text, Py_ssize_t start, Py_ssize_t end
) noexcept nogil:
    """Append a span without the white space at its ends, unless nothing is left."""
    while start < end and is_space(at(text, start)):
        start += 1
    while end > start and is_space(at(text, end - 1)):
        end -= 1
    return push(spans, start, end) if start < end else 0


cdef void match_pairs(
    const Chars* text, Py_ssize_t start, Py_ssize_t end, int32_t* partner, int32_t* outer
) noexcept nogil:
    """Set partner[i] to where the mark that opens at i is closed, -1 where it never is.

    Each kind of mark has its own stack, linked through ``outer``, so that one stray mark
    unsettles no other kind and the work stays linear.
    """
    cdef Py_ssize_t[KINDS] top
    cdef Py_ssize_t i
    cdef int kind
    cdef bint opens = False
    for kind in range(KINDS):
        top[kind] = -1
    for i in range(start, end):
        partner[i] = -1
        kind = pair_of(at(text, i), &opens)
        if kind < 0:
            continue
        if kind == 0:
            opens = top[0] < 0
        if opens:
            outer[i] = <int32_t>top[kind]
            top[kind] = i
        elif top[kind] >= 0:
            partner[top[kind]] = <int32_t>i
            top[kind] = outer[top[kind]]


cdef inline bint ends_after_quotation(
    const Chars* text, Py_ssize_t i, Py_ssize_t end
) noexcept nogil:
    """Whether the closing mark at i ends a sentence: a stop before it, no continuation after."""
    if not is_closing_quote(at(text, i)) or i == 0 or not is_stop(at(text, i - 1)):
        return False
    while i + 1 < end and is_closing(at(text, i + 1)):
        i += 1
    return i + 1 >= end or not (continues(at(text, i + 1)) or is_stop(at(text, i + 1)))


cdef int cut_line(
    Spans* spans, const Chars* text, Py_ssize_t start, Py_ssize_t end, const int32_t* partner
) noexcept nogil:
    """Append the sentences of one line."""
    cdef Py_ssize_t i = start, begin = start, protected = -1
    cdef uint32_t c
    cdef bint stop
    while i < end:
        c = at(text, i)
        if partner[i] > protected and partner[i] - i <= LONGEST_QUOTATION:
            protected = partner[i]
        if i < protected:
            i += 1
            continue
        stop = ends_after_quotation(text, i, end) or is_full_stop(c) or (
            is_stop(c) and stops_in_ascii(text, i, end)
        )
        i += 1
        if not stop:
            continue
        while i < end and (is_stop(at(text, i)) or is_closing(at(text, i))):
            i += 1
        if push_trimmed(spans, text, begin, i) < 0:
            return -1
        begin = i
    return push_trimmed(spans, text, begin, end)


cdef int cut(Spans* spans, const Chars* text, int32_t* partner, int32_t* outer) noexcept nogil:
    """Append the sentences of all lines."""
    cdef Py_ssize_t start = 0, i
    for i in range(text.length + 1):
        if i < text.length and not is_newline(at(text, i)):
            continue
        match_pairs(text, start, i, partner, outer)
        if cut_line(spans, text, start, i, partner) < 0:
            return -1
        start = i + 1
    return 0


cdef object to_array(Spans* spans):
    """Return the spans as an array and give their memory back."""
    cdef Py_ssize_t i
    result = np.empty((spans.n, 2), np.int32)
    cdef int32_t[:, ::1] view = result
    for i in range(spans.n):
        view[i, 0] = spans.values[2 * i]
        view[i, 1] = spans.values[2 * i + 1]
    PyMem_RawFree(spans.values)
    return result


cdef Chars chars_of(str text):
    return Chars(PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text))


def sentence_spans(str text not None):
    """Return the sentences of a text as an int32 array of shape (n, 2), half-open code points.

    A sentence ends at 。！？, an ellipsis or their ASCII counterparts, with the marks that close
    after it, and at every line end. Within quotation marks and brackets that are closed on the
    line it goes on, up to 300 characters. White space at its ends is left out.
    """
    cdef Chars chars = chars_of(text)
    cdef Spans spans = Spans(NULL, 0, 0)
    cdef int failed
    cdef int32_t* marks = <int32_t*>PyMem_RawMalloc((2 * chars.length + 1) * sizeof(int32_t))
    if marks == NULL:
        raise MemoryError
    with nogil:
        failed = cut(&spans, &chars, marks, marks + chars.length)
    PyMem_RawFree(marks)
    if failed:
        PyMem_RawFree(spans.values)
        raise MemoryError
    return to_array(&spans)


def line_spans(str text not None):
    """Return the lines that are not blank, trimmed of white space, as an int32 array (n, 2)."""
    cdef Chars chars = chars_of(text)
    cdef Spans spans = Spans(NULL, 0, 0)
    cdef Py_ssize_t start = 0, i
    cdef int failed = 0
    with nogil:
        for i in range(chars.length + 1):
            if i == chars.length or is_newline(at(&chars, i)):
                failed |= push_trimmed(&spans, &chars, start, i)
                start = i + 1
    if failed:
        PyMem_RawFree(spans.values)
        raise MemoryError
    return to_array(&spans)
