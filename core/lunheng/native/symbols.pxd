"""What an index keeps apart: the symbol of each code point, and what a phrase accepts."""

from libc.stdint cimport uint16_t, uint32_t


cdef struct Kin:
    uint32_t member         # a code point
    bint apart              # whether writers keep it apart from others that fold alike


cdef class SymbolMap:
    cdef uint32_t* symbol
    cdef uint32_t* folded
    cdef uint16_t* group        # of a code point: its group in `groups`, 0 without kin
    cdef uint32_t* groups       # where each group's kin begin
    cdef Kin* kin
    cdef readonly frozenset apart
    cdef readonly object digest
    cdef uint32_t most_accepted(self, uint32_t code) noexcept nogil
    cdef uint32_t accept(self, uint32_t code, bint variants, uint32_t* out) noexcept nogil


cdef class Phrase:
    """Accepted symbols of each character: ``symbols[starts[i]:starts[i + 1]]``."""

    cdef Py_ssize_t length
    cdef uint32_t* starts
    cdef uint32_t* symbols
    cdef readonly str text
    cdef int accept(self, SymbolMap symbols, bint variants) except -1 nogil
