# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Read the text of one index segment.

Bounds checks are off: codes come from words that the unpacker knows, and their alphabet from a
section whose length was checked when the file was opened.
"""

cimport cython
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc

import numpy as np

from lunheng.native.text_coding cimport BLOCK_CODES, BLOCKS_IN_GROUP, TextUnpacker
from lunheng.native.verified cimport VerifiedFile

cdef extern from "Python.h":
    object PyUnicode_New(Py_ssize_t size, uint32_t maxchar)
    int PyUnicode_KIND(object text) noexcept nogil
    void* PyUnicode_DATA(object text) noexcept nogil
    void PyUnicode_WRITE(int kind, void* data, Py_ssize_t index, uint32_t value) noexcept nogil


@cython.final
cdef class TextReader:
    """Decode any stretch of a segment's text; positions count codes, documents' ends included.

    Args:
        file: the segment.
        universe: codes in the text.
    """

    def __cinit__(self, VerifiedFile file not None, uint64_t universe):
        self.file, self.universe = file, universe
        self.packed, self.packed_size = file.section("text"), file.size_of("text")
        self.text_groups = <const uint64_t*>file.section("text_groups")
        self.text_blocks = <const uint16_t*>file.section("text_blocks")
        self.alphabet = <const uint32_t*>file.section("alphabet")
        self.n_codes = file.size_of("alphabet") // 4

    cdef uint64_t block_bit(self, uint64_t block) noexcept nogil:
        return self.text_groups[block // BLOCKS_IN_GROUP] + self.text_blocks[block]

    cdef int touch_text(self, uint64_t start, uint64_t end) except -1:
        """Verify what the text of ``[start, end)`` is read from; it must not be empty."""
        cdef uint64_t first = start // BLOCK_CODES, last = (end - 1) // BLOCK_CODES + 1
        cdef uint64_t final = (self.universe - 1) // BLOCK_CODES, known = min(last, final)
        cdef uint64_t group = first // BLOCKS_IN_GROUP, at, stop = self.packed_size
        self.file.touch(self.text_groups + group, (known // BLOCKS_IN_GROUP - group + 1) * 8)
        self.file.touch(self.text_blocks + first, (known - first + 1) * 2)
        at = self.block_bit(first) >> 3
        if last <= final:
            stop = (self.block_bit(last) + 7) >> 3
        self.file.touch(self.packed + at, stop - at)
        if self.unpacker is None:
            self.file.touch(self.alphabet, self.n_codes * 4)
            self.unpacker = TextUnpacker(
                self.file.table("word_lengths", np.uint8),
                self.file.table("phrase_lengths", np.uint8),
                self.file.table("phrases", np.uint16),
            )
        return 0

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
