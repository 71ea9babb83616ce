# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Look many phrases up in one segment without the GIL, so that threads share the work.

Bounds checks are off: documents lie below the segment's number, and a result is an array as long
as the phrases it was made for. The phrases stay alive because their tuple does.
"""

from cpython.ref cimport PyObject
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, realloc
from libc.string cimport memcpy, memset

import numpy as np

from lunheng.native.intersection cimport Matches
from lunheng.native.segment_reader cimport SegmentReader
from lunheng.native.symbols cimport Phrase

cdef extern from "Python.h":
    PyObject* PyTuple_GET_ITEM(tuple items, Py_ssize_t index) noexcept nogil


def count_each(
    SegmentReader reader not None, tuple phrases not None, const uint8_t[::1] deleted=None
):
    """Return how often each phrase occurs, as int64.

    Args:
        reader: the segment.
        phrases: the :class:`Phrase` of each.
        deleted: uint8, for each document whether it does not count; ``None`` if all do.
    """
    require_phrases(phrases)
    counts = np.zeros(len(phrases), np.int64)
    cdef int64_t[::1] count = counts
    cdef const uint8_t* dead = mask_of(reader, deleted)
    cdef Py_ssize_t i
    with nogil:
        for i in range(count.shape[0]):
            count[i] = count_of(reader, <Phrase>PyTuple_GET_ITEM(phrases, i), dead)
    return counts


def documents_of_each(
    SegmentReader reader not None, tuple phrases not None, const uint8_t[::1] deleted=None
):
    """Return how many documents have each phrase (int64), and all these documents (uint32).

    Arguments are those of :func:`count_each`.
    """
    require_phrases(phrases)
    counts = np.zeros(len(phrases), np.int64)
    cdef int64_t[::1] count = counts
    cdef const uint8_t* dead = mask_of(reader, deleted)
    cdef Numbers documents
    cdef size_t before
    cdef Py_ssize_t i
    memset(&documents, 0, sizeof(Numbers))
    try:
        with nogil:
            for i in range(count.shape[0]):
                before = documents.n
                documents_of(reader, <Phrase>PyTuple_GET_ITEM(phrases, i), dead, &documents)
                count[i] = <int64_t>(documents.n - before)
        return counts, array_of(&documents)
    finally:
        free(documents.values)


def places_of_each(
    SegmentReader reader not None, tuple phrases not None, const uint8_t[::1] deleted=None
):
    """Return how often each phrase occurs (int64), and documents and offsets in them (uint32).

    Arguments are those of :func:`count_each`.
    """
    require_phrases(phrases)
    counts = np.zeros(len(phrases), np.int64)
    cdef int64_t[::1] count = counts
    cdef const uint8_t* dead = mask_of(reader, deleted)
    cdef Numbers documents, offsets
    cdef size_t before
    cdef Py_ssize_t i
    memset(&documents, 0, sizeof(Numbers))
    memset(&offsets, 0, sizeof(Numbers))
    try:
        with nogil:
            for i in range(count.shape[0]):
                before = documents.n
                places_of(
                    reader, <Phrase>PyTuple_GET_ITEM(phrases, i), dead, &documents, &offsets
                )
                count[i] = <int64_t>(documents.n - before)
        return counts, array_of(&documents), array_of(&offsets)
    finally:
        free(documents.values)
        free(offsets.values)


cdef int require_phrases(tuple phrases) except -1:
    for phrase in phrases:
        if type(phrase) is not Phrase:
            raise TypeError(f"expected phrases, got {type(phrase).__name__}")
    return 0


cdef const uint8_t* mask_of(SegmentReader reader, const uint8_t[::1] deleted) except? NULL:
    if deleted is None:
        return NULL
    if <uint64_t>deleted.shape[0] != reader.n_documents:
        raise ValueError(f"expected {reader.n_documents} marks, got {deleted.shape[0]}")
    return &deleted[0]


cdef array_of(const Numbers* numbers):
    out = np.empty(numbers.n, np.uint32)
    cdef uint32_t[::1] target = out
    if numbers.n:
        memcpy(&target[0], numbers.values, numbers.n * sizeof(uint32_t))
    return out


cdef int reserve(Numbers* numbers, size_t more) except -1 nogil:
    """Make room for ``more`` numbers."""
    cdef size_t room = max(numbers.room, <size_t>1024)
    cdef uint32_t* values
    while room < numbers.n + more:
        room *= 2
    if room > numbers.room:
        values = <uint32_t*>realloc(numbers.values, room * sizeof(uint32_t))
        if values == NULL:
            with gil:
                raise MemoryError
        numbers.values, numbers.room = values, room
    return 0


cdef int64_t count_of(
    SegmentReader reader, Phrase phrase, const uint8_t* deleted
) except -1 nogil:
    cdef Matches matches
    cdef uint64_t total = 0
    cdef size_t i
    cdef uint32_t document = 0, end = 0
    if phrase.length <= 2 and deleted == NULL:
        reader.tally(phrase, &total)
        return <int64_t>total
    reader.find(phrase, &matches)
    if deleted == NULL:
        free(matches.positions)
        return <int64_t>matches.n
    try:
        reader.touch_documents()
        for i in range(matches.n):
            if matches.positions[i] >= end:
                document = reader.document_at(matches.positions[i])
                end = reader.starts[document + 1]
            total += not deleted[document]
        return <int64_t>total
    finally:
        free(matches.positions)


cdef int documents_of(
    SegmentReader reader, Phrase phrase, const uint8_t* deleted, Numbers* documents
) except -1 nogil:
    """Add the documents that have a phrase, ascending."""
    cdef Matches matches
    cdef uint32_t document, end = 0
    cdef size_t i
    reader.find(phrase, &matches)
    try:
        reader.touch_documents()
        reserve(documents, matches.n)
        for i in range(matches.n):
            if matches.positions[i] >= end:
                document = reader.document_at(matches.positions[i])
                end = reader.starts[document + 1]
                documents.values[documents.n] = document
                documents.n += deleted == NULL or not deleted[document]
        return 0
    finally:
        free(matches.positions)


cdef int places_of(
    SegmentReader reader,
    Phrase phrase,
    const uint8_t* deleted,
    Numbers* documents,
    Numbers* offsets,
) except -1 nogil:
    """Add the document and the offset of each occurrence of a phrase, ascending."""
    cdef Matches matches
    cdef uint32_t document = 0, end = 0
    cdef size_t i
    reader.find(phrase, &matches)
    try:
        reader.touch_documents()
        reserve(documents, matches.n)
        reserve(offsets, matches.n)
        for i in range(matches.n):
            if matches.positions[i] >= end:
                document = reader.document_at(matches.positions[i])
                end = reader.starts[document + 1]
            if deleted == NULL or not deleted[document]:
                documents.values[documents.n] = document
                offsets.values[offsets.n] = matches.positions[i] - reader.starts[document]
                documents.n += 1
                offsets.n += 1
        return 0
    finally:
        free(matches.positions)
