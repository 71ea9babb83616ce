"""Reading the text of one index segment."""

from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from lunheng.native.text_coding cimport TextUnpacker
from lunheng.native.verified cimport VerifiedFile


cdef class TextReader:
    cdef VerifiedFile file
    cdef uint64_t universe
    cdef const uint8_t* packed
    cdef uint64_t packed_size
    cdef const uint64_t* text_groups
    cdef const uint16_t* text_blocks
    cdef const uint32_t* alphabet
    cdef uint64_t n_codes
    cdef TextUnpacker unpacker

    cdef uint64_t block_bit(self, uint64_t block) noexcept nogil
    cdef int touch_text(self, uint64_t start, uint64_t end) except -1
    cdef void unpack(self, uint64_t start, uint64_t end, uint16_t* out) noexcept nogil
