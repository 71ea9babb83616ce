"""Find where a character of one set stands before one of another."""

from libc.stdint cimport uint8_t, uint16_t, uint32_t


cdef enum:
    PAGES = 0x1100


cdef class CharacterPairs:
    cdef readonly tuple pairs
    # Bit k of a code point's low byte: it may begin pair k; of its high byte: it may end it.
    cdef uint16_t[PAGES] page_of
    cdef uint16_t* bits
    cdef uint8_t alone

    cdef uint16_t* entry(self, uint32_t c) noexcept nogil
