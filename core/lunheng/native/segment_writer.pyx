# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Turn texts into the coded text, dictionary and postings of one index segment.

Bounds checks are off: codes and symbols are 16 bits wide and index tables of 65,536 entries;
every growing buffer is made large enough before a row is written.
"""

cimport cython
from cpython.buffer cimport PyBUF_READ
from cpython.memoryview cimport PyMemoryView_FromMemory
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memcpy, memset

import numpy as np

from lunheng.native.eliasfano cimport EliasFano, encode, open_list
from lunheng.native.postings cimport FREQUENT, postings_bits, summary_bit, write_summary
from lunheng.native.symbols cimport SymbolMap
from lunheng.native.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)

cdef enum:
    CODE_POINTS = 0x110000
    CODES = 65536
    BLOCK = 32
    SMALL = 48


@cython.final
cdef class TextEncoder:
    """Code the characters of documents with 16 bits, in order of their first appearance.

    Code 0 ends each document. A segment holds at most 65,535 different characters; ``append``
    says no to a text that would bring more, and leaves everything as it was.
    """

    def __cinit__(self):
        self.code_of = <uint16_t*>calloc(CODE_POINTS, sizeof(uint16_t))
        self.room = 1024
        self.codes = <uint16_t*>malloc(self.room * sizeof(uint16_t))
        if self.code_of == NULL or self.codes == NULL:
            raise MemoryError
        memset(self.frequency, 0, sizeof(self.frequency))
        self.n_codes = 1
        self.code_points[0] = 0

    def __dealloc__(self):
        free(self.code_of)
        free(self.codes)

    def append(self, str text not None):
        """Add a document; say whether its characters fit in."""
        cdef size_t n = PyUnicode_GET_LENGTH(text), needed = self.used + n + 1
        cdef size_t room = self.room
        cdef uint16_t* codes
        while room < needed:
            room *= 2
        if room != self.room:
            codes = <uint16_t*>realloc(self.codes, room * sizeof(uint16_t))
            if codes == NULL:
                raise MemoryError
            self.codes, self.room = codes, room
        cdef uint32_t before = self.n_codes
        cdef size_t coded = self.code_text(
            PyUnicode_KIND(text), PyUnicode_DATA(text), n, self.codes + self.used
        )
        if coded < n:
            self.take_back(self.codes + self.used, coded, before)
            return False
        self.codes[self.used + n] = 0
        self.used = needed
        self.frequency[0] += 1
        return True

    cdef size_t code_text(self, int kind, const void* data, size_t n, uint16_t* out) noexcept nogil:
        cdef size_t i
        cdef uint32_t character
        cdef uint16_t code
        for i in range(n):
            character = PyUnicode_READ(kind, data, i)
            code = self.code_of[character]
            if code == 0:
                if self.n_codes == CODES:
                    return i
                code = <uint16_t>self.n_codes
                self.code_of[character] = code
                self.code_points[code] = character
                self.n_codes += 1
            self.frequency[code] += 1
            out[i] = code
        return n

    cdef void take_back(self, const uint16_t* codes, size_t n, uint32_t n_codes) noexcept nogil:
        cdef size_t i
        for i in range(n):
            self.frequency[codes[i]] -= 1
        while self.n_codes > n_codes:
            self.n_codes -= 1
            self.code_of[self.code_points[self.n_codes]] = 0

    def pending(self):
        """Return the codes that were not yet taken, as a view valid until the next append."""
        if not self.used:
            return memoryview(b"")
        return PyMemoryView_FromMemory(<char*>self.codes, self.used * 2, PyBUF_READ)

    def discard(self):
        """Forget the pending codes, which have been written."""
        self.used = 0

    def alphabet(self):
        """Return the code point of each code as uint32; entry 0 is the document's end."""
        return np.array(<uint32_t[:self.n_codes]>self.code_points)

    def frequencies(self):
        """Return how often each code was given out, as uint64."""
        return np.array(<uint64_t[:self.n_codes]>self.frequency)

    def symbols(self, SymbolMap symbols not None):
        """Number the symbols, frequent ones first, 0 for the document's end.

        Returns:
            The symbol of each code (uint16), the code point of each symbol (uint32) and how
            often each symbol occurs (uint64).
        """
        cdef uint32_t code
        folded = np.empty(self.n_codes, np.uint32)
        cdef uint32_t[::1] view = folded
        for code in range(self.n_codes):
            view[code] = symbols.symbol[self.code_points[code]]
        frequency = self.frequencies()
        points, place = np.unique(folded[1:], return_inverse=True)
        counts = np.bincount(place, frequency[1:], len(points)).astype(np.uint64)
        order = np.argsort(counts, kind="stable")[::-1]
        rank = np.empty(len(points), np.uint16)
        rank[order] = np.arange(1, len(points) + 1)
        return (
            np.concatenate([np.zeros(1, np.uint16), rank[place]]),
            np.concatenate([np.zeros(1, np.uint32), points[order]]),
            np.concatenate([np.zeros(1, np.uint64), counts[order]]),
        )


@cython.final
cdef class Bytes:
    """A buffer that grows; what lies behind ``used`` is zero."""

    def __cinit__(self):
        self.room = 4096
        self.data = <uint8_t*>calloc(self.room, 1)
        if self.data == NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.data)

    cdef int reserve(self, size_t more) except -1 nogil:
        cdef size_t room = self.room
        cdef uint8_t* data
        if self.used + more <= room:
            return 0
        while room < self.used + more:
            room *= 2
        data = <uint8_t*>realloc(self.data, room)
        if data == NULL:
            with gil:
                raise MemoryError
        memset(data + self.room, 0, room - self.room)
        self.data, self.room = data, room
        return 0

    cdef void put_varint(self, uint32_t value) noexcept nogil:
        while value >= 0x80:
            self.data[self.used] = <uint8_t>(value | 0x80)
            self.used += 1
            value >>= 7
        self.data[self.used] = <uint8_t>value
        self.used += 1

    cdef void put(self, const void* value, size_t size) noexcept nogil:
        memcpy(self.data + self.used, value, size)
        self.used += size

    cdef array(self, dtype):
        if not self.used:
            return np.empty(0, dtype)
        return np.frombuffer(<bytes>(<char*>self.data)[:self.used], dtype)


@cython.final
cdef class PostingsBuilder:
    """Sort the bigrams of a coded text and write dictionary and postings, row by row.

    A row is what begins with one symbol. Rows are done a range at a time: ``begin``, ``scan``
    the whole text, ``finish``; so memory is bounded whatever the text.

    Args:
        symbols: uint16, the symbol of each code.
        counts: uint64, how often each symbol occurs.
        starts: uint32, where each document begins, and where the last ends.
    """

    def __cinit__(
        self, const uint16_t[::1] symbols, const uint64_t[::1] counts, const uint32_t[::1] starts
    ):
        if starts.shape[0] < 2:
            raise ValueError("expected where each document begins, and where the last ends")
        self.counts, self.starts = counts, starts
        self.n_documents = <uint32_t>(starts.shape[0] - 1)
        self.universe = starts[self.n_documents]
        self.n_symbols = <uint32_t>counts.shape[0]
        memset(self.symbol_of, 0, sizeof(self.symbol_of))
        memcpy(self.symbol_of, &symbols[0], symbols.shape[0] * sizeof(uint16_t))
        self.slot = <uint64_t*>malloc(CODES * sizeof(uint64_t))
        self.row_ends = <uint64_t*>malloc(CODES * sizeof(uint64_t))
        if self.slot == NULL or self.row_ends == NULL:
            raise MemoryError
        self.lists, self.entries = Bytes(), Bytes()
        self.row_blocks, self.row_entries = Bytes(), Bytes()
        self.block_keys, self.block_entries = Bytes(), Bytes()

    def __dealloc__(self):
        free(self.slot)
        free(self.row_ends)
        free(self.postings)
        free(self.scratch)

    def ranges(self, uint64_t capacity):
        """Yield ranges of symbols that have at most ``capacity`` postings, or are one symbol."""
        cdef uint32_t first = 0, symbol
        cdef uint64_t total = 0
        for symbol in range(self.n_symbols):
            if total and total + self.counts[symbol] > capacity:
                yield first, symbol
                first, total = symbol, 0
            total += self.counts[symbol]
        yield first, self.n_symbols

    def begin(self, uint32_t first, uint32_t last):
        """Make room for the rows of symbols ``[first, last)``."""
        cdef uint64_t total = 0, longest = 1
        cdef uint32_t symbol
        for symbol in range(first, last):
            self.slot[symbol] = total
            total += self.counts[symbol]
            self.row_ends[symbol] = total
            longest = max(longest, self.counts[symbol])
        self.first, self.last = first, last
        free(self.postings)
        free(self.scratch)
        self.scratch = NULL
        self.postings = <uint64_t*>malloc((total + 1) * sizeof(uint64_t))
        self.scratch = <uint64_t*>malloc(longest * sizeof(uint64_t))
        if self.postings == NULL or self.scratch == NULL:
            raise MemoryError

    def scan(self, const uint16_t[::1] codes, uint64_t position):
        """Collect the postings of one stretch of text that begins at ``position``.

        The last code only completes the bigram before it; the next stretch begins with it.
        """
        cdef Py_ssize_t n = codes.shape[0] - 1
        if n > 0:
            with nogil:
                self.collect(&codes[0], n, position)

    cdef void collect(self, const uint16_t* codes, Py_ssize_t n, uint64_t position) noexcept nogil:
        cdef Py_ssize_t i
        cdef uint32_t symbol = self.symbol_of[codes[0]], following
        cdef uint32_t first = max(self.first, 1), width = self.last - first
        for i in range(n):
            following = self.symbol_of[codes[i + 1]]
            if symbol - first < width:
                self.postings[self.slot[symbol]] = (<uint64_t>following << 32) | (position + i)
                self.slot[symbol] += 1
            symbol = following

    def finish(self):
        """Sort and write the rows begun; return their postings' bytes, to be appended."""
        cdef uint32_t symbol
        cdef uint64_t start = 0
        self.lists.used = 0
        memset(self.lists.data, 0, self.lists.room)
        with nogil:
            for symbol in range(self.first, self.last):
                self.write_row(self.postings + start, self.row_ends[symbol] - start)
                start = self.row_ends[symbol]
        self.bits_before += self.lists.used * 8
        free(self.postings)
        free(self.scratch)
        self.postings = self.scratch = NULL
        return self.lists.array(np.uint8)

    cdef int write_row(self, uint64_t* row, uint64_t n) except -1 nogil:
        cdef uint64_t i = 0, j, bit, bits, row_start = self.entries.used
        cdef uint64_t key
        cdef uint32_t following, before = 0, entry = 0, block
        block = <uint32_t>(self.block_entries.used // sizeof(uint32_t))
        self.row_blocks.reserve(sizeof(uint32_t))
        self.row_blocks.put(&block, sizeof(uint32_t))
        self.row_entries.reserve(sizeof(uint64_t))
        self.row_entries.put(&row_start, sizeof(uint64_t))
        if n == 0:
            return 0
        row = sort_row(row, self.scratch, n)
        bit = self.lists.used * 8
        while i < n:
            following = <uint32_t>(row[i] >> 32)
            j = i + 1
            while j < n and <uint32_t>(row[j] >> 32) == following:
                j += 1
            self.entries.reserve(16)
            if entry % BLOCK == 0:
                self.block_keys.reserve(sizeof(uint64_t))
                self.block_entries.reserve(sizeof(uint32_t))
                key = (<uint64_t>following << 48) | (self.bits_before + bit)
                block = <uint32_t>(self.entries.used - row_start)
                self.block_keys.put(&key, sizeof(uint64_t))
                self.block_entries.put(&block, sizeof(uint32_t))
            else:
                self.entries.put_varint(following - before - 1)
            self.entries.put_varint(<uint32_t>(j - i))
            bits = postings_bits(self.universe, self.n_documents, j - i)
            self.lists.used = bit >> 3
            self.lists.reserve((bits >> 3) + 24)
            self.write_list(bit, row + i, j - i)
            bit += bits
            entry += 1
            before = following
            i = j
        self.lists.used = (bit + 7) >> 3
        return 0

    cdef void write_list(self, uint64_t bit, const uint64_t* values, uint64_t n) noexcept nogil:
        cdef EliasFano ef
        encode(self.lists.data, bit, self.universe, values, n)
        if n >= FREQUENT:
            ef = open_list(self.lists.data, bit, self.universe, n)
            write_summary(
                self.lists.data, summary_bit(&ef), &self.starts[0], self.n_documents, values, n
            )

    def tables(self):
        """Return the dictionary of all rows finished, as a dict of arrays.

        ``row_blocks`` uint32 and ``row_entries`` uint64 say for each symbol, and for the end,
        where its blocks and entries begin; ``block_keys`` uint64 holds the following symbol of
        a block's first entry (upper 16 bits) and the bit of its postings (lower 48);
        ``block_entries`` uint32 where the block begins among the row's ``entries``.
        """
        cdef uint32_t block = <uint32_t>(self.block_entries.used // sizeof(uint32_t))
        cdef uint64_t end = self.entries.used
        blocks, entries = self.row_blocks.array(np.uint32), self.row_entries.array(np.uint64)
        return {
            "row_blocks": np.append(blocks, np.uint32(block)),
            "row_entries": np.append(entries, np.uint64(end)),
            "block_keys": self.block_keys.array(np.uint64),
            "block_entries": self.block_entries.array(np.uint32),
            "entries": self.entries.array(np.uint8),
        }


cdef uint64_t* sort_row(uint64_t* row, uint64_t* scratch, uint64_t n) noexcept nogil:
    """Sort by the upper half; rows arrive in ascending order of the lower half."""
    cdef uint64_t i, j, value
    if n < SMALL:
        for i in range(1, n):
            value = row[i]
            j = i
            while j > 0 and row[j - 1] > value:
                row[j] = row[j - 1]
                j -= 1
            row[j] = value
        return row
    distribute(row, scratch, n, 32)
    distribute(scratch, row, n, 40)
    return row


cdef void distribute(
    const uint64_t* source, uint64_t* target, uint64_t n, int shift
) noexcept nogil:
    """One stable pass of a radix sort over the byte at ``shift``."""
    cdef uint64_t[256] slot
    cdef uint64_t i, total = 0, count
    cdef int digit
    memset(slot, 0, sizeof(slot))
    for i in range(n):
        slot[(source[i] >> shift) & 0xFF] += 1
    for digit in range(256):
        count = slot[digit]
        slot[digit] = total
        total += count
    for i in range(n):
        digit = (source[i] >> shift) & 0xFF
        target[slot[digit]] = source[i]
        slot[digit] += 1
