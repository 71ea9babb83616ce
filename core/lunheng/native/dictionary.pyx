# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Find the postings of pairs of symbols in one index segment.

Bounds checks are off: each read lies in a section whose length was checked when the file was
opened, at an offset that a verified block holds.
"""

cimport cython
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc

import numpy as np

from lunheng.native.eliasfano cimport EliasFano, decode, open_list
from lunheng.native.intersection cimport Pair
from lunheng.native.postings cimport postings_bits
from lunheng.native.symbols cimport Phrase
from lunheng.native.verified cimport VerifiedFile

cdef enum:
    BLOCK = 32


@cython.final
cdef class Dictionary:
    """The symbols of a segment and the postings of their pairs.

    Args:
        file: the segment.
        universe: codes in the text.
        documents: how many documents there are.
    """

    def __cinit__(self, VerifiedFile file not None, uint64_t universe, uint32_t documents):
        self.file, self.universe, self.n_documents = file, universe, documents
        self.n_symbols = <uint32_t>(file.size_of("code_points") // 4)
        self.code_points = <const uint32_t*>file.section("code_points")
        self.by_code_point = <const uint16_t*>file.section("by_code_point")
        self.counts = <const uint64_t*>file.section("counts")
        self.row_blocks = <const uint32_t*>file.section("row_blocks")
        self.row_entries = <const uint64_t*>file.section("row_entries")
        self.block_keys = <const uint64_t*>file.section("block_keys")
        self.block_entries = <const uint32_t*>file.section("block_entries")
        self.entries = file.section("entries")
        self.postings = file.section("postings")

    cdef int touch_tables(self) except -1 nogil:
        if self.tables_checked:
            return 0
        self.file.touch(self.code_points, self.n_symbols * 4)
        self.file.touch(self.by_code_point, (self.n_symbols - 1) * 2)
        self.file.touch(self.counts, self.n_symbols * 8)
        self.file.touch(self.row_blocks, (self.n_symbols + 1) * 4)
        self.file.touch(self.row_entries, (self.n_symbols + 1) * 8)
        self.tables_checked = True
        return 0

    cdef uint32_t symbol_number(self, uint32_t code_point) noexcept nogil:
        """Return the number of a symbol, 0 if the segment has none such."""
        cdef uint32_t low = 0, high = self.n_symbols - 1, middle
        while low < high:
            middle = (low + high) // 2
            if self.code_points[self.by_code_point[middle]] < code_point:
                low = middle + 1
            else:
                high = middle
        if low == self.n_symbols - 1:
            return 0
        low = self.by_code_point[low]
        return low if self.code_points[low] == code_point else 0

    cdef int list_of(self, uint32_t first, uint32_t second, EliasFano* found) except -1 nogil:
        """Find the postings of a pair of symbols; say whether there are any."""
        cdef uint32_t low = self.row_blocks[first], end = self.row_blocks[first + 1], high, middle
        if low == end:
            return 0
        self.file.touch(self.block_keys + low, (end - low) * 8)
        self.file.touch(self.block_entries + low, (end - low) * 4)
        high = end
        while high - low > 1:
            middle = (low + high) // 2
            if (self.block_keys[middle] >> 48) <= second:
                low = middle
            else:
                high = middle
        cdef uint32_t symbol = <uint32_t>(self.block_keys[low] >> 48), n
        cdef uint64_t bit = self.block_keys[low] & ((<uint64_t>1 << 48) - 1)
        cdef const uint8_t* row = self.entries + self.row_entries[first]
        cdef const uint8_t* at = row + self.block_entries[low]
        cdef const uint8_t* stop = self.entries + self.row_entries[first + 1]
        if low + 1 < end:
            stop = row + self.block_entries[low + 1]
        self.file.touch(at, stop - at)
        n = take_varint(&at)
        while symbol < second and at < stop:
            bit += postings_bits(self.universe, self.n_documents, n)
            symbol += 1 + take_varint(&at)
            n = take_varint(&at)
        if symbol != second:
            return 0
        found[0] = open_list(self.postings, bit, self.universe, n)
        self.touch_postings(bit, n)
        return 1

    cdef int touch_postings(self, uint64_t bit, uint64_t n) except -1 nogil:
        cdef uint64_t bits = postings_bits(self.universe, self.n_documents, n)
        return self.file.touch(self.postings + (bit >> 3), ((bit & 7) + bits + 7) >> 3)

    cdef int pair_lists(
        self, const uint32_t* symbols, uint32_t split, uint32_t end, Pair* pair
    ) except -1 nogil:
        """Find the postings of all pairs of ``symbols[:split]`` with ``symbols[split:end]``."""
        cdef uint32_t i, j
        pair.n_lists, pair.n, pair.used = 0, 0, False
        pair.lists = <EliasFano*>malloc((split * (end - split) + 1) * sizeof(EliasFano))
        if pair.lists == NULL:
            with gil:
                raise MemoryError
        for i in range(split):
            for j in range(split, end):
                if symbols[i] and symbols[j] and self.list_of(
                    symbols[i], symbols[j], pair.lists + pair.n_lists
                ):
                    pair.n += pair.lists[pair.n_lists].n
                    pair.n_lists += 1
        return 0

    cdef int all_pairs(self, Phrase phrase, Pair* pairs) except -1 nogil:
        """Find the postings of each pair of the phrase; say whether every pair has some."""
        cdef uint32_t i, start, split, end, total = phrase.starts[phrase.length]
        cdef uint32_t* symbols = <uint32_t*>malloc((total + 1) * sizeof(uint32_t))
        if symbols == NULL:
            with gil:
                raise MemoryError
        try:
            for i in range(total):
                symbols[i] = self.symbol_number(phrase.symbols[i])
            for i in range(phrase.length - 1):
                start, split, end = phrase.starts[i], phrase.starts[i + 1], phrase.starts[i + 2]
                self.pair_lists(symbols + start, split - start, end - start, pairs + i)
                if pairs[i].n == 0:
                    return 0
            return 1
        finally:
            free(symbols)

    cdef int look_up(self, Phrase phrase, Pair** pairs) except -1 nogil:
        """Find the postings of each pair of a phrase; ``NULL`` if one has none.

        An error has a value of its own, so that nobody takes the GIL to ask for one.
        """
        cdef bint found = False
        pairs[0] = <Pair*>calloc(phrase.length - 1, sizeof(Pair))
        if pairs[0] == NULL:
            with gil:
                raise MemoryError
        try:
            found = self.all_pairs(phrase, pairs[0])
        finally:
            if not found:
                free_pairs(pairs[0], phrase.length - 1)
                pairs[0] = NULL
        return 0

    cdef int decode_row(self, uint32_t symbol, uint32_t* out) except -1 nogil:
        """Write all postings of the pairs that begin with a symbol, pair by pair."""
        cdef uint32_t n
        cdef uint32_t first = self.row_blocks[symbol], end = self.row_blocks[symbol + 1]
        if first == end:
            return 0
        self.file.touch(self.block_keys + first, (end - first) * 8)
        cdef uint64_t bit = self.block_keys[first] & ((<uint64_t>1 << 48) - 1)
        cdef const uint8_t* at = self.entries + self.row_entries[symbol]
        cdef const uint8_t* stop = self.entries + self.row_entries[symbol + 1]
        cdef uint32_t entry = 0
        cdef EliasFano found
        self.file.touch(at, stop - at)
        while at < stop:
            if entry % BLOCK:
                take_varint(&at)
            n = take_varint(&at)
            self.touch_postings(bit, n)
            found = open_list(self.postings, bit, self.universe, n)
            decode(&found, out)
            out += n
            bit += postings_bits(self.universe, self.n_documents, n)
            entry += 1
        return 0

    def pairs(self):
        """Return every pair of symbols and how often it occurs.

        Returns:
            Three uint32 arrays: numbers of the first and second symbol, and the count. Symbol 0
            is a document's end.
        """
        cdef uint32_t symbol, following, n, entry
        cdef uint64_t total
        cdef const uint8_t* at
        cdef const uint8_t* stop
        self.touch_tables()
        self.file.touch(self.block_keys, self.row_blocks[self.n_symbols] * 8)
        self.file.touch(self.entries, self.row_entries[self.n_symbols])
        total = self.row_entries[self.n_symbols]
        first_array, second_array = np.empty(total, np.uint32), np.empty(total, np.uint32)
        count_array = np.empty(total, np.uint32)
        cdef uint32_t[::1] first_out = first_array
        cdef uint32_t[::1] second_out = second_array
        cdef uint32_t[::1] count_out = count_array
        cdef uint64_t k = 0
        with nogil:
            for symbol in range(1, self.n_symbols):
                at = self.entries + self.row_entries[symbol]
                stop = self.entries + self.row_entries[symbol + 1]
                entry, following = 0, 0
                while at < stop:
                    if entry % BLOCK:
                        following += 1 + take_varint(&at)
                    else:
                        following = <uint32_t>(
                            self.block_keys[self.row_blocks[symbol] + entry // BLOCK] >> 48
                        )
                    first_out[k] = symbol
                    second_out[k] = following
                    count_out[k] = take_varint(&at)
                    entry += 1
                    k += 1
        return first_array[:k], second_array[:k], count_array[:k]


cdef void free_pairs(Pair* pairs, Py_ssize_t n) noexcept nogil:
    cdef Py_ssize_t i
    if pairs != NULL:
        for i in range(n):
            free(pairs[i].lists)
        free(pairs)


cdef inline uint32_t take_varint(const uint8_t** at) noexcept nogil:
    cdef uint32_t value = 0
    cdef int shift = 0
    while at[0][0] & 0x80:
        value |= <uint32_t>(at[0][0] & 0x7F) << shift
        shift += 7
        at[0] += 1
    value |= <uint32_t>at[0][0] << shift
    at[0] += 1
    return value
