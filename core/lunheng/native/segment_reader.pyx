# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Look phrases up in one mapped index segment.

Bounds checks are off: positions lie below the universe, documents below their number.
"""

cimport cython
from libc.stdint cimport uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy, memset

import numpy as np

from lunheng.native.dictionary cimport Dictionary, free_pairs
from lunheng.native.intersection cimport Matches, Pair, intersect
from lunheng.native.symbols cimport Phrase
from lunheng.native.verified cimport VerifiedFile

cdef extern from "lanes.h" nogil:
    void lanes_prefetch(const void* address) noexcept

cdef enum:
    NEARBY = 128
    WORTH_A_SWITCH = 8192


@cython.final
cdef class SegmentReader:
    """Answer for one segment; positions count codes, documents' ends included.

    Args:
        file: the segment.
        universe: codes in the text.
        documents: how many documents there are.
    """

    def __cinit__(self, VerifiedFile file not None, uint64_t universe, uint32_t documents):
        self.file, self.universe, self.n_documents = file, universe, documents
        self.dictionary = Dictionary(file, universe, documents)
        self.starts = <const uint32_t*>file.section("starts")
        self.nearby = <const uint32_t*>file.section("nearby")

    cdef int tally(self, Phrase phrase, uint64_t* total) except -1 nogil:
        """Count a phrase of one or two characters from the dictionary."""
        cdef Pair pair
        cdef uint32_t i
        self.dictionary.touch_tables()
        total[0] = 0
        if phrase.length == 1:
            for i in range(phrase.starts[1]):
                total[0] += self.dictionary.counts[self.dictionary.symbol_number(phrase.symbols[i])]
        elif phrase.length == 2:
            memset(&pair, 0, sizeof(Pair))
            try:
                self.dictionary.all_pairs(phrase, &pair)
                total[0] = pair.n
            finally:
                free(pair.lists)
        return 0

    cdef int find(self, Phrase phrase, Matches* matches) except -1 nogil:
        """Find where a phrase begins, ascending; the caller frees ``matches.positions``."""
        cdef Pair* pairs
        matches.positions, matches.n = NULL, 0
        self.dictionary.touch_tables()
        if phrase.length < 2:
            return self.find_character(phrase, matches) if phrase.length else 0
        self.dictionary.look_up(phrase, &pairs)
        try:
            if pairs != NULL:
                intersect(pairs, phrase.length - 1, self.universe, matches)
        finally:
            free_pairs(pairs, phrase.length - 1)
        return 0

    cdef int find_for_python(self, Phrase phrase, Matches* matches) except -1:
        """Find as :meth:`find`; let other threads run where that takes longer than a switch."""
        cdef Pair* pairs
        if phrase.length < 2:
            with nogil:
                return self.find(phrase, matches)
        matches.positions, matches.n = NULL, 0
        self.dictionary.touch_tables()
        self.dictionary.look_up(phrase, &pairs)
        try:
            if pairs != NULL and fewest(pairs, phrase.length - 1) < WORTH_A_SWITCH:
                intersect(pairs, phrase.length - 1, self.universe, matches)
            elif pairs != NULL:
                with nogil:
                    intersect(pairs, phrase.length - 1, self.universe, matches)
        finally:
            free_pairs(pairs, phrase.length - 1)
        return 0

    cdef int find_character(self, Phrase phrase, Matches* matches) except -1 nogil:
        """Scan for the rows of one character: all its postings, whatever follows."""
        cdef uint32_t i, number
        cdef uint64_t total = 0
        for i in range(phrase.starts[1]):
            total += self.dictionary.counts[self.dictionary.symbol_number(phrase.symbols[i])]
        matches.positions = <uint32_t*>malloc((total + 1) * sizeof(uint32_t))
        if matches.positions == NULL:
            with gil:
                raise MemoryError
        for i in range(phrase.starts[1]):
            number = self.dictionary.symbol_number(phrase.symbols[i])
            if number:
                self.dictionary.decode_row(number, matches.positions + matches.n)
                matches.n += self.dictionary.counts[number]
        with gil:
            np.asarray(<uint32_t[:total + 1]>matches.positions)[:total].sort()
        return 0

    def count(self, Phrase phrase not None):
        """Return how often a phrase occurs, overlapping occurrences included."""
        cdef uint64_t total
        cdef Matches matches
        if phrase.length <= 2:
            self.tally(phrase, &total)
            return total
        self.find_for_python(phrase, &matches)
        free(matches.positions)
        return matches.n

    def positions(self, Phrase phrase not None):
        """Return where a phrase begins, in codes from the segment's start: uint32, ascending."""
        cdef Matches matches
        self.find_for_python(phrase, &matches)
        try:
            found = np.empty(matches.n, np.uint32)
            if matches.n:
                copy_numbers(found, matches.positions, matches.n)
            return found
        finally:
            free(matches.positions)

    def locate(self, const uint32_t[::1] positions):
        """Return the documents that hold ascending positions, and the offsets in them, as uint32."""
        cdef Py_ssize_t n = positions.shape[0], i
        documents, offsets = np.empty(n, np.uint32), np.empty(n, np.uint32)
        cdef uint32_t[::1] document = documents
        cdef uint32_t[::1] offset = offsets
        cdef uint32_t current = 0, end = 0
        self.touch_documents()
        for i in range(n):
            if positions[i] >= end:
                current = self.document_at(positions[i])
                end = self.starts[current + 1]
            document[i] = current
            offset[i] = positions[i] - self.starts[current]
        return documents, offsets

    def frequencies(self, Phrase phrase not None):
        """Return the documents that have a phrase, ascending, and how often, both uint32."""
        cdef Matches matches
        cdef uint32_t* counts = NULL
        cdef size_t n = 0
        self.find_for_python(phrase, &matches)
        try:
            self.touch_documents()
            counts = <uint32_t*>malloc((matches.n + 1) * sizeof(uint32_t))
            if counts == NULL:
                raise MemoryError
            if matches.n < WORTH_A_SWITCH:
                n = self.by_document(&matches, counts)
            else:
                with nogil:
                    n = self.by_document(&matches, counts)
            documents, found = np.empty(n, np.uint32), np.empty(n, np.uint32)
            if n:
                copy_numbers(documents, matches.positions, n)
                copy_numbers(found, counts, n)
            return documents, found
        finally:
            free(matches.positions)
            free(counts)

    cdef size_t by_document(self, Matches* matches, uint32_t* counts) noexcept nogil:
        """Put the documents that hold the positions in their place; return how many."""
        cdef uint32_t* documents = matches.positions
        cdef uint32_t document, last, count = 0
        cdef size_t n = 0, i
        if matches.n == 0:
            return 0
        for i in range(matches.n):
            counts[i] = self.nearby[documents[i] // NEARBY]
            lanes_prefetch(self.starts + counts[i] + 1)
        for i in range(matches.n):
            documents[i] = document_from(self.starts, counts[i], documents[i])
        last = documents[0]
        for i in range(matches.n):
            document = documents[i]
            n += document != last
            count = count * (document == last) + 1
            documents[n], counts[n], last = document, count, document
        return n + 1

    cdef uint32_t document_at(self, uint32_t position) noexcept nogil:
        """Return the document that holds a position."""
        return document_from(self.starts, self.nearby[position // NEARBY], position)

    cdef int touch_documents(self) except -1 nogil:
        if self.documents_checked:
            return 0
        self.file.touch(self.starts, (<uint64_t>self.n_documents + 1) * 4)
        self.file.touch(self.nearby, ((self.universe + NEARBY - 1) // NEARBY + 1) * 4)
        self.documents_checked = True
        return 0

    def bounds(self, uint32_t document):
        """Return where a document's text begins and ends, in codes."""
        if document >= self.n_documents:
            raise IndexError(f"document {document} of {self.n_documents}")
        self.file.touch(self.starts + document, 8)
        return self.starts[document], self.starts[document + 1] - 1

cdef inline uint32_t document_from(
    const uint32_t* starts, uint32_t document, uint32_t position
) noexcept nogil:
    """Return the document that holds a position, from one that begins no later.

    Few documents begin between it and the last position whose document is written down, so two
    steps without a branch that could be guessed wrong nearly always get there.
    """
    document += starts[document + 1] <= position
    document += starts[document + 1] <= position
    while starts[document + 1] <= position:
        document += 1
    return document


cdef uint64_t fewest(const Pair* pairs, Py_ssize_t n) noexcept nogil:
    cdef uint64_t least = pairs[0].n
    cdef Py_ssize_t i
    for i in range(1, n):
        least = min(least, pairs[i].n)
    return least


cdef copy_numbers(uint32_t[::1] target, const uint32_t* numbers, size_t n):
    memcpy(&target[0], numbers, n * sizeof(uint32_t))
