"""Writing one index segment: coding texts, sorting and packing postings."""

from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t


cdef class TextEncoder:
    cdef uint16_t* code_of
    cdef uint16_t* codes
    cdef size_t room
    cdef readonly size_t used
    cdef uint32_t[65536] code_points
    cdef uint64_t[65536] frequency
    cdef readonly uint32_t n_codes

    cdef size_t code_text(self, int kind, const void* data, size_t n, uint16_t* out) noexcept nogil
    cdef void take_back(self, const uint16_t* codes, size_t n, uint32_t n_codes) noexcept nogil


cdef class Bytes:
    cdef uint8_t* data
    cdef size_t used
    cdef size_t room

    cdef int reserve(self, size_t more) except -1 nogil
    cdef void put_varint(self, uint32_t value) noexcept nogil
    cdef void put(self, const void* value, size_t size) noexcept nogil
    cdef array(self, dtype)


cdef class PostingsBuilder:
    cdef uint16_t[65536] symbol_of
    cdef uint64_t* slot
    cdef uint64_t* row_ends
    cdef uint64_t* postings
    cdef uint64_t* scratch
    cdef const uint64_t[::1] counts
    cdef const uint32_t[::1] starts
    cdef uint64_t universe
    cdef uint32_t n_documents, n_symbols, first, last
    cdef uint64_t bits_before
    cdef uint64_t longest
    cdef Bytes lists
    cdef Bytes entries
    cdef Bytes row_blocks
    cdef Bytes row_entries
    cdef Bytes block_keys
    cdef Bytes block_entries

    cdef void collect(self, const uint16_t* codes, Py_ssize_t n, uint64_t position) noexcept nogil
    cdef int write_row(self, uint64_t* row, uint64_t n) except -1 nogil
    cdef void write_list(self, uint64_t bit, const uint64_t* values, uint64_t n) noexcept nogil
