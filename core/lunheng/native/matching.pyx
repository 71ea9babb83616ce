# cython: language_level=3, boundscheck=False, wraparound=False
# Unchecked: `scan` writes below the capacity it is given, `longest` at most once for each stretch
# as long as the shortest phrase (and looks at one row more), `step` masks every slot number, and
# states are numbered as they are made.
"""A trie in one hash table: every occurrence of many phrases in one pass over a text."""

cimport cython
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from libc.stdint cimport int32_t, uint32_t, uint64_t

import numpy as np

from lunheng.native.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)


cdef enum:
    DIRECT = 0x10000  # code points below it leave the root by an array, not by the hash
    MISSING = -1


cdef inline uint64_t mix(uint64_t key) noexcept nogil:
    key *= <uint64_t>0x9E3779B97F4A7C15
    return key ^ (key >> 32)


@cython.final
cdef class PhraseMatcher:
    """Find every occurrence of every phrase.

    ``phrases`` are matched code point for code point; fold them and the text alike to match
    scripts. The number of a match is the position of its phrase in ``phrases``; of equal
    phrases the first counts. Instances never change and may be shared between threads.

    Raises ValueError for an empty phrase.
    """

    def __cinit__(self, phrases):
        cdef Py_ssize_t total = 1, number, i, length
        cdef uint64_t size = 16
        cdef int32_t state
        cdef object phrase
        self.phrases = tuple(phrases)
        self.shortest = 1
        for number, phrase in enumerate(self.phrases):
            if not isinstance(phrase, str):
                raise TypeError(f"expected str as phrase {number}, found {type(phrase).__name__}")
            if not phrase:
                raise ValueError(f"phrase {number} is empty; an empty phrase is everywhere")
            total += len(phrase)
            self.shortest = len(phrase) if number == 0 else min(self.shortest, len(phrase))
        while size < <uint64_t>(2 * total):
            size *= 2
        self.mask = size - 1
        self.slots = <Slot*>PyMem_Calloc(size, sizeof(Slot))
        self.phrase_of = <int32_t*>PyMem_Calloc(total, sizeof(int32_t))
        self.first = <int32_t*>PyMem_Calloc(DIRECT, sizeof(int32_t))
        if self.slots is NULL or self.phrase_of is NULL or self.first is NULL:
            raise MemoryError()
        self.n_states = 1
        for i in range(total):
            self.phrase_of[i] = MISSING
        for number, phrase in enumerate(self.phrases):
            state = 0
            length = len(phrase)
            for i in range(length):
                state = self.child(state, <uint64_t>ord(phrase[i]))
            if self.phrase_of[state] == MISSING:
                self.phrase_of[state] = <int32_t>number

    def __dealloc__(self):
        PyMem_Free(self.slots)
        PyMem_Free(self.phrase_of)
        PyMem_Free(self.first)

    cdef int32_t child(self, int32_t state, uint64_t char) noexcept nogil:
        cdef uint64_t key = (<uint64_t>state << 21 | char) + 1
        cdef uint64_t place = mix(key) & self.mask
        while self.slots[place].key != 0:
            if self.slots[place].key == key:
                return self.slots[place].state
            place = (place + 1) & self.mask
        self.slots[place].key = key
        self.slots[place].state = <int32_t>self.n_states
        self.n_states += 1
        if state == 0 and char < DIRECT:
            self.first[char] = self.slots[place].state
        return self.slots[place].state

    cdef int32_t step(self, int32_t state, uint64_t char) noexcept nogil:
        cdef uint64_t key = (<uint64_t>state << 21 | char) + 1
        cdef uint64_t place
        if state == 0 and char < DIRECT:
            return self.first[char]
        place = mix(key) & self.mask
        while self.slots[place].key != 0:
            if self.slots[place].key == key:
                return self.slots[place].state
            place = (place + 1) & self.mask
        return 0

    cdef Py_ssize_t scan(
        self, int kind, const void* data, Py_ssize_t length, int32_t* out, Py_ssize_t capacity
    ) noexcept nogil:
        """Return the number of matches; the first ``capacity`` of them are written to ``out``."""
        cdef Py_ssize_t start, end, found = 0
        cdef int32_t state
        for start in range(length):
            state = 0
            end = start
            while end < length:
                state = self.step(state, PyUnicode_READ(kind, data, end))
                if state == 0:
                    break
                end += 1
                if self.phrase_of[state] != MISSING:
                    if found < capacity:
                        out[3 * found] = <int32_t>start
                        out[3 * found + 1] = <int32_t>end
                        out[3 * found + 2] = self.phrase_of[state]
                    found += 1
        return found

    def find(self, str text not None):
        """Return all matches as int32 rows (start, end, phrase), by start, then by end.

        Offsets are half-open code points; matches may overlap and nest.
        """
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text)
        cdef Py_ssize_t capacity = length // 4 + 16, found
        cdef int kind = PyUnicode_KIND(text)
        cdef const void* data = PyUnicode_DATA(text)
        cdef int32_t[:, ::1] view
        if length > 0x7FFFFFFF:
            raise ValueError(f"expected at most 2147483647 code points, found {length}; split it")
        while True:
            rows = np.empty((capacity, 3), dtype=np.int32)
            view = rows
            with nogil:
                found = self.scan(kind, data, length, &view[0, 0], capacity)
            if found <= capacity:
                return rows[:found].copy()
            capacity = found

    def longest(self, str text not None):
        """Return matches that do not overlap as int32 rows (start, end, phrase), by start.

        The first place where a phrase begins counts, there the longest phrase, and the next is
        looked for behind it: what a regular expression finds that tries longer phrases first.
        """
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), start = 0, end, last, found = 0
        cdef Py_ssize_t room = length // self.shortest + 1 if len(self.phrases) else 1
        cdef int kind = PyUnicode_KIND(text)
        cdef const void* data = PyUnicode_DATA(text)
        cdef int32_t state
        cdef int32_t[:, ::1] out
        if length > 0x7FFFFFFF:
            raise ValueError(f"expected at most 2147483647 code points, found {length}; split it")
        rows = np.empty((room, 3), dtype=np.int32)
        out = rows
        with nogil:
            while start < length:
                state = 0
                end = start
                last = start
                while end < length:
                    state = self.step(state, PyUnicode_READ(kind, data, end))
                    if state == 0:
                        break
                    end += 1
                    if self.phrase_of[state] != MISSING:
                        last = end
                        out[found, 2] = self.phrase_of[state]
                if last > start:
                    out[found, 0] = <int32_t>start
                    out[found, 1] = <int32_t>last
                    found += 1
                    start = last
                else:
                    start += 1
        return rows[:found].copy()

    def __len__(self):
        return len(self.phrases)

    def __reduce__(self):
        return (PhraseMatcher, (self.phrases,))
