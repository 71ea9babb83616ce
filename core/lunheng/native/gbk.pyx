# cython: language_level=3, boundscheck=False, wraparound=False
# Bounds: tables have an entry for every byte or every code point of the basic plane, checked at
# construction; every pair of bytes has room among the candidates.
"""GBK's characters and bytes, and what one byte of a character leaves open."""

import numpy as np

from lunheng.errors import UsageError

cimport cython
from cpython.mem cimport PyMem_RawFree, PyMem_RawMalloc
from libc.stdint cimport int32_t, uint32_t
from lunheng.native.bigrams cimport BigramTable

cdef enum:
    FIRST_LEAD = 0x81
    FIRST_TRAIL = 0x40
    END = 0xFF


@cython.final
cdef class GbkTables:
    """GBK's characters and bytes, and which characters are written variants of one another.

    Args:
        characters: uint16 (256, 256), by first and second byte; 0 where no text has one.
        code_of: uint16 (65536,), each character's two bytes, also of private use; 0 for none.
        variant_start: int32 (65537,), where each character's variants begin in ``variant_code``.
        variant_code: uint16 (n,), the two bytes of the variants.
        simplified: uint8 (65536,), whether a character is simplified only.
        fold: uint32 (65536,), what each character folds to.
    """

    def __init__(self, characters, code_of, variant_start, variant_code, simplified, fold):
        if characters.shape != (256, 256) or len(variant_start) != 65537:
            raise UsageError("expected tables of 256 by 256 and of 65537 entries")
        if any(len(table) != 65536 for table in (code_of, simplified, fold)):
            raise UsageError("expected tables with an entry for each of 65536 characters")
        self.characters = np.ascontiguousarray(characters, np.uint16)
        self.code_of = np.ascontiguousarray(code_of, np.uint16)
        self.variant_start = np.ascontiguousarray(variant_start, np.int32)
        self.variant_code = np.ascontiguousarray(variant_code, np.uint16)
        self.simplified = np.ascontiguousarray(simplified, np.uint8)
        self.fold = np.ascontiguousarray(fold, np.uint32)

    def __reduce__(self):
        return GbkTables, (
            np.array(self.characters),
            np.array(self.code_of),
            np.array(self.variant_start),
            np.array(self.variant_code),
            np.array(self.simplified),
            np.array(self.fold),
        )


@cython.final
cdef class GbkCandidates:
    """The characters that share a second byte, or a first one, with all that scores them.

    Those of a first byte are there again with a second byte from A1 to A7, from AA to AF or from
    F8 on: these begin the pairs of private use.

    Args:
        tables: GBK.
        model: how likely characters are.
    """

    def __cinit__(self, GbkTables tables not None, BigramTable model not None):
        cdef int lead, trail
        cdef int32_t n = 0
        self.tables = tables
        self.model = model
        self.items = <Candidate*>PyMem_RawMalloc(3 * 256 * 256 * sizeof(Candidate))
        if self.items == NULL:
            raise MemoryError
        for trail in range(256):
            self.by_trail[trail] = n
            for lead in range(FIRST_LEAD, END):
                n = self.add(n, lead, trail)
        self.by_trail[256] = n
        for lead in range(256):
            self.by_lead[lead] = n
            for trail in range(FIRST_TRAIL, END):
                n = self.add(n, lead, trail)
        self.by_lead[256] = n
        for lead in range(256):
            self.private_by_lead[lead] = n
            for trail in range(0xA1, END):
                if trail <= 0xA7 or 0xAA <= trail <= 0xAF or trail >= 0xF8:
                    n = self.add(n, lead, trail)
        self.private_by_lead[256] = n

    def __dealloc__(self):
        PyMem_RawFree(self.items)

    def __reduce__(self):
        return GbkCandidates, (self.tables, self.model)

    cdef int32_t add(self, int32_t n, int lead, int trail) noexcept nogil:
        """Add the character of two bytes, if there is one, and return how many there are now."""
        cdef uint32_t c = self.tables.characters[lead, trail]
        if c == 0:
            return n
        self.items[n] = self.of(c)
        return n + 1

    cdef Candidate of(self, uint32_t c) noexcept nogil:
        """All that scores a character of the basic plane."""
        cdef uint32_t number = self.model.numbers[c]
        return Candidate(c, self.tables.fold[c], number, self.model.unigram[number])

    def with_trail(self, int trail):
        """Return the characters whose second byte is ``trail``."""
        return self.characters(self.by_trail[trail & 0xFF], self.by_trail[(trail & 0xFF) + 1])

    def with_lead(self, int lead):
        """Return the characters whose first byte is ``lead``."""
        return self.characters(self.by_lead[lead & 0xFF], self.by_lead[(lead & 0xFF) + 1])

    def characters(self, int32_t start, int32_t end):
        """Return the characters of candidates ``start`` to ``end``."""
        return "".join([chr(self.items[i].character) for i in range(start, end)])
