# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Rank the documents of one segment by BM25, scoring only those that may be among the best.

What the counted postings of a query's terms give is added up, a window of documents at a time.
Without frequent terms these sums are the scores. With some, the documents of the best sums are
scored first; then those whose sum and the greatest impacts of the frequent terms around them
reach what is needed (MaxScore, Turtle and Flood 1995, with the block maxima of Ding and Suel
2011); and then, if frequent terms alone may reach it, the windows where they do. The answer is
exact.

Bounds checks are off: documents lie below the segment's number.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memset

from lunheng.native.best cimport Best, free_best, make_best, offer
from lunheng.native.eliasfano cimport lowest
from lunheng.native.postings cimport IMPACTS, impact, mean_length, usual_norm, window_shift
from lunheng.native.segment_reader cimport SegmentReader
from lunheng.native.term_postings cimport TermPostings, count_between
from lunheng.native.windows cimport score_windows

cdef enum:
    WIDTH = 16384
    WORDS = 256
    GROUPS = 4

cdef struct Sums:
    double[WIDTH] of
    uint64_t[WORDS] bits
    uint64_t[GROUPS] words


# What rounding may take from a bound that was added up in another order than a score.
cdef double SLACK = 1 + 1e-12


cdef int rank_segment(
    SegmentReader reader,
    uint32_t number,
    const TermPostings* terms,
    const double* weights,
    size_t n_terms,
    double flat,
    double per_length,
    const uint8_t* admitted,
    Best* best,
) except -1 nogil:
    """Offer the documents that may be among the best of the segment with a ``number``.

    A term that occurs ``tf`` times in a document of ``length`` characters gives its weight, above
    0, times ``tf / (tf + flat + length * per_length)``.
    """
    cdef Ranking ranking
    cdef Candidates found
    cdef size_t counted = 0, i
    memset(&ranking, 0, sizeof(Ranking))
    memset(&found, 0, sizeof(Candidates))
    ranking.starts, ranking.n_documents = reader.starts, reader.n_documents
    ranking.segment = <uint64_t>number << 32
    ranking.n_terms, ranking.admitted, ranking.best = n_terms, admitted, best
    ranking.flat, ranking.per_length = flat, per_length
    try:
        ranking.terms = <Term*>calloc(n_terms + 1, sizeof(Term))
        if ranking.terms == NULL:
            with gil:
                raise MemoryError
        for i in range(n_terms):
            set_term(&ranking, i, terms + i, weights[i], reader)
            counted += terms[i].n
        if ranking.n_frequent == 0:
            add_counted(&ranking, NULL)
            return 0
        found.documents = <uint32_t*>malloc((counted + 1) * sizeof(uint32_t))
        found.scores = <double*>malloc((counted + 1) * sizeof(double))
        if found.documents == NULL or found.scores == NULL:
            with gil:
                raise MemoryError
        add_counted(&ranking, &found)
        score_found(&ranking, &found)
        if most_of_frequent(&ranking) * SLACK >= best.least:
            score_windows(&ranking, &found)
        return 0
    finally:
        free(ranking.terms)
        free(found.documents)
        free(found.scores)


cdef void set_term(
    Ranking* ranking, size_t i, const TermPostings* postings, double weight, SegmentReader reader
) noexcept nogil:
    """Take a term, and work out what each stored impact can at most be worth for this query.

    With ``r`` the least ratio of a document's norm to the one that the impact ``x`` was made
    with, an impact cannot exceed ``x / (x + r * (1 - x))``. Norms are affine in the length, so
    the least ratio is that of the constants or that of the slopes.
    """
    cdef Term* term = ranking.terms + i
    cdef double average = mean_length(reader.universe, reader.n_documents)
    cdef double constant = usual_norm(0, average), ratio, x
    cdef uint32_t step
    term.postings, term.weight = postings, weight
    if not postings.is_frequent:
        return
    ranking.n_frequent += 1
    term.shift = window_shift(reader.n_documents, postings.frequent.n)
    ratio = min(
        ranking.flat / constant, ranking.per_length / (usual_norm(1, average) - constant)
    )
    term.gain[0] = 0
    for step in range(1, IMPACTS + 1):
        x = <double>step / IMPACTS
        term.gain[step] = weight * x / (x + ratio * (1 - x))


cdef void add_counted(Ranking* ranking, Candidates* found) noexcept nogil:
    """Add up what the counted postings give each document, in the order of terms.

    Without ``found`` that is the score, and documents are offered; with it they are gathered.
    """
    cdef Sums sums
    cdef uint64_t base, words, bits
    cdef uint32_t group, word, at
    cdef size_t i
    memset(sums.words, 0, sizeof(sums.words))
    memset(sums.bits, 0, sizeof(sums.bits))
    for i in range(ranking.n_terms):
        ranking.terms[i].next = 0
    while True:
        base = first_left(ranking)
        if base >= ranking.n_documents:
            return
        base -= base % WIDTH
        for i in range(ranking.n_terms):
            add_between(ranking, ranking.terms + i, base, &sums)
        for group in range(<uint32_t>GROUPS):
            words = sums.words[group]
            sums.words[group] = 0
            while words:
                word = group * 64 + <uint32_t>lowest(words)
                words &= words - 1
                bits = sums.bits[word]
                sums.bits[word] = 0
                while bits:
                    at = word * 64 + <uint32_t>lowest(bits)
                    bits &= bits - 1
                    take_sum(ranking, <uint32_t>base + at, sums.of[at], found)


cdef inline uint64_t first_left(const Ranking* ranking) noexcept nogil:
    """Return the first document that some term has left, their number if none has."""
    cdef uint64_t first = ranking.n_documents
    cdef const Term* term
    cdef size_t i
    for i in range(ranking.n_terms):
        term = ranking.terms + i
        if term.next < term.postings.n and term.postings.documents[term.next] < first:
            first = term.postings.documents[term.next]
    return first


cdef inline void add_between(
    const Ranking* ranking, Term* term, uint64_t base, Sums* sums
) noexcept nogil:
    """Add what a term gives the documents of one window."""
    cdef const uint32_t* documents = term.postings.documents
    cdef const uint32_t* counts = term.postings.counts
    cdef size_t next = term.next, n = term.postings.n
    cdef uint64_t end = base + WIDTH
    cdef uint32_t at
    cdef uint64_t bit
    cdef double before
    while next < n and documents[next] < end:
        at = documents[next] & (WIDTH - 1)
        bit = <uint64_t>1 << (at & 63)
        before = sums.of[at] if sums.bits[at >> 6] & bit else 0
        sums.of[at] = before + gain_of(ranking, term.weight, counts[next], documents[next])
        sums.bits[at >> 6] |= bit
        sums.words[at >> 12] |= <uint64_t>1 << ((at >> 6) & 63)
        next += 1
    term.next = next


cdef inline void take_sum(
    Ranking* ranking, uint32_t document, double score, Candidates* found
) noexcept nogil:
    if found != NULL:
        found.documents[found.n], found.scores[found.n] = document, score
        found.n += 1
    elif score >= ranking.best.least and is_admitted(ranking, document):
        offer(ranking.best, score, ranking.segment | document)


cdef int score_found(Ranking* ranking, Candidates* found) except -1 nogil:
    """Score those with the best sums, then those that may still be among the best."""
    cdef double least = nth_best(found, ranking.best.room)
    cdef double most = most_of_frequent(ranking)
    cdef uint32_t document
    cdef size_t i
    cdef bint first
    rewind(ranking)
    for i in range(found.n):
        if found.scores[i] >= least and is_admitted(ranking, found.documents[i]):
            offer_scored(ranking, found.documents[i])
    rewind(ranking)
    for i in range(found.n):
        document = found.documents[i]
        if (
            found.scores[i] < least
            and (found.scores[i] + most) * SLACK >= ranking.best.least
            and (found.scores[i] + most_around(ranking, document)) * SLACK >= ranking.best.least
            and is_admitted(ranking, document)
        ):
            offer_scored(ranking, document)
    return 0


cdef double nth_best(const Candidates* found, size_t n) except -1 nogil:
    """Return the sum that ``n`` documents reach, 0 if there are not so many."""
    cdef Best best
    cdef size_t i
    make_best(&best, min(n, found.n))
    for i in range(found.n):
        if found.scores[i] >= best.least:
            offer(&best, found.scores[i], i)
    free_best(&best)
    return best.least if best.n == n else 0


cdef double most_of_frequent(const Ranking* ranking) noexcept nogil:
    """Return more than the frequent terms can give any document."""
    cdef double most = 0
    cdef size_t i
    for i in range(ranking.n_terms):
        most += ranking.terms[i].gain[IMPACTS]
    return most


cdef inline double most_around(const Ranking* ranking, uint32_t document) noexcept nogil:
    """Return more than the frequent terms can give one document."""
    cdef double most = 0
    cdef const Term* term
    cdef size_t i
    for i in range(ranking.n_terms):
        term = ranking.terms + i
        if term.postings.is_frequent:
            most += term.gain[impact(&term.postings.frequent, document >> term.shift)]
    return most


cdef void rewind(Ranking* ranking) noexcept nogil:
    cdef size_t i
    for i in range(ranking.n_terms):
        ranking.terms[i].next = 0
        ranking.terms[i].cursor.bit = ranking.terms[i].cursor.bucket = 0


cdef void offer_scored(Ranking* ranking, uint32_t document) noexcept nogil:
    """Count all terms in a document and offer it; documents must ascend."""
    cdef double score = 0
    cdef uint32_t count
    cdef size_t i
    cdef Term* term
    for i in range(ranking.n_terms):
        term = ranking.terms + i
        count = counted_in(term, document)
        if term.postings.is_frequent:
            count_between(
                &term.postings.frequent, &term.cursor, ranking.starts + document, 1, &count
            )
        if count:
            score += gain_of(ranking, term.weight, count, document)
    offer(ranking.best, score, ranking.segment | document)


cdef uint32_t counted_in(Term* term, uint32_t document) noexcept nogil:
    """Return how often a counted term occurs in a document, going forward in doubling steps."""
    cdef const uint32_t* documents = term.postings.documents
    cdef size_t low = term.next, high, step = 1, n = term.postings.n, middle
    while low + step < n and documents[low + step] < document:
        low += step
        step *= 2
    high = min(low + step, n)
    while low < high:
        middle = (low + high) // 2
        if documents[middle] < document:
            low = middle + 1
        else:
            high = middle
    term.next = low
    return term.postings.counts[low] if low < n and documents[low] == document else 0
