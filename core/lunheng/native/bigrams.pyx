# cython: language_level=3, boundscheck=False, wraparound=False
# Bounds: a code point indexes ``numbers``, which has an entry for each; its entries index
# ``unigram``, checked at construction; pairs are found by binary search.
"""Log probabilities of characters after one another, by binary search in sorted pairs.

Most pairs of characters that are asked for have no gain: a table of bits says so without a search.
"""

import numpy as np

from lunheng.errors import UsageError

cimport cython
from libc.stdint cimport int32_t, uint32_t, uint64_t
from lunheng.native.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)


@cython.final
cdef class BigramTable:
    """A character bigram model that backs off to single characters.

    Args:
        numbers: uint32 (0x110000,), each code point's number; 0 for those without one.
        unigram: float32 (n,), each number's log probability.
        pairs: uint32 (m,), sorted: first number times n plus second number.
        gain: float32 (m,), what is added to the second's log probability after the first.
    """

    def __init__(self, numbers, unigram, pairs, gain):
        if len(numbers) != 0x110000 or int(numbers.max()) >= len(unigram):
            raise UsageError("expected a number below the unigrams' for each code point")
        if len(pairs) != len(gain):
            raise UsageError(f"expected {len(pairs)} gains, one a pair, got {len(gain)}")
        self.numbers = np.ascontiguousarray(numbers, np.uint32)
        self.unigram = np.ascontiguousarray(unigram, np.float32)
        self.pairs = np.ascontiguousarray(pairs, np.uint32)
        self.gain = np.ascontiguousarray(gain, np.float32)
        self.bits = np.zeros(PAIR_BITS // 64, np.uint64)
        cdef Py_ssize_t i
        cdef uint32_t bit
        for i in range(self.pairs.shape[0]):
            bit = pair_bit(self.pairs[i])
            self.bits[bit >> 6] |= <uint64_t>1 << (bit & 63)
        firsts = np.asarray(pairs, np.uint64) // np.uint64(len(unigram))
        self.starts = np.searchsorted(firsts, np.arange(len(unigram) + 1)).astype(np.int32)

    def __reduce__(self):
        return BigramTable, (
            np.array(self.numbers),
            np.array(self.unigram),
            np.array(self.pairs),
            np.array(self.gain),
        )

    cdef bint may_follow(self, uint32_t first, uint32_t second) noexcept nogil:
        """Whether the second may have a gain after the first: no, or perhaps."""
        cdef uint32_t bit = pair_bit(first * <uint32_t>self.unigram.shape[0] + second)
        return self.bits[bit >> 6] >> (bit & 63) & 1

    cdef float after(self, uint32_t first, uint32_t second) noexcept nogil:
        # Halving without a branch: which way a search turns cannot be foretold.
        cdef uint32_t pair = first * <uint32_t>self.unigram.shape[0] + second
        cdef int32_t size = self.starts[first + 1] - self.starts[first], half
        cdef const uint32_t* low
        if size == 0 or not self.may_follow(first, second):
            return self.unigram[second]
        low = &self.pairs[self.starts[first]]
        while size > 1:
            half = size >> 1
            low += half * (low[half - 1] < pair)
            size -= half
        if low[0] == pair:
            return self.unigram[second] + self.gain[low - &self.pairs[0]]
        return self.unigram[second]

    def scores(self, str text not None):
        """Return each character's log probability given the one before it, float32 (n,)."""
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), i
        cdef int kind = PyUnicode_KIND(text)
        cdef const void* data = PyUnicode_DATA(text)
        cdef uint32_t before, here
        result = np.empty(length, np.float32)
        cdef float[::1] view = result
        if length == 0:
            return result
        with nogil:
            before = self.numbers[PyUnicode_READ(kind, data, 0)]
            view[0] = self.unigram[before]
            for i in range(1, length):
                here = self.numbers[PyUnicode_READ(kind, data, i)]
                view[i] = self.after(before, here)
                before = here
        return result

    def following(self, str previous not None, str candidates not None):
        """Return each candidate's log probability after ``previous`` ("": none), as a list."""
        cdef Py_ssize_t i
        cdef uint32_t first, second
        cdef list result = []
        cdef bint alone = PyUnicode_GET_LENGTH(previous) == 0
        first = 0 if alone else self.numbers[ord(previous)]
        for i in range(PyUnicode_GET_LENGTH(candidates)):
            second = self.numbers[
                PyUnicode_READ(PyUnicode_KIND(candidates), PyUnicode_DATA(candidates), i)
            ]
            result.append(self.unigram[second] if alone else self.after(first, second))
        return result
