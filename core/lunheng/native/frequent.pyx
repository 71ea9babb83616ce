# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Count long n-grams by extending frequent shorter ones (Agrawal and Srikant 1994, a priori).

Bounds checks are off: codes index a table of 65,536 entries, slots are masked by the table size.
"""

cimport cython
from libc.stdint cimport uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcpy

import numpy as np

cdef enum:
    CODES = 65536
    NONE = 0


@cython.final
cdef class Tally:
    """A hash table from 64-bit keys, never 0, to 32-bit numbers."""

    def __cinit__(self):
        self.mask = 1023
        self.keys = <uint64_t*>calloc(self.mask + 1, sizeof(uint64_t))
        self.numbers = <uint32_t*>calloc(self.mask + 1, sizeof(uint32_t))
        if self.keys == NULL or self.numbers == NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.keys)
        free(self.numbers)

    cdef uint64_t slot(self, uint64_t key) noexcept nogil:
        cdef uint64_t at = (scattered(key) >> 20) & self.mask
        while self.keys[at] and self.keys[at] != key:
            at = (at + 1) & self.mask
        return at

    cdef int add(self, uint64_t key, uint32_t number) except -1 nogil:
        cdef uint64_t at = self.slot(key)
        if self.keys[at] == 0:
            if self.used * 2 > self.mask:
                self.grow()
                at = self.slot(key)
            self.keys[at] = key
            self.used += 1
            self.filter[scattered(key) >> 54] |= <uint64_t>1 << ((scattered(key) >> 48) & 63)
        self.numbers[at] += number
        return 0

    cdef int grow(self) except -1 nogil:
        cdef uint64_t* keys = self.keys
        cdef uint32_t* numbers = self.numbers
        cdef uint64_t size = self.mask + 1, i, at
        self.keys = <uint64_t*>calloc(size * 4, sizeof(uint64_t))
        self.numbers = <uint32_t*>calloc(size * 4, sizeof(uint32_t))
        if self.keys == NULL or self.numbers == NULL:
            free(self.keys)
            free(self.numbers)
            self.keys, self.numbers = keys, numbers
            with gil:
                raise MemoryError
        self.mask = size * 4 - 1
        for i in range(size):
            if keys[i]:
                at = self.slot(keys[i])
                self.keys[at], self.numbers[at] = keys[i], numbers[i]
        free(keys)
        free(numbers)
        return 0

    cdef frequent(self, uint32_t least):
        """Return the keys whose number is at least ``least``, and the numbers."""
        cdef uint64_t i, n = 0
        for i in range(self.mask + 1):
            n += self.keys[i] != 0 and self.numbers[i] >= least
        keys, numbers = np.empty(n, np.uint64), np.empty(n, np.uint32)
        cdef uint64_t[::1] key_out = keys
        cdef uint32_t[::1] number_out = numbers
        n = 0
        for i in range(self.mask + 1):
            if self.keys[i] and self.numbers[i] >= least:
                key_out[n], number_out[n] = self.keys[i], self.numbers[i]
                n += 1
        return keys, numbers


@cython.final
cdef class Extension:
    """Count n-grams whose first n - 1 symbols are frequent.

    Symbols are numbers from 1; 0 ends whatever comes before it. ``levels`` holds, for each length
    from 2 to n - 1, the keys of the frequent n-grams: the number of the prefix (for length 2 the
    first symbol; else its place, from 1, among the keys one level below) in the upper 32 bits,
    the last symbol in the lower.
    """

    def __init__(self, levels):
        cdef const uint64_t[::1] keys
        cdef Tally level
        cdef Py_ssize_t i
        self.levels, self.counts = [], Tally()
        for given in levels:
            keys = given
            level = Tally()
            for i in range(keys.shape[0]):
                level.add(keys[i], <uint32_t>(i + 1))
            self.levels.append(level)

    def scan(self, const uint16_t[::1] codes, const uint32_t[::1] symbols, Py_ssize_t starts):
        """Count the n-grams that begin at the first ``starts`` codes.

        Args:
            codes: a stretch of text that reaches n - 1 codes further, or to its end.
            symbols: the symbol of each code.
            starts: how many places to count from.
        """
        cdef uint32_t[65536] symbol_of
        cdef Tally level
        cdef void* levels[64]
        cdef Py_ssize_t depth = len(self.levels), i
        if depth > 64:
            raise ValueError(f"n-grams may have at most 66 symbols, got {depth + 2}")
        for i in range(depth):
            levels[i] = <void*>self.levels[i]
        if symbols.shape[0] > CODES:
            raise ValueError(f"expected at most {CODES} symbols, got {symbols.shape[0]}")
        memcpy(symbol_of, &symbols[0], symbols.shape[0] * sizeof(uint32_t))
        starts = min(starts, codes.shape[0] - depth - 1)
        if starts > 0:
            with nogil:
                self.count_from(&codes[0], starts, symbol_of, levels, depth)

    cdef int count_from(
        self,
        const uint16_t* codes,
        Py_ssize_t starts,
        const uint32_t* symbol_of,
        void** levels,
        Py_ssize_t depth,
    ) except -1 nogil:
        cdef Py_ssize_t i, j
        cdef uint64_t prefix, last
        cdef uint32_t first, second = symbol_of[codes[0]]
        for i in range(starts):
            first = second
            second = symbol_of[codes[i + 1]]
            prefix, last, j = first, second, 0
            while j < depth:
                prefix = look_up(levels[j], (prefix << 32) | last)
                if prefix == NONE:
                    break
                j += 1
                last = symbol_of[codes[i + j + 1]]
            if prefix != NONE and last != NONE:
                self.counts.add((prefix << 32) | last, 1)
        return 0

    def frequent(self, uint32_t least):
        """Return the keys (uint64) of n-grams counted at least so often, and counts (uint32)."""
        return self.counts.frequent(least)


cdef inline uint64_t scattered(uint64_t key) noexcept nogil:
    return key * <uint64_t>0x9E3779B97F4A7C15


cdef inline uint32_t look_up(void* level, uint64_t key) noexcept nogil:
    """Return the number of a key, 0 if there is none; most keys fail at one bit of the filter."""
    cdef uint64_t hashed = scattered(key)
    if not (<Tally>level).filter[hashed >> 54] >> ((hashed >> 48) & 63) & 1:
        return NONE
    return (<Tally>level).numbers[(<Tally>level).slot(key)]
