"""Reading one index segment from mapped memory; safe to share between threads.

Other Cython packages may ``cimport`` :class:`SegmentReader` and call ``find`` without the GIL.
"""

from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from lunheng.native.eliasfano cimport EliasFano
from lunheng.native.intersection cimport Matches, Pair
from lunheng.native.symbols cimport Phrase
from lunheng.native.text_coding cimport TextUnpacker


cdef class SegmentReader:
    cdef const uint8_t[::1] data
    cdef const uint8_t* base
    cdef const uint64_t* sums
    cdef uint8_t* checked
    cdef object checksums
    cdef uint64_t block, body, end
    cdef readonly uint64_t universe
    cdef readonly uint32_t n_symbols, n_documents
    cdef const uint32_t* code_points
    cdef const uint16_t* by_code_point
    cdef const uint64_t* counts
    cdef const uint32_t* row_blocks
    cdef const uint64_t* row_entries
    cdef const uint64_t* block_keys
    cdef const uint32_t* block_entries
    cdef const uint8_t* entries
    cdef const uint8_t* postings
    cdef const uint32_t* starts
    cdef const uint32_t* nearby
    cdef const uint8_t* packed
    cdef uint64_t packed_size
    cdef const uint64_t* text_groups
    cdef const uint16_t* text_blocks
    cdef dict sections
    cdef TextUnpacker unpacker
    cdef const uint32_t* alphabet
    cdef uint64_t n_codes
    cdef bint tables_checked, documents_checked

    cdef const uint8_t* section(self, dict sections, str name) except NULL
    cdef uint64_t blocks(self)
    cdef int touch(self, const void* start, uint64_t size) except -1 nogil
    cdef int touch_tables(self) except -1 nogil
    cdef int touch_postings(self, uint64_t bit, uint64_t n) except -1 nogil
    cdef int touch_documents(self) except -1 nogil
    cdef uint64_t block_bit(self, uint64_t block) noexcept nogil
    cdef table(self, str name, dtype)
    cdef int touch_text(self, uint64_t start, uint64_t end) except -1
    cdef void unpack(self, uint64_t start, uint64_t end, uint16_t* out) noexcept nogil
    cdef uint32_t symbol_number(self, uint32_t code_point) noexcept nogil
    cdef int list_of(self, uint32_t first, uint32_t second, EliasFano* found) except -1 nogil
    cdef int find(self, Phrase phrase, Matches* matches) except -1 nogil
    cdef int find_for_python(self, Phrase phrase, Matches* matches) except -1
    cdef Pair* look_up(self, Phrase phrase) except? NULL nogil
    cdef int tally(self, Phrase phrase, uint64_t* total) except -1 nogil
    cdef int pair_lists(
        self, const uint32_t* symbols, uint32_t split, uint32_t end, Pair* pair
    ) except -1 nogil
    cdef int all_pairs(self, Phrase phrase, Pair* pairs) except -1 nogil
    cdef int find_character(self, Phrase phrase, Matches* matches) except -1 nogil
    cdef int decode_row(self, uint32_t symbol, Matches* matches) except -1 nogil
    cdef uint32_t document_at(self, uint32_t position) noexcept nogil
    cdef size_t by_document(self, Matches* matches, uint32_t* counts) noexcept nogil
