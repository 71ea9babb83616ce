# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Look phrases up in one mapped index segment.

Bounds checks are off: each read lies in a section whose length was checked when the reader was
made, at an offset that a verified block holds.
"""

cimport cython
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy, memset

import numpy as np

from lunheng.errors import NgramIndexError

from lunheng.native.checksum cimport xxh64_bytes
from lunheng.native.eliasfano cimport EliasFano, decode, open_list
from lunheng.native.intersection cimport Matches, Pair, intersect
from lunheng.native.postings cimport postings_bits
from lunheng.native.symbols cimport Phrase
from lunheng.native.text_coding cimport BLOCK_CODES, BLOCKS_IN_GROUP, TextUnpacker

cdef extern from "lanes.h" nogil:
    void lanes_prefetch(const void* address) noexcept

cdef extern from "Python.h":
    object PyUnicode_New(Py_ssize_t size, uint32_t maxchar)
    int PyUnicode_KIND(object text) noexcept nogil
    void* PyUnicode_DATA(object text) noexcept nogil
    void PyUnicode_WRITE(int kind, void* data, Py_ssize_t index, uint32_t value) noexcept nogil

cdef enum:
    BLOCK = 32
    NEARBY = 128
    WORTH_A_SWITCH = 8192


@cython.final
cdef class SegmentReader:
    """Answer for one segment; positions count codes, documents' ends included.

    Args:
        data: the whole file, mapped.
        sections: where each section begins and how many bytes it has, by name.
        checksums: uint64, XXH64 of each ``block`` bytes of the file from ``body`` on.
        universe: codes in the text.
        documents: how many documents there are.
        body: offset of the first checked byte.
        end: offset behind the last; 8 bytes more must follow.
        block: bytes a checksum covers.
    """

    def __cinit__(
        self,
        const uint8_t[::1] data,
        dict sections not None,
        checksums,
        uint64_t universe,
        uint32_t documents,
        uint64_t body,
        uint64_t end,
        uint64_t block,
    ):
        cdef const uint64_t[::1] sums = checksums
        self.data, self.base = data, &data[0]
        self.checksums, self.sums = checksums, &sums[0]
        self.universe, self.n_documents = universe, documents
        self.body, self.end, self.block = body, end, block
        for start, size in sections.values():
            if start < body or start + size > end or end + 8 > <uint64_t>data.shape[0]:
                raise NgramIndexError(f"a section ends at {start + size} of {end} bytes")
        if self.blocks() > <uint64_t>sums.shape[0]:
            raise NgramIndexError(f"{sums.shape[0]} checksums for {self.blocks()} blocks")
        self.checked = <uint8_t*>calloc(self.blocks() + 1, 1)
        if self.checked == NULL:
            raise MemoryError
        self.n_symbols = <uint32_t>(sections["code_points"][1] // 4)
        self.n_codes = sections["alphabet"][1] // 4
        self.code_points = <const uint32_t*>self.section(sections, "code_points")
        self.by_code_point = <const uint16_t*>self.section(sections, "by_code_point")
        self.counts = <const uint64_t*>self.section(sections, "counts")
        self.row_blocks = <const uint32_t*>self.section(sections, "row_blocks")
        self.row_entries = <const uint64_t*>self.section(sections, "row_entries")
        self.block_keys = <const uint64_t*>self.section(sections, "block_keys")
        self.block_entries = <const uint32_t*>self.section(sections, "block_entries")
        self.entries = self.section(sections, "entries")
        self.postings = self.section(sections, "postings")
        self.starts = <const uint32_t*>self.section(sections, "starts")
        self.nearby = <const uint32_t*>self.section(sections, "nearby")
        self.packed, self.packed_size = self.section(sections, "text"), sections["text"][1]
        self.text_groups = <const uint64_t*>self.section(sections, "text_groups")
        self.text_blocks = <const uint16_t*>self.section(sections, "text_blocks")
        self.sections = sections
        self.alphabet = <const uint32_t*>self.section(sections, "alphabet")

    def __dealloc__(self):
        free(self.checked)

    cdef const uint8_t* section(self, dict sections, str name) except NULL:
        return self.base + <uint64_t>sections[name][0]

    cdef uint64_t blocks(self):
        return (self.end - self.body + self.block - 1) // self.block

    cdef int touch(self, const void* start, uint64_t size) except -1 nogil:
        """Verify the blocks that hold these bytes, unless that was done before.

        Two threads may verify the same block at once; both write the same flag.
        """
        cdef uint64_t at = <uint64_t>(<const uint8_t*>start - self.base) - self.body
        cdef uint64_t i, offset, length
        for i in range(at // self.block, (at + size + self.block - 1) // self.block):
            if self.checked[i]:
                continue
            offset = self.body + i * self.block
            length = min(self.block, self.end - offset)
            if xxh64_bytes(self.base + offset, length, 0) != self.sums[i]:
                with gil:
                    raise NgramIndexError(
                        f"block {i} (bytes {offset} to {offset + length}) does not fit its checksum"
                    )
            self.checked[i] = 1
        return 0

    cdef int touch_tables(self) except -1 nogil:
        if self.tables_checked:
            return 0
        self.touch(self.code_points, self.n_symbols * 4)
        self.touch(self.by_code_point, (self.n_symbols - 1) * 2)
        self.touch(self.counts, self.n_symbols * 8)
        self.touch(self.row_blocks, (self.n_symbols + 1) * 4)
        self.touch(self.row_entries, (self.n_symbols + 1) * 8)
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
        self.touch(self.block_keys + low, (end - low) * 8)
        self.touch(self.block_entries + low, (end - low) * 4)
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
        self.touch(at, stop - at)
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
        return self.touch(self.postings + (bit >> 3), ((bit & 7) + bits + 7) >> 3)

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

    cdef int tally(self, Phrase phrase, uint64_t* total) except -1 nogil:
        """Count a phrase of one or two characters from the dictionary."""
        cdef Pair pair
        cdef uint32_t i
        self.touch_tables()
        total[0] = 0
        if phrase.length == 1:
            for i in range(phrase.starts[1]):
                total[0] += self.counts[self.symbol_number(phrase.symbols[i])]
        elif phrase.length == 2:
            memset(&pair, 0, sizeof(Pair))
            try:
                self.all_pairs(phrase, &pair)
                total[0] = pair.n
            finally:
                free(pair.lists)
        return 0

    cdef int find(self, Phrase phrase, Matches* matches) except -1 nogil:
        """Find where a phrase begins, ascending; the caller frees ``matches.positions``."""
        cdef Pair* pairs
        matches.positions, matches.n = NULL, 0
        self.touch_tables()
        if phrase.length < 2:
            return self.find_character(phrase, matches) if phrase.length else 0
        pairs = self.look_up(phrase)
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
        self.touch_tables()
        pairs = self.look_up(phrase)
        try:
            if pairs != NULL and fewest(pairs, phrase.length - 1) < WORTH_A_SWITCH:
                intersect(pairs, phrase.length - 1, self.universe, matches)
            elif pairs != NULL:
                with nogil:
                    intersect(pairs, phrase.length - 1, self.universe, matches)
        finally:
            free_pairs(pairs, phrase.length - 1)
        return 0

    cdef Pair* look_up(self, Phrase phrase) except? NULL nogil:
        """Return the postings of each pair of a phrase, ``NULL`` if one has none."""
        cdef Pair* pairs = <Pair*>calloc(phrase.length - 1, sizeof(Pair))
        cdef bint found = False
        if pairs == NULL:
            with gil:
                raise MemoryError
        try:
            found = self.all_pairs(phrase, pairs)
        finally:
            if not found:
                free_pairs(pairs, phrase.length - 1)
        return pairs if found else NULL

    cdef int find_character(self, Phrase phrase, Matches* matches) except -1 nogil:
        """Scan for the rows of one character: all its postings, whatever follows."""
        cdef uint32_t i, number
        cdef uint64_t total = 0
        for i in range(phrase.starts[1]):
            total += self.counts[self.symbol_number(phrase.symbols[i])]
        matches.positions = <uint32_t*>malloc((total + 1) * sizeof(uint32_t))
        if matches.positions == NULL:
            with gil:
                raise MemoryError
        for i in range(phrase.starts[1]):
            number = self.symbol_number(phrase.symbols[i])
            if number:
                self.decode_row(number, matches)
        with gil:
            np.asarray(<uint32_t[:total + 1]>matches.positions)[:total].sort()
        return 0

    cdef int decode_row(self, uint32_t symbol, Matches* matches) except -1 nogil:
        cdef uint32_t block, n
        cdef uint32_t first = self.row_blocks[symbol], end = self.row_blocks[symbol + 1]
        if first == end:
            return 0
        self.touch(self.block_keys + first, (end - first) * 8)
        cdef uint64_t bit = self.block_keys[first] & ((<uint64_t>1 << 48) - 1)
        cdef const uint8_t* at = self.entries + self.row_entries[symbol]
        cdef const uint8_t* stop = self.entries + self.row_entries[symbol + 1]
        cdef uint32_t entry = 0
        cdef EliasFano found
        self.touch(at, stop - at)
        while at < stop:
            if entry % BLOCK:
                take_varint(&at)
            n = take_varint(&at)
            self.touch_postings(bit, n)
            found = open_list(self.postings, bit, self.universe, n)
            decode(&found, matches.positions + matches.n)
            matches.n += n
            bit += postings_bits(self.universe, self.n_documents, n)
            entry += 1
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
        self.touch(self.starts, (<uint64_t>self.n_documents + 1) * 4)
        self.touch(self.nearby, ((self.universe + NEARBY - 1) // NEARBY + 1) * 4)
        self.documents_checked = True
        return 0

    def bounds(self, uint32_t document):
        """Return where a document's text begins and ends, in codes."""
        if document >= self.n_documents:
            raise IndexError(f"document {document} of {self.n_documents}")
        self.touch(self.starts + document, 8)
        return self.starts[document], self.starts[document + 1] - 1

    cdef uint64_t block_bit(self, uint64_t block) noexcept nogil:
        return self.text_groups[block // BLOCKS_IN_GROUP] + self.text_blocks[block]

    cdef int touch_text(self, uint64_t start, uint64_t end) except -1:
        """Verify what the text of ``[start, end)`` is read from; it must not be empty."""
        cdef uint64_t first = start // BLOCK_CODES, last = (end - 1) // BLOCK_CODES + 1
        cdef uint64_t final = (self.universe - 1) // BLOCK_CODES, known = min(last, final)
        cdef uint64_t group = first // BLOCKS_IN_GROUP, at, stop = self.packed_size
        self.touch(self.text_groups + group, (known // BLOCKS_IN_GROUP - group + 1) * 8)
        self.touch(self.text_blocks + first, (known - first + 1) * 2)
        at = self.block_bit(first) >> 3
        if last <= final:
            stop = (self.block_bit(last) + 7) >> 3
        self.touch(self.packed + at, stop - at)
        if self.unpacker is None:
            self.touch(self.alphabet, self.n_codes * 4)
            self.unpacker = TextUnpacker(
                self.table("word_lengths", np.uint8),
                self.table("phrase_lengths", np.uint8),
                self.table("phrases", np.uint16),
            )
        return 0

    cdef table(self, str name, dtype):
        """Return a section, verified, as an array; empty if the segment has none such."""
        start, size = self.sections.get(name, (self.body, 0))
        self.touch(self.base + <uint64_t>start, size)
        return np.asarray(self.data)[start : start + size].view(dtype)

    cdef void unpack(self, uint64_t start, uint64_t end, uint16_t* out) noexcept nogil:
        self.unpacker.unpack(
            self.packed,
            self.block_bit(start // BLOCK_CODES),
            <uint32_t>(start % BLOCK_CODES),
            end - start,
            out,
        )

    def text(self, uint64_t start, uint64_t end):
        """Return the characters of ``[start, end)``, which must lie in one document."""
        if not start <= end <= self.universe:
            raise IndexError(f"[{start}, {end}) is not within [0, {self.universe})")
        if start == end:
            return ""
        cdef uint32_t widest = 0
        cdef uint64_t i, n = end - start
        cdef int kind
        cdef void* data
        cdef uint16_t[256] few
        cdef uint16_t* codes = few
        self.touch_text(start, end)
        if n > 256:
            codes = <uint16_t*>malloc(n * sizeof(uint16_t))
            if codes == NULL:
                raise MemoryError
        try:
            self.unpack(start, end, codes)
            for i in range(n):
                widest |= self.alphabet[codes[i]]
            text = PyUnicode_New(n, min(widest, 0x10FFFF))
            kind, data = PyUnicode_KIND(text), PyUnicode_DATA(text)
            for i in range(n):
                PyUnicode_WRITE(kind, data, i, self.alphabet[codes[i]])
            return text
        finally:
            if codes != few:
                free(codes)

    def codes(self, uint64_t start, uint64_t end):
        """Return the codes of ``[start, end)`` as uint16; 0 is a document's end."""
        if not start <= end <= self.universe:
            raise IndexError(f"[{start}, {end}) is not within [0, {self.universe})")
        out = np.empty(end - start, np.uint16)
        cdef uint16_t[::1] target = out
        if end > start:
            self.touch_text(start, end)
            with nogil:
                self.unpack(start, end, &target[0])
        return out

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
        self.touch(self.block_keys, self.row_blocks[self.n_symbols] * 8)
        self.touch(self.entries, self.row_entries[self.n_symbols])
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

    def verify(self, uint64_t start, size=None):
        """Verify the blocks of ``size`` bytes from offset ``start`` on, by default of all."""
        cdef uint64_t length = self.end - start if size is None else size
        if start < self.body or start + length > self.end:
            raise IndexError(f"[{start}, {start + length}) is not in [{self.body}, {self.end})")
        with nogil:
            self.touch(self.base + start, length)


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


cdef void free_pairs(Pair* pairs, Py_ssize_t n) noexcept nogil:
    cdef Py_ssize_t i
    if pairs != NULL:
        for i in range(n):
            free(pairs[i].lists)
        free(pairs)


cdef uint64_t fewest(const Pair* pairs, Py_ssize_t n) noexcept nogil:
    cdef uint64_t least = pairs[0].n
    cdef Py_ssize_t i
    for i in range(1, n):
        least = min(least, pairs[i].n)
    return least


cdef copy_numbers(uint32_t[::1] target, const uint32_t* numbers, size_t n):
    memcpy(&target[0], numbers, n * sizeof(uint32_t))


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
