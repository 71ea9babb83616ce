# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Count n-grams of symbols text by text, as the rows of a sparse matrix.

Bounds checks are off: texts are checked to lie in the symbols, slots are masked by the table size,
numbers are below the room made for them, entries below the capacity.
"""

cimport cython
from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memcpy, memset

import numpy as np

from lunheng.native.lanes cimport lanes_prefetch

cdef enum:
    AHEAD = 12
    MOST = 0x7FFFFFFF


cdef inline uint64_t first_slot(uint64_t key, uint64_t mask) noexcept nogil:
    cdef uint64_t mixed = key * <uint64_t>0x9E3779B97F4A7C15
    return (mixed ^ (mixed >> 32)) & mask


cdef inline uint64_t slot_of(const NumberedKey* keys, uint64_t mask, uint64_t key) noexcept nogil:
    cdef uint64_t at = first_slot(key, mask)
    while keys[at].key and keys[at].key != key:
        at = (at + 1) & mask
    return at


cdef inline uint64_t key_of(uint32_t prefix, uint32_t symbol) noexcept nogil:
    return (<uint64_t>prefix << 32) | symbol


@cython.final
cdef class NgramCounter:
    """Number n-grams as they come, and count them in each text.

    An n-gram's key is the number of its prefix in the upper 32 bits and its last symbol in the
    lower; numbers begin at 1, 0 is the empty prefix. Symbol 0 parts n-grams. All n-grams of one
    length are looked up before any longer one, and their slots fetched ahead, so that the
    processor waits for several at once.
    """

    def __cinit__(self):
        self.mask = 1023
        self.keys = <NumberedKey*>calloc(self.mask + 1, sizeof(NumberedKey))
        if self.keys == NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.keys)
        free(self.prefixes)
        free(self.last)
        free(self.columns)
        free(self.counts)

    def __len__(self):
        """Return how many n-grams have a number."""
        return self.used

    def count(
        self,
        const uint32_t[::1] symbols,
        const int64_t[::1] bounds,
        int n_min,
        int n_max,
        bint grow=True,
    ):
        """Count the n-grams of each text.

        Args:
            symbols: the symbols of all texts.
            bounds: shape (texts + 1,), where each text begins and the last one ends, ascending.
            n_min: symbols at least, from 1.
            n_max: symbols at most.
            grow: number n-grams that have no number; else they are passed over.

        Returns:
            As of a sparse matrix by rows: where the entries of each text begin, int64 of shape
            (texts + 1,); the number of each entry's n-gram and its count, int32.

        Raises:
            ValueError: the bounds are not ascending places of the symbols.
            OverflowError: there are more entries or n-grams than 31 bits count.
        """
        cdef Py_ssize_t texts = bounds.shape[0] - 1, i
        if texts < 0 or bounds[0] < 0 or bounds[texts] > symbols.shape[0]:
            raise ValueError("expected bounds that lie in the symbols")
        for i in range(texts):
            if bounds[i + 1] < bounds[i]:
                raise ValueError(f"expected ascending bounds, text {i} ends before it begins")
        begins = np.zeros(texts + 1, np.int64)
        cdef int64_t[::1] begin = begins
        self.size = 0
        if self.room:
            memset(self.last, 0, self.room * sizeof(LastEntry))
        with nogil:
            for i in range(texts):
                if bounds[i + 1] > bounds[i]:
                    self.count_text(
                        <uint32_t>i + 1,
                        &symbols[0] + bounds[i],
                        bounds[i + 1] - bounds[i],
                        n_min,
                        n_max,
                        grow,
                    )
                begin[i + 1] = self.size
        columns, counts = np.empty(self.size, np.int32), np.empty(self.size, np.int32)
        cdef int32_t[::1] column = columns
        cdef int32_t[::1] number = counts
        if self.size:
            memcpy(&column[0], self.columns, self.size * sizeof(int32_t))
            memcpy(&number[0], self.counts, self.size * sizeof(int32_t))
        return begins, columns, counts

    cdef int count_text(
        self,
        uint32_t text,
        const uint32_t* symbols,
        Py_ssize_t length,
        int n_min,
        int n_max,
        bint grow,
    ) except -1 nogil:
        cdef Py_ssize_t n
        self.make_room_for(length)
        memset(self.prefixes, 0, length * sizeof(uint32_t))
        for n in range(min(<Py_ssize_t>n_max, length)):
            self.look_up(symbols, length - n, n, grow)
            if n + 1 >= n_min:
                self.note(text, length - n)
        return 0

    cdef int look_up(
        self, const uint32_t* symbols, Py_ssize_t length, Py_ssize_t n, bint grow
    ) except -1 nogil:
        """Turn the numbers of n-grams of ``n`` symbols into those of one symbol more."""
        cdef uint32_t* prefixes = self.prefixes
        cdef Py_ssize_t i
        cdef uint64_t key, at
        for i in range(length):
            if i + AHEAD < length:
                key = key_of(prefixes[i + AHEAD], symbols[i + AHEAD + n])
                lanes_prefetch(&self.keys[first_slot(key, self.mask)])
            if symbols[i + n] == 0 or (n > 0 and prefixes[i] == 0):
                prefixes[i] = 0
                continue
            key = key_of(prefixes[i], symbols[i + n])
            at = slot_of(self.keys, self.mask, key)
            if self.keys[at].key == 0 and grow:
                if <uint64_t>self.used * 2 > self.mask:
                    self.double_keys()
                    at = slot_of(self.keys, self.mask, key)
                self.used += 1
                self.keys[at].key, self.keys[at].number = key, self.used
            prefixes[i] = <uint32_t>self.keys[at].number
        return 0

    cdef int note(self, uint32_t text, Py_ssize_t length) except -1 nogil:
        """Count the n-grams whose numbers were looked up."""
        cdef uint32_t* prefixes = self.prefixes
        cdef LastEntry* last
        cdef Py_ssize_t i
        self.make_room_for(0)
        for i in range(length):
            if i + AHEAD < length:
                lanes_prefetch(&self.last[prefixes[i + AHEAD]])
            if prefixes[i] == 0:
                continue
            last = &self.last[prefixes[i]]
            if last.text == text:
                self.counts[last.entry] += 1
                continue
            if self.size == self.capacity:
                self.double_entries()
            last.text, last.entry = text, self.size
            self.columns[self.size], self.counts[self.size] = <int32_t>prefixes[i], 1
            self.size += 1
        return 0

    cdef int make_room_for(self, Py_ssize_t length) except -1 nogil:
        """Make room for the n-grams of a text, and for the last entry of each that has a number."""
        cdef void* grown
        cdef uint64_t room
        if length > self.longest:
            grown = realloc(self.prefixes, length * sizeof(uint32_t))
            if grown == NULL:
                with gil:
                    raise MemoryError
            self.prefixes, self.longest = <uint32_t*>grown, length
        if self.used >= self.room:
            room = 2 * <uint64_t>self.used + 1024
            grown = realloc(self.last, room * sizeof(LastEntry))
            if grown == NULL:
                with gil:
                    raise MemoryError
            self.last = <LastEntry*>grown
            memset(self.last + self.room, 0, (room - self.room) * sizeof(LastEntry))
            self.room = <uint32_t>room
        return 0

    cdef int double_keys(self) except -1 nogil:
        cdef NumberedKey* old = self.keys
        cdef uint64_t size = self.mask + 1, i
        cdef NumberedKey* wider
        if self.used >= MOST // 2:
            with gil:
                raise OverflowError(f"expected at most {MOST // 2} different n-grams")
        wider = <NumberedKey*>calloc(2 * size, sizeof(NumberedKey))
        if wider == NULL:
            with gil:
                raise MemoryError
        for i in range(size):
            if old[i].key:
                wider[slot_of(wider, 2 * size - 1, old[i].key)] = old[i]
        self.keys, self.mask = wider, 2 * size - 1
        free(old)
        return 0

    cdef int double_entries(self) except -1 nogil:
        cdef uint64_t capacity = 2 * <uint64_t>self.capacity + 1024
        cdef void* grown
        if capacity > MOST:
            with gil:
                raise OverflowError(f"expected at most {MOST} entries; count fewer texts at a time")
        grown = realloc(self.columns, capacity * sizeof(int32_t))
        if grown == NULL:
            with gil:
                raise MemoryError
        self.columns = <int32_t*>grown
        grown = realloc(self.counts, capacity * sizeof(int32_t))
        if grown == NULL:
            with gil:
                raise MemoryError
        self.counts = <int32_t*>grown
        self.capacity = <uint32_t>capacity
        return 0

    def spelt(self, const uint32_t[::1] numbers, int n_max):
        """Return the symbols of n-grams, uint32 of shape (len(numbers), n_max), 0 behind them.

        Raises:
            ValueError: no n-gram has one of the numbers.
        """
        key_of_number = np.zeros(self.used + 1, np.uint64)
        rows = np.zeros((numbers.shape[0], n_max), np.uint32)
        cdef uint64_t[::1] key = key_of_number
        cdef uint32_t[:, ::1] row = rows
        cdef Py_ssize_t i, place
        cdef uint64_t at
        cdef uint32_t number
        for at in range(self.mask + 1):
            if self.keys[at].key:
                key[self.keys[at].number] = self.keys[at].key
        for i in range(numbers.shape[0]):
            if numbers[i] > self.used:
                raise ValueError(f"expected a number up to {self.used}, got {numbers[i]}")
            number, place = numbers[i], 0
            while number and place < n_max:
                number, place = <uint32_t>(key[number] >> 32), place + 1
            number = numbers[i]
            while place:
                place -= 1
                row[i, place] = <uint32_t>key[number]
                number = <uint32_t>(key[number] >> 32)
        return rows
