"""The marks that end and part sentences and clauses."""

from libc.stdint cimport uint32_t


cdef inline bint asks(uint32_t c) noexcept nogil:
    return c == 0xFF1F or c == 0x3F


cdef inline bint ends(uint32_t c) noexcept nogil:
    """Whether c ends a sentence: 。！!？?；; and a line's end."""
    return (
        c == 0x3002 or c == 0xFF01 or c == 0x21 or asks(c) or c == 0xFF1B or c == 0x3B or c == 0x0A
    )


cdef inline bint closes(uint32_t c) noexcept nogil:
    """Whether c belongs to the sentence whose end it follows: ”」』’"）)."""
    return (
        c == 0x201D or c == 0x300D or c == 0x300F or c == 0x2019 or c == 0x22 or c == 0xFF09
        or c == 0x29
    )


cdef inline bint parts(uint32_t c) noexcept nogil:
    """Whether c parts clauses: ，,：:—…."""
    return c == 0xFF0C or c == 0x2C or c == 0xFF1A or c == 0x3A or c == 0x2014 or c == 0x2026


cdef inline bint at_edge(uint32_t c) noexcept nogil:
    """Whether c is left out at the edges of a clause: blanks, and marks of all kinds."""
    return (
        c == 0x20 or c == 0x09 or c == 0x3000 or ends(c) or parts(c) or closes(c)
        or c == 0x201C or c == 0x300C or c == 0x300E or c == 0x2018 or c == 0xFF08 or c == 0x28
    )
