# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Search the segments of an index by BM25 (Robertson and Zaragoza 2009), without the GIL.

Statistics are those of the whole index, so that segments do not change scores.

Bounds checks are off: there is a reader and a place for a mask for each segment, and each mask is
as long as its segment has documents. Phrases stay alive because their tuples do.
"""

cimport cython
from cpython.ref cimport PyObject
from libc.math cimport log
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memcpy, memset

import numpy as np

from lunheng.native.best cimport Best, free_best, make_best, sort_best
from lunheng.native.lookups cimport Numbers, documents_of
from lunheng.native.ranking cimport rank_segment
from lunheng.native.segment_reader cimport SegmentReader
from lunheng.native.symbols cimport Phrase
from lunheng.native.term_postings cimport TermPostings, close_term, open_term

cdef extern from "Python.h":
    PyObject* PyTuple_GET_ITEM(tuple items, Py_ssize_t index) noexcept nogil
    Py_ssize_t PyTuple_GET_SIZE(tuple items) noexcept nogil


@cython.final
cdef class Searcher:
    """Rank the documents of segments for queries that share filters and parameters.

    Args:
        readers: the :class:`SegmentReader` of each segment.
        deleted: for each, uint8, whether a document does not count; ``None`` if all do.
        admitted: for each, uint8, whether a document may be found; ``None`` if all may.
        documents: how many documents count in all, at least 1.
        average: how many characters they have on average.
        k1: how fast repeated terms saturate.
        b: how much long documents are held back.
    """

    def __cinit__(
        self,
        tuple readers not None,
        deleted,
        admitted,
        double documents,
        double average,
        double k1,
        double b,
    ):
        cdef SegmentReader reader
        cdef uint32_t i
        self.readers, self.masks, self.n_segments = readers, [], <uint32_t>len(readers)
        self.documents, self.k1 = documents, k1
        self.flat, self.per_length = k1 * (1 - b), k1 * b / average
        self.deleted = <const uint8_t**>calloc(self.n_segments + 1, sizeof(uint8_t*))
        self.admitted = <const uint8_t**>calloc(self.n_segments + 1, sizeof(uint8_t*))
        if self.deleted == NULL or self.admitted == NULL:
            raise MemoryError
        for i, (reader, dead, may) in enumerate(zip(readers, deleted, admitted, strict=True)):
            self.deleted[i] = mask_of(reader, dead, self.masks)
            self.admitted[i] = mask_of(reader, may, self.masks)

    def __dealloc__(self):
        free(self.deleted)
        free(self.admitted)

    def search_each(self, tuple terms not None, tuple required not None, Py_ssize_t k):
        """Return the ``k`` best documents of each query, the best first.

        Args:
            terms: the terms of each query, tuples of :class:`Phrase`.
            required: for each the phrases that a document must have, likewise.
            k: how many documents at most, from 1.

        Returns:
            How many each query has found (int64); of all these ``segment << 32 | document``
            (uint64) and the score (float64). Of equal scores the lower key comes first.
        """
        cdef Py_ssize_t n = len(terms), i
        for query in (*terms, *required):
            if type(query) is not tuple or any([type(phrase) is not Phrase for phrase in query]):
                raise TypeError("expected tuples of phrases")
        if len(required) != n:
            raise ValueError(f"expected required phrases of {n} queries, got {len(required)}")
        if k < 1:
            raise ValueError(f"expected at least one document, got {k}")
        counts = np.zeros(n, np.int64)
        cdef int64_t[::1] count = counts
        cdef size_t room = <size_t>min(<double>k, self.documents), before
        cdef Hits hits
        memset(&hits, 0, sizeof(Hits))
        try:
            with nogil:
                for i in range(n):
                    before = hits.n
                    self.add_hits(
                        <tuple>PyTuple_GET_ITEM(terms, i),
                        <tuple>PyTuple_GET_ITEM(required, i),
                        room,
                        &hits,
                    )
                    count[i] = <int64_t>(hits.n - before)
            keys, scores = np.empty(hits.n, np.uint64), np.empty(hits.n, np.float64)
            copy_hits(&hits, keys, scores)
            return counts, keys, scores
        finally:
            free(hits.keys)
            free(hits.scores)

    cdef int add_hits(
        self, tuple terms, tuple required, size_t room, Hits* hits
    ) except -1 nogil:
        """Add the best documents of one query, the best first."""
        cdef Best best
        make_best(&best, room)
        try:
            self.search(terms, required, &best)
            sort_best(&best)
            reserve_hits(hits, best.n)
            memcpy(hits.keys + hits.n, best.keys, best.n * sizeof(uint64_t))
            memcpy(hits.scores + hits.n, best.scores, best.n * sizeof(double))
            hits.n += best.n
            return 0
        finally:
            free_best(&best)

    cdef int search(self, tuple terms, tuple required, Best* best) except -1 nogil:
        """Offer the documents that fit a query; all its terms are looked up in every segment."""
        cdef size_t n = PyTuple_GET_SIZE(terms), i
        cdef uint32_t segment
        cdef double frequency
        cdef TermPostings* postings = <TermPostings*>calloc(
            n * self.n_segments + 1, sizeof(TermPostings)
        )
        cdef double* weights = <double*>malloc((n + 1) * sizeof(double))
        try:
            if postings == NULL or weights == NULL:
                with gil:
                    raise MemoryError
            for segment in range(self.n_segments):
                self.open_terms(terms, segment, postings + segment * n)
            for i in range(n):
                frequency = 0
                for segment in range(self.n_segments):
                    frequency += postings[segment * n + i].document_frequency
                weights[i] = self.weight(frequency)
            for segment in range(self.n_segments):
                self.rank(segment, postings + segment * n, weights, n, required, best)
            return 0
        finally:
            if postings != NULL:
                for i in range(n * self.n_segments):
                    close_term(postings + i)
            free(postings)
            free(weights)

    cdef double weight(self, double frequency) noexcept nogil:
        return (self.k1 + 1) * log(1 + (self.documents - frequency + 0.5) / (frequency + 0.5))

    cdef int open_terms(
        self, tuple terms, uint32_t segment, TermPostings* postings
    ) except -1 nogil:
        cdef Py_ssize_t i
        for i in range(PyTuple_GET_SIZE(terms)):
            open_term(
                <SegmentReader>PyTuple_GET_ITEM(self.readers, segment),
                <Phrase>PyTuple_GET_ITEM(terms, i),
                self.deleted[segment],
                postings + i,
            )
        return 0

    cdef int rank(
        self,
        uint32_t segment,
        const TermPostings* postings,
        const double* weights,
        size_t n,
        tuple required,
        Best* best,
    ) except -1 nogil:
        cdef const uint8_t* admitted = self.admitted[segment]
        cdef uint8_t* having = NULL
        try:
            if PyTuple_GET_SIZE(required):
                having = self.having(segment, required)
                admitted = having
            rank_segment(
                <SegmentReader>PyTuple_GET_ITEM(self.readers, segment),
                segment,
                postings,
                weights,
                n,
                self.flat,
                self.per_length,
                admitted,
                best,
            )
            return 0
        finally:
            free(having)

    cdef uint8_t* having(self, uint32_t segment, tuple required) except NULL nogil:
        """Return for each document whether it may be found and has all required phrases."""
        cdef uint32_t size = (<SegmentReader>PyTuple_GET_ITEM(self.readers, segment)).n_documents
        cdef const uint8_t* admitted = self.admitted[segment]
        cdef uint8_t* has = <uint8_t*>malloc(size)
        cdef bint done = False
        cdef Py_ssize_t i
        if has == NULL:
            with gil:
                raise MemoryError
        memset(has, 1, size)
        if admitted != NULL:
            memcpy(has, admitted, size)
        try:
            for i in range(PyTuple_GET_SIZE(required)):
                self.keep_having(segment, <Phrase>PyTuple_GET_ITEM(required, i), has, size)
            done = True
            return has
        finally:
            if not done:
                free(has)

    cdef int keep_having(
        self, uint32_t segment, Phrase phrase, uint8_t* has, uint32_t size
    ) except -1 nogil:
        """Set to 0 what does not have a phrase; what it is set to 1 for may have it or not."""
        cdef Numbers found
        cdef size_t i
        cdef uint32_t document
        memset(&found, 0, sizeof(Numbers))
        try:
            documents_of(
                <SegmentReader>PyTuple_GET_ITEM(self.readers, segment),
                phrase,
                self.deleted[segment],
                &found,
            )
            for i in range(found.n):
                has[found.values[i]] |= 2
            for document in range(size):
                has[document] = has[document] == 3
            return 0
        finally:
            free(found.values)


cdef int reserve_hits(Hits* hits, size_t more) except -1 nogil:
    """Make room for ``more`` hits."""
    cdef size_t room = max(hits.room, <size_t>64)
    cdef void* keys
    cdef void* scores
    while room < hits.n + more:
        room *= 2
    if room == hits.room:
        return 0
    keys = realloc(hits.keys, room * sizeof(uint64_t))
    if keys != NULL:
        hits.keys = <uint64_t*>keys
    scores = realloc(hits.scores, room * sizeof(double))
    if scores != NULL:
        hits.scores = <double*>scores
    if keys == NULL or scores == NULL:
        with gil:
            raise MemoryError
    hits.room = room
    return 0


cdef copy_hits(const Hits* hits, uint64_t[::1] keys, double[::1] scores):
    if hits.n:
        memcpy(&keys[0], hits.keys, hits.n * sizeof(uint64_t))
        memcpy(&scores[0], hits.scores, hits.n * sizeof(double))


cdef const uint8_t* mask_of(SegmentReader reader, mask, list alive) except? NULL:
    cdef const uint8_t[::1] view
    if mask is None:
        return NULL
    view = mask
    if <uint64_t>view.shape[0] != reader.n_documents:
        raise ValueError(f"expected {reader.n_documents} marks, got {view.shape[0]}")
    alive.append(view)
    return &view[0]
