"""Symbols of one index segment, and the postings of their pairs."""

from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from lunheng.native.eliasfano cimport EliasFano
from lunheng.native.intersection cimport Pair
from lunheng.native.symbols cimport Phrase
from lunheng.native.verified cimport VerifiedFile


cdef class Dictionary:
    cdef VerifiedFile file
    cdef uint64_t universe
    cdef readonly uint32_t n_symbols
    cdef uint32_t n_documents
    cdef const uint32_t* code_points
    cdef const uint16_t* by_code_point
    cdef const uint64_t* counts
    cdef const uint32_t* row_blocks
    cdef const uint64_t* row_entries
    cdef const uint64_t* block_keys
    cdef const uint32_t* block_entries
    cdef const uint8_t* entries
    cdef const uint8_t* postings
    cdef bint tables_checked

    cdef int touch_tables(self) except -1 nogil
    cdef uint32_t symbol_number(self, uint32_t code_point) noexcept nogil
    cdef int list_of(self, uint32_t first, uint32_t second, EliasFano* found) except -1 nogil
    cdef int touch_postings(self, uint64_t bit, uint64_t n) except -1 nogil
    cdef int pair_lists(
        self, const uint32_t* symbols, uint32_t split, uint32_t end, Pair* pair
    ) except -1 nogil
    cdef int all_pairs(self, Phrase phrase, Pair* pairs) except -1 nogil
    cdef int look_up(self, Phrase phrase, Pair** pairs) except -1 nogil
    cdef int decode_row(self, uint32_t symbol, uint32_t* out) except -1 nogil


cdef void free_pairs(Pair* pairs, Py_ssize_t n) noexcept nogil
