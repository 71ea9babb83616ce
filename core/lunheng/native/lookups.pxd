"""Answers of one segment to many phrases, found without the GIL."""

from libc.stdint cimport uint8_t, uint32_t
from lunheng.native.intersection cimport Matches
from lunheng.native.segment_reader cimport SegmentReader
from lunheng.native.symbols cimport Phrase


cdef struct Numbers:
    uint32_t* values
    size_t n
    size_t room


cdef int documents_of(
    SegmentReader reader, Phrase phrase, const uint8_t* deleted, Numbers* documents
) except -1 nogil
cdef int places_of(
    SegmentReader reader,
    Phrase phrase,
    const uint8_t* deleted,
    Numbers* documents,
    Numbers* offsets,
) except -1 nogil
