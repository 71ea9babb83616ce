# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Prepare the terms of a query for ranking: exact document frequencies, and what is counted.

The list of a frequent pair stays as it is and is asked for the documents that need it; what is
rare, a phrase of another length, or in a segment with deleted documents is counted at once.

Bounds checks are off: documents lie below the segment's number.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memset

from lunheng.native.eliasfano cimport (
    WINDOW,
    Cursor,
    EliasFano,
    load_bits,
    lower_part,
    lowest,
    seek_bucket,
)
from lunheng.native.intersection cimport Matches, Pair, starts_of
from lunheng.native.postings cimport FREQUENT, document_frequency
from lunheng.native.segment_reader cimport SegmentReader
from lunheng.native.symbols cimport Phrase


cdef int open_term(
    SegmentReader reader, Phrase phrase, const uint8_t* deleted, TermPostings* term
) except -1 nogil:
    """Find what a term has in a segment; documents that ``deleted`` marks do not count.

    The caller closes the term, also after an error.
    """
    memset(term, 0, sizeof(TermPostings))
    reader.dictionary.touch_tables()
    reader.touch_documents()
    if phrase.length == 2 and deleted == NULL:
        take_pair(reader, phrase, term)
    else:
        take_all(reader, phrase, term)
        if deleted != NULL:
            drop_deleted(term, deleted)
    term.document_frequency = only_counted(reader, term)
    if term.is_frequent:
        term.document_frequency += document_frequency(&term.frequent)
    return 0


cdef void close_term(TermPostings* term) noexcept nogil:
    free(term.documents)
    free(term.counts)
    term.documents = term.counts = NULL


cdef int take_pair(SegmentReader reader, Phrase phrase, TermPostings* term) except -1 nogil:
    """Leave the longest list as it is if it is frequent; count what the others hold."""
    cdef Pair pair
    cdef Matches matches
    cdef uint32_t i, longest = 0
    memset(&pair, 0, sizeof(Pair))
    try:
        reader.dictionary.all_pairs(phrase, &pair)
        for i in range(1, pair.n_lists):
            if pair.lists[i].n > pair.lists[longest].n:
                longest = i
        if pair.n_lists and pair.lists[longest].n >= FREQUENT:
            term.frequent, term.is_frequent = pair.lists[longest], True
            pair.n -= term.frequent.n
            pair.n_lists -= 1
            pair.lists[longest] = pair.lists[pair.n_lists]
        if pair.n:
            starts_of(&pair, 0, &matches)
            tally(reader, &matches, term)
        return 0
    finally:
        free(pair.lists)


cdef int take_all(SegmentReader reader, Phrase phrase, TermPostings* term) except -1 nogil:
    cdef Matches matches
    reader.find(phrase, &matches)
    return tally(reader, &matches, term)


cdef int tally(SegmentReader reader, Matches* matches, TermPostings* term) except -1 nogil:
    """Take the positions over and count them by document."""
    term.documents = matches.positions
    term.counts = <uint32_t*>malloc((matches.n + 1) * sizeof(uint32_t))
    if term.counts == NULL:
        with gil:
            raise MemoryError
    term.n = reader.by_document(matches, term.counts)
    return 0


cdef void drop_deleted(TermPostings* term, const uint8_t* deleted) noexcept nogil:
    cdef size_t i, kept = 0
    for i in range(term.n):
        term.documents[kept], term.counts[kept] = term.documents[i], term.counts[i]
        kept += not deleted[term.documents[i]]
    term.n = kept


cdef uint32_t only_counted(SegmentReader reader, const TermPostings* term) noexcept nogil:
    """Return how many of the counted documents the frequent list does not have."""
    cdef uint32_t only = 0, found
    cdef size_t i
    cdef Cursor at
    if not term.is_frequent:
        return <uint32_t>term.n
    at.bit, at.bucket = 0, 0
    for i in range(term.n):
        found = 0
        count_between(&term.frequent, &at, reader.starts + term.documents[i], 1, &found)
        only += found == 0
    return only


cdef void count_between(
    const EliasFano* ef, Cursor* at, const uint32_t* starts, uint32_t n, uint32_t* counts
) noexcept nogil:
    """Add to ``counts`` how many positions each of the ``n`` documents from ``starts`` on holds.

    Documents must be asked for in ascending order.
    """
    cdef uint64_t first = starts[0], end = starts[n], bit, bucket, i, value, upper
    cdef uint32_t document = 0
    if (first >> ef.low) > at.bucket:
        seek_bucket(ef, at, first >> ef.low)
    bit, bucket = at.bit, at.bucket
    while True:
        i = bit - bucket
        if i >= ef.n or bucket << ef.low >= end:
            break
        upper = load_bits(ef.data, ef.upper + bit) | (<uint64_t>1 << WINDOW)
        if not upper & 1:
            bucket += lowest(upper)
            bit += lowest(upper)
            continue
        value = (bucket << ef.low) | lower_part(ef, i)
        if value >= end:
            break
        bit += 1
        if value >= first:
            while starts[document + 1] <= value:
                document += 1
            counts[document] += 1
    at.bit, at.bucket = bit, bucket
