"""What an index keeps apart: the symbol of each code point, and what a phrase accepts."""

from libc.stdint cimport uint8_t, uint32_t


cdef class SymbolMap:
    cdef uint32_t* symbol
    cdef uint32_t* folded
    cdef uint8_t* has_kin
    cdef readonly dict kin
    cdef readonly frozenset apart
    cdef readonly object digest


cdef class Phrase:
    """Accepted symbols of each character: ``symbols[starts[i]:starts[i + 1]]``."""

    cdef Py_ssize_t length
    cdef uint32_t* starts
    cdef uint32_t* symbols
    cdef readonly str text
