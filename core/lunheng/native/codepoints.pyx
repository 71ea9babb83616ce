# cython: language_level=3, boundscheck=False, wraparound=False
# Bounds: every index is a code point of a str, below CODE_POINTS by definition; tables have that
# many entries, checked when they are handed in.
"""Code-point classes, and tables that send one code point to one code point."""

import numpy as np

from lunheng.errors import UsageError

cimport cython
from cpython.mem cimport PyMem_RawFree, PyMem_RawMalloc
from libc.stdint cimport int64_t, uint8_t, uint32_t
from libc.string cimport memcpy, memset
from lunheng.native.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)


cdef extern from "Python.h":
    object PyUnicode_New(Py_ssize_t size, uint32_t maxchar)
    void PyUnicode_WRITE(int kind, void* data, Py_ssize_t index, uint32_t value) noexcept nogil


cdef inline uint32_t lower(uint32_t c) noexcept nogil:
    return c + 32 if 0x41 <= c <= 0x5A else c


@cython.final
cdef class CodePointMap:
    """Send each code point of a text to one code point, so that offsets stay as they are.

    Args:
        table: uint32 array of shape (0x110000,); entry ``c`` is what code point ``c`` becomes.

    Raises:
        UsageError: the table has another shape, or sends something beyond the last code point.
    """

    def __cinit__(self, table):
        self.table = NULL
        array = np.ascontiguousarray(table, dtype=np.uint32)
        if array.shape != (CODE_POINTS,):
            raise UsageError(f"expected a table of shape ({CODE_POINTS},), got {array.shape}")
        if int(array.max()) >= CODE_POINTS:
            raise UsageError(f"the table sends a code point to {int(array.max()):#x}")
        self.table = <uint32_t*>PyMem_RawMalloc(CODE_POINTS * sizeof(uint32_t))
        if self.table == NULL:
            raise MemoryError
        cdef const uint32_t[::1] view = array
        memcpy(self.table, &view[0], CODE_POINTS * sizeof(uint32_t))

    def __dealloc__(self):
        PyMem_RawFree(self.table)

    def __reduce__(self):
        return CodePointMap, (self.to_array(),)

    def to_array(self):
        """Return the table as a new uint32 array of shape (0x110000,)."""
        array = np.empty(CODE_POINTS, np.uint32)
        cdef uint32_t[::1] view = array
        memcpy(&view[0], self.table, CODE_POINTS * sizeof(uint32_t))
        return array

    def apply(self, str text not None, bint lowercase=False):
        """Return the text with each code point replaced; the same object if none changes.

        Args:
            text: what to map.
            lowercase: turn the ASCII capitals of the result into small letters as well.
        """
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), i
        cdef int kind = PyUnicode_KIND(text), out_kind
        cdef const void* data = PyUnicode_DATA(text)
        cdef void* out
        cdef uint32_t before, after, seen = 0, changed = 0
        for i in range(length):
            before = PyUnicode_READ(kind, data, i)
            after = self.table[before]
            if lowercase:
                after = lower(after)
            seen |= after
            changed |= after ^ before
        if not changed:
            return text
        # The union of the bits has the width, though not the value, of the largest.
        result = PyUnicode_New(length, min(seen, <uint32_t>(CODE_POINTS - 1)))
        out_kind = PyUnicode_KIND(result)
        out = PyUnicode_DATA(result)
        for i in range(length):
            after = self.table[PyUnicode_READ(kind, data, i)]
            if lowercase:
                after = lower(after)
            PyUnicode_WRITE(out_kind, out, i, after)
        return result


@cython.final
cdef class CodePointFlags:
    """Count the characters of a text by flags, up to eight a code point.

    Args:
        flags: uint8 array of shape (0x110000,).
    """

    def __cinit__(self, flags):
        self.flags = NULL
        array = np.ascontiguousarray(flags, dtype=np.uint8)
        if array.shape != (CODE_POINTS,):
            raise UsageError(f"expected flags of shape ({CODE_POINTS},), got {array.shape}")
        self.flags = <uint8_t*>PyMem_RawMalloc(CODE_POINTS)
        if self.flags == NULL:
            raise MemoryError
        cdef const uint8_t[::1] view = array
        memcpy(self.flags, &view[0], CODE_POINTS)

    def __dealloc__(self):
        PyMem_RawFree(self.flags)

    def __reduce__(self):
        array = np.empty(CODE_POINTS, np.uint8)
        cdef uint8_t[::1] view = array
        memcpy(&view[0], self.flags, CODE_POINTS)
        return CodePointFlags, (array,)

    def count(self, str text not None):
        """Return how often each of the 256 combinations of flags occurs, as an int64 array."""
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), i
        cdef int kind = PyUnicode_KIND(text)
        cdef const void* data = PyUnicode_DATA(text)
        cdef int64_t[256] counts
        memset(counts, 0, sizeof(counts))
        for i in range(length):
            counts[self.flags[PyUnicode_READ(kind, data, i)]] += 1
        result = np.empty(256, np.int64)
        cdef int64_t[::1] view = result
        memcpy(&view[0], counts, sizeof(counts))
        return result


def classes(str text not None):
    """Return the class of each character of a text as a uint8 array.

    1 Han, 2 Latin letter, 4 digit, 8 space, 16 line end, 32 punctuation, 64 kana, 128 hangul,
    0 anything else.
    """
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), i
    cdef int kind = PyUnicode_KIND(text)
    cdef const void* data = PyUnicode_DATA(text)
    result = np.empty(length, np.uint8)
    cdef uint8_t[::1] view = result
    for i in range(length):
        view[i] = class_of(PyUnicode_READ(kind, data, i))
    return result
