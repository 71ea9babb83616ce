# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Rank the documents of one segment by BM25, scoring only those that may be among the best.

Documents are taken in windows of equal size. The greatest impacts that frequent pairs carry and
those worked out for rare ones bound what a document of a window can score; windows are scored
from the highest bound down, until no other can hold one of the best (block-max pruning by ranges
of documents: Mallia, Suel and Tonellotto 2024). The answer is exact.

Bounds checks are off: documents lie below the segment's number, windows below theirs.
"""

cimport cython
from libc.math cimport ceil
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memset

import numpy as np

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
from lunheng.native.postings cimport (
    FREQUENT,
    IMPACTS,
    document_frequency,
    impact,
    mean_length,
    usual_norm,
    window_shift,
    windows_of,
)
from lunheng.native.segment_reader cimport SegmentReader
from lunheng.native.symbols cimport Phrase

cdef enum:
    FEWEST_WINDOWS = 4096
    MOST_WINDOWS = 32768
    LEVELS = 1024
    LEVEL_BITS = 20
    FULL_GAIN = LEVELS << LEVEL_BITS


@cython.final
cdef class TermPostings:
    """What one term of a query has in one segment, and its exact document frequency there.

    The list of a frequent pair stays as it is and is asked for the windows that need it; what is
    rare, a phrase of another length, or in a segment with deleted documents is counted at once.

    Args:
        reader: the segment.
        phrase: the term.
        deleted: uint8, for each document whether it does not count; ``None`` if all do.
    """

    def __cinit__(
        self,
        SegmentReader reader not None,
        Phrase phrase not None,
        const uint8_t[::1] deleted=None,
    ):
        cdef bint pruned = deleted is not None
        cdef size_t i, kept = 0
        self.reader = reader
        reader.touch_tables()
        reader.touch_documents()
        if phrase.length == 2 and not pruned:
            self.take_pair(phrase)
        else:
            with nogil:
                self.take_all(phrase)
        if pruned:
            for i in range(self.n):
                if not deleted[self.documents[i]]:
                    self.documents[kept] = self.documents[i]
                    self.counts[kept] = self.counts[i]
                    kept += 1
            self.n = kept
        self.document_frequency = self.only_rare()
        if self.is_frequent:
            self.document_frequency += document_frequency(&self.frequent)

    def __dealloc__(self):
        free(self.documents)
        free(self.counts)

    cdef int take_pair(self, Phrase phrase) except -1 nogil:
        """Leave the longest list as it is if it is frequent; count what the others hold."""
        cdef Pair pair
        cdef Matches matches
        cdef uint32_t i, longest = 0
        memset(&pair, 0, sizeof(Pair))
        try:
            self.reader.all_pairs(phrase, &pair)
            for i in range(1, pair.n_lists):
                if pair.lists[i].n > pair.lists[longest].n:
                    longest = i
            if pair.n_lists and pair.lists[longest].n >= FREQUENT:
                self.frequent, self.is_frequent = pair.lists[longest], True
                pair.n -= self.frequent.n
                pair.n_lists -= 1
                pair.lists[longest] = pair.lists[pair.n_lists]
            if pair.n:
                starts_of(&pair, 0, &matches)
                self.tally(&matches)
            return 0
        finally:
            free(pair.lists)

    cdef int take_all(self, Phrase phrase) except -1 nogil:
        cdef Matches matches
        self.reader.find(phrase, &matches)
        return self.tally(&matches)

    cdef int tally(self, Matches* matches) except -1 nogil:
        """Take the positions over and count them by document."""
        self.documents = matches.positions
        self.counts = <uint32_t*>malloc((matches.n + 1) * sizeof(uint32_t))
        if self.counts == NULL:
            with gil:
                raise MemoryError
        self.n = self.reader.by_document(matches, self.counts)
        return 0

    cdef uint32_t only_rare(self) noexcept nogil:
        """Return how many of the counted documents the frequent list does not have."""
        cdef uint32_t only = 0, found
        cdef size_t i
        cdef Cursor at
        if not self.is_frequent:
            return <uint32_t>self.n
        at.bit, at.bucket = 0, 0
        for i in range(self.n):
            found = 0
            count_between(
                &self.frequent, &at, self.reader.starts + self.documents[i], 1, &found
            )
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


def rank(
    SegmentReader reader not None,
    terms,
    weights,
    double flat,
    double per_length,
    Py_ssize_t k,
    double least,
    const uint8_t[::1] admitted=None,
):
    """Return at most ``k`` documents that score best and above ``least``, and their scores.

    A term that occurs ``tf`` times in a document of ``length`` characters gives its weight times
    ``tf / (tf + flat + length * per_length)``. Among equal scores the first documents are kept.

    Args:
        reader: the segment.
        terms: the :class:`TermPostings` of each term in this segment.
        weights: the weight of each, above 0.
        flat: what is added below the line.
        per_length: the same for each character.
        k: how many documents, from 1.
        least: what is not enough.
        admitted: uint8, for each document whether it may be found; ``None`` for all.
    """
    cdef Ranking ranking
    cdef TermPostings term
    cdef Term* at
    cdef double total = sum(weights)
    cdef int failed
    memset(&ranking, 0, sizeof(Ranking))
    ranking.starts, ranking.n_documents = reader.starts, reader.n_documents
    ranking.n_terms = len(terms)
    ranking.flat, ranking.per_length = flat, per_length
    ranking.scale = FULL_GAIN / max(total, 1e-300)
    if admitted is not None:
        ranking.admitted = &admitted[0]
    ranking.best.room = min(k, <Py_ssize_t>reader.n_documents)
    ranking.best.least = least
    ranking.terms = <Term*>calloc(ranking.n_terms + 1, sizeof(Term))
    if ranking.terms == NULL:
        raise MemoryError
    try:
        for i, (term, weight) in enumerate(zip(terms, weights, strict=True)):
            at = ranking.terms + <size_t>i
            at.weight = weight
            at.documents, at.counts, at.n = term.documents, term.counts, term.n
            if term.is_frequent:
                at.frequent = &term.frequent
                at.shift = window_shift(reader.n_documents, term.frequent.n)
        with nogil:
            failed = make_room(&ranking)
            if not failed:
                fill_gains(&ranking, mean_length(reader.universe, reader.n_documents))
                bound_windows(&ranking)
                score_windows(&ranking)
        if failed:
            raise MemoryError
        documents = np.empty(ranking.best.n, np.uint32)
        scores = np.empty(ranking.best.n, np.float64)
        copy_best(&ranking.best, documents, scores)
        return documents, scores
    finally:
        free(ranking.terms)
        free(ranking.bounds)
        free(ranking.counts)
        free(ranking.best.scores)
        free(ranking.best.documents)


cdef void copy_best(const Best* best, uint32_t[::1] documents, double[::1] scores):
    cdef size_t i
    for i in range(best.n):
        documents[i] = best.documents[i]
        scores[i] = best.scores[i]


cdef int make_room(Ranking* ranking) noexcept nogil:
    """Choose the windows and make room for what depends on them; say whether memory lacked."""
    cdef uint32_t shift = 32, fewest = 0
    cdef size_t i, width
    for i in range(ranking.n_terms):
        if ranking.terms[i].frequent != NULL:
            shift = min(shift, ranking.terms[i].shift)
    while (ranking.n_documents >> fewest) > FEWEST_WINDOWS:
        fewest += 1
    shift = min(shift, fewest)
    while (ranking.n_documents >> shift) > MOST_WINDOWS:
        shift += 1
    ranking.shift = shift
    ranking.n_windows = windows_of(ranking.n_documents, shift)
    width = <size_t>1 << shift
    ranking.bounds = <uint32_t*>calloc(ranking.n_windows, sizeof(uint32_t))
    ranking.counts = <uint32_t*>malloc(width * ranking.n_terms * sizeof(uint32_t))
    ranking.best.scores = <double*>malloc(ranking.best.room * sizeof(double))
    ranking.best.documents = <uint32_t*>malloc(ranking.best.room * sizeof(uint32_t))
    return (
        ranking.bounds == NULL
        or ranking.counts == NULL
        or ranking.best.scores == NULL
        or ranking.best.documents == NULL
    )


cdef void fill_gains(Ranking* ranking, double average) noexcept nogil:
    """Work out what each stored impact can at most be worth with this query's parameters.

    With ``r`` the least ratio of a document's norm to the one that the impact ``x`` was made
    with, an impact cannot exceed ``x / (x + r * (1 - x))``. Norms are affine in the length, so
    the least ratio is that of the constants or that of the slopes.
    """
    cdef double constant = usual_norm(0, average)
    cdef double ratio = min(
        ranking.flat / constant, ranking.per_length / (usual_norm(1, average) - constant)
    )
    cdef double x, greatest
    cdef size_t i
    cdef uint32_t step
    cdef Term* term
    for i in range(ranking.n_terms):
        term = ranking.terms + i
        if term.frequent == NULL:
            continue
        term.gain[0] = 0
        for step in range(1, IMPACTS + 1):
            x = <double>step / IMPACTS
            greatest = x / (x + ratio * (1 - x))
            term.gain[step] = whole_gain(ranking, term.weight * greatest)


cdef inline uint32_t whole_gain(const Ranking* ranking, double gain) noexcept nogil:
    """Return a gain as a whole number that is not less, whatever rounding did before."""
    return <uint32_t>ceil(gain * ranking.scale) + 1


cdef inline double gain_of(
    const Ranking* ranking, double weight, uint32_t count, uint32_t document
) noexcept nogil:
    cdef uint32_t length = ranking.starts[document + 1] - ranking.starts[document] - 1
    return weight * count / (count + (length * ranking.per_length + ranking.flat))


cdef void bound_windows(Ranking* ranking) noexcept nogil:
    cdef size_t i
    for i in range(ranking.n_terms):
        if ranking.terms[i].frequent != NULL:
            if ranking.terms[i].shift >= ranking.shift:
                add_wide(ranking, ranking.terms + i)
            else:
                add_narrow(ranking, ranking.terms + i)
        add_rare(ranking, ranking.terms + i)


cdef void add_wide(Ranking* ranking, const Term* term) noexcept nogil:
    """Add the bounds of a list whose windows are as wide as the query's or wider."""
    cdef uint32_t window, gain, step = <uint32_t>1 << (term.shift - ranking.shift), i, end
    for window in range(windows_of(ranking.n_documents, term.shift)):
        gain = term.gain[impact(term.frequent, window)]
        end = min((window + 1) * step, ranking.n_windows)
        for i in range(window * step, end):
            ranking.bounds[i] += gain


cdef void add_narrow(Ranking* ranking, const Term* term) noexcept nogil:
    """Add the bounds of a list whose windows are narrower than the query's."""
    cdef uint32_t shift = ranking.shift - term.shift, window, i, end, greatest
    cdef uint32_t windows = windows_of(ranking.n_documents, term.shift)
    for window in range(ranking.n_windows):
        greatest = 0
        end = min((window + 1) << shift, windows)
        for i in range(window << shift, end):
            greatest = max(greatest, term.gain[impact(term.frequent, i)])
        ranking.bounds[window] += greatest


cdef void add_rare(Ranking* ranking, const Term* term) noexcept nogil:
    cdef size_t i = 0
    cdef uint32_t window
    cdef double greatest
    while i < term.n:
        window, greatest = term.documents[i] >> ranking.shift, 0
        while i < term.n and term.documents[i] >> ranking.shift == window:
            greatest = max(
                greatest, gain_of(ranking, term.weight, term.counts[i], term.documents[i])
            )
            i += 1
        ranking.bounds[window] += whole_gain(ranking, greatest)


cdef void score_windows(Ranking* ranking) noexcept nogil:
    """Score windows in groups of falling bounds, each group some times as large as the last."""
    cdef uint32_t[LEVELS] at_level
    cdef uint32_t window, level = LEVELS - 1, lower, upper = 0xFFFFFFFF
    cdef uint64_t wanted = min(ranking.best.room, <size_t>ranking.n_windows)
    memset(at_level, 0, sizeof(at_level))
    for window in range(ranking.n_windows):
        at_level[min(ranking.bounds[window] >> LEVEL_BITS, LEVELS - 1)] += 1
    while True:
        lower = at_level[level]
        while level > 0 and lower < wanted:
            level -= 1
            lower += at_level[level]
        lower = max(level << LEVEL_BITS, 1)
        score_between(ranking, lower, upper)
        if level == 0 or lower <= least_bound(ranking):
            return
        level, upper, wanted = level - 1, lower, wanted * 16


cdef inline uint32_t least_bound(const Ranking* ranking) noexcept nogil:
    return <uint32_t>(ranking.best.least * ranking.scale)


cdef void score_between(Ranking* ranking, uint32_t lower, uint32_t upper) noexcept nogil:
    """Score the windows with bounds in ``[lower, upper)`` that are not below the least needed."""
    cdef uint32_t window, needed = max(lower, least_bound(ranking))
    cdef size_t i
    for i in range(ranking.n_terms):
        ranking.terms[i].cursor.bit = ranking.terms[i].cursor.bucket = 0
        ranking.terms[i].next = 0
    for window in range(ranking.n_windows):
        if needed <= ranking.bounds[window] < upper:
            score_window(ranking, window)
            needed = max(lower, least_bound(ranking))


cdef void score_window(Ranking* ranking, uint32_t window) noexcept nogil:
    """Count the rare terms, then the frequent ones if these may still lift a document enough."""
    cdef uint32_t first = window << ranking.shift, document
    cdef uint32_t n = min(<uint32_t>1 << ranking.shift, ranking.n_documents - first)
    cdef uint64_t gain = 0
    cdef double reached = 0
    cdef size_t i
    memset(ranking.counts, 0, n * ranking.n_terms * sizeof(uint32_t))
    for i in range(ranking.n_terms):
        count_rare(ranking.terms + i, first, n, ranking.counts + i * n)
        if occurs(ranking, ranking.terms + i, first):
            gain += ranking.terms[i].gain[window_impact(ranking, ranking.terms + i, first)]
    if gain:
        for document in range(n):
            reached = max(reached, score_of(ranking, document, n, first))
        if reached * ranking.scale + gain < least_bound(ranking):
            return
        for i in range(ranking.n_terms):
            if occurs(ranking, ranking.terms + i, first):
                count_between(
                    ranking.terms[i].frequent,
                    &ranking.terms[i].cursor,
                    ranking.starts + first,
                    n,
                    ranking.counts + i * n,
                )
    for document in range(n):
        reached = score_of(ranking, document, n, first)
        if reached > 0 and (ranking.admitted == NULL or ranking.admitted[first + document]):
            offer(&ranking.best, reached, first + document)


cdef inline uint32_t window_impact(
    const Ranking* ranking, const Term* term, uint32_t first
) noexcept nogil:
    return impact(term.frequent, first >> term.shift) if term.shift >= ranking.shift else IMPACTS


cdef inline bint occurs(const Ranking* ranking, const Term* term, uint32_t first) noexcept nogil:
    """Say whether a frequent term may occur in the window that begins at a document."""
    return term.frequent != NULL and window_impact(ranking, term, first) > 0


cdef inline double score_of(
    const Ranking* ranking, uint32_t document, uint32_t n, uint32_t first
) noexcept nogil:
    cdef double score = 0
    cdef size_t i
    for i in range(ranking.n_terms):
        if ranking.counts[i * n + document]:
            score += gain_of(
                ranking,
                ranking.terms[i].weight,
                ranking.counts[i * n + document],
                first + document,
            )
    return score


cdef void count_rare(Term* term, uint32_t first, uint32_t n, uint32_t* counts) noexcept nogil:
    while term.next < term.n and term.documents[term.next] < first:
        term.next += 1
    while term.next < term.n and term.documents[term.next] < first + n:
        counts[term.documents[term.next] - first] = term.counts[term.next]
        term.next += 1


cdef inline bint worse(const Best* best, size_t a, size_t b) noexcept nogil:
    return best.scores[a] < best.scores[b] or (
        best.scores[a] == best.scores[b] and best.documents[a] > best.documents[b]
    )


cdef inline void swap(Best* best, size_t a, size_t b) noexcept nogil:
    best.scores[a], best.scores[b] = best.scores[b], best.scores[a]
    best.documents[a], best.documents[b] = best.documents[b], best.documents[a]


cdef void offer(Best* best, double score, uint32_t document) noexcept nogil:
    """Put a document on the heap, whose worst is on top, if it is full and better, or not full."""
    cdef size_t at, child
    if best.n < best.room:
        if score <= best.least:
            return
        at = best.n
        best.scores[at], best.documents[at] = score, document
        best.n += 1
        while at and worse(best, at, (at - 1) // 2):
            swap(best, at, (at - 1) // 2)
            at = (at - 1) // 2
    else:
        if score < best.scores[0] or (
            score == best.scores[0] and document > best.documents[0]
        ):
            return
        best.scores[0], best.documents[0] = score, document
        at = 0
        while 2 * at + 1 < best.n:
            child = 2 * at + 1
            if child + 1 < best.n and worse(best, child + 1, child):
                child += 1
            if not worse(best, child, at):
                break
            swap(best, at, child)
            at = child
    if best.n == best.room:
        best.least = max(best.least, best.scores[0])
