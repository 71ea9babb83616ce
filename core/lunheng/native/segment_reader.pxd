"""Reading one index segment from mapped memory; safe to share between threads.

Other Cython packages may ``cimport`` :class:`SegmentReader` and call ``find`` without the GIL.
"""

from libc.stdint cimport uint32_t, uint64_t
from lunheng.native.dictionary cimport Dictionary
from lunheng.native.intersection cimport Matches
from lunheng.native.symbols cimport Phrase
from lunheng.native.verified cimport VerifiedFile


cdef class SegmentReader:
    cdef VerifiedFile file
    cdef readonly Dictionary dictionary
    cdef readonly uint64_t universe
    cdef readonly uint32_t n_documents
    cdef const uint32_t* starts
    cdef const uint32_t* nearby
    cdef bint documents_checked

    cdef int find(self, Phrase phrase, Matches* matches) except -1 nogil
    cdef int find_for_python(self, Phrase phrase, Matches* matches) except -1
    cdef int find_character(self, Phrase phrase, Matches* matches) except -1 nogil
    cdef int tally(self, Phrase phrase, uint64_t* total) except -1 nogil
    cdef int touch_documents(self) except -1 nogil
    cdef uint32_t document_at(self, uint32_t position) noexcept nogil
    cdef size_t by_document(self, Matches* matches, uint32_t* counts) noexcept nogil
