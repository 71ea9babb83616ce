# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Score the documents that only frequent terms of a query may bring among the best.

Documents are taken in windows of equal size. The greatest impacts that frequent pairs carry
bound what a document of a window can score; windows are scored from the highest bound down,
until no other can hold one of the best (block-max pruning by ranges of documents: Mallia, Suel
and Tonellotto 2024).

Bounds checks are off: documents lie below the segment's number, windows below theirs.
"""

from libc.math cimport ceil
from libc.stdint cimport uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memset

from lunheng.native.best cimport offer
from lunheng.native.postings cimport IMPACTS, impact, windows_of
from lunheng.native.ranking cimport Candidates, Ranking, Term, gain_of, is_admitted
from lunheng.native.term_postings cimport count_between

cdef enum:
    FEWEST_WINDOWS = 4096
    MOST_WINDOWS = 32768
    LEVELS = 1024
    LEVEL_BITS = 20
    FULL_GAIN = LEVELS << LEVEL_BITS


cdef int score_windows(Ranking* ranking, const Candidates* found) except -1 nogil:
    """Offer what may be among the best; documents that ``found`` has were offered before."""
    cdef Windows windows
    memset(&windows, 0, sizeof(Windows))
    try:
        make_room(ranking, &windows)
        bound_windows(ranking, &windows)
        score_by_level(ranking, &windows, found)
        return 0
    finally:
        free(windows.bounds)
        free(windows.counts)


cdef int make_room(const Ranking* ranking, Windows* windows) except -1 nogil:
    """Choose the windows and make room for what depends on them."""
    cdef uint32_t shift = 32, fewest = 0
    cdef double most = 0
    cdef size_t i, width
    for i in range(ranking.n_terms):
        most += ranking.terms[i].gain[IMPACTS]
        if ranking.terms[i].postings.is_frequent:
            shift = min(shift, ranking.terms[i].shift)
    while (ranking.n_documents >> fewest) > FEWEST_WINDOWS:
        fewest += 1
    shift = min(shift, fewest)
    while (ranking.n_documents >> shift) > MOST_WINDOWS:
        shift += 1
    width = <size_t>1 << shift
    windows.shift, windows.n = shift, windows_of(ranking.n_documents, shift)
    windows.scale = FULL_GAIN / max(most, 1e-300)
    windows.bounds = <uint32_t*>calloc(windows.n, sizeof(uint32_t))
    windows.counts = <uint32_t*>malloc(width * ranking.n_terms * sizeof(uint32_t))
    if windows.bounds == NULL or windows.counts == NULL:
        with gil:
            raise MemoryError
    return 0


cdef void bound_windows(const Ranking* ranking, Windows* windows) noexcept nogil:
    """Add up the terms' bounds as whole numbers that are not less, whatever rounding did."""
    cdef uint32_t[IMPACTS + 1] gain
    cdef const Term* term
    cdef size_t i
    cdef uint32_t step
    for i in range(ranking.n_terms):
        term = ranking.terms + i
        if not term.postings.is_frequent:
            continue
        gain[0] = 0
        for step in range(1, IMPACTS + 1):
            gain[step] = <uint32_t>ceil(term.gain[step] * windows.scale) + 1
        if term.shift >= windows.shift:
            add_wide(ranking, windows, term, gain)
        else:
            add_narrow(ranking, windows, term, gain)


cdef void add_wide(
    const Ranking* ranking, Windows* windows, const Term* term, const uint32_t* gain
) noexcept nogil:
    """Add the bounds of a list whose windows are as wide as the query's or wider."""
    cdef uint32_t window, step = <uint32_t>1 << (term.shift - windows.shift), i, end, greatest
    for window in range(windows_of(ranking.n_documents, term.shift)):
        greatest = gain[impact(&term.postings.frequent, window)]
        end = min((window + 1) * step, windows.n)
        for i in range(window * step, end):
            windows.bounds[i] += greatest


cdef void add_narrow(
    const Ranking* ranking, Windows* windows, const Term* term, const uint32_t* gain
) noexcept nogil:
    """Add the bounds of a list whose windows are narrower than the query's."""
    cdef uint32_t shift = windows.shift - term.shift, window, i, end, greatest
    cdef uint32_t n = windows_of(ranking.n_documents, term.shift)
    for window in range(windows.n):
        greatest = 0
        end = min((window + 1) << shift, n)
        for i in range(window << shift, end):
            greatest = max(greatest, gain[impact(&term.postings.frequent, i)])
        windows.bounds[window] += greatest


cdef void score_by_level(
    Ranking* ranking, Windows* windows, const Candidates* found
) noexcept nogil:
    """Score windows in groups of falling bounds, each group some times as large as the last."""
    cdef uint32_t[LEVELS] at_level
    cdef uint32_t window, level = LEVELS - 1, lower, upper = 0xFFFFFFFF
    cdef uint64_t wanted = min(ranking.best.room, <size_t>windows.n)
    memset(at_level, 0, sizeof(at_level))
    for window in range(windows.n):
        at_level[min(windows.bounds[window] >> LEVEL_BITS, LEVELS - 1)] += 1
    while True:
        lower = at_level[level]
        while level > 0 and lower < wanted:
            level -= 1
            lower += at_level[level]
        lower = max(level << LEVEL_BITS, 1)
        score_between(ranking, windows, found, lower, upper)
        if level == 0 or lower <= least_bound(ranking, windows):
            return
        level, upper, wanted = level - 1, lower, wanted * 16


cdef inline uint32_t least_bound(const Ranking* ranking, const Windows* windows) noexcept nogil:
    return <uint32_t>min(ranking.best.least * windows.scale, <double>0xFFFFFFFF)


cdef void score_between(
    Ranking* ranking,
    const Windows* windows,
    const Candidates* found,
    uint32_t lower,
    uint32_t upper,
) noexcept nogil:
    """Score the windows with bounds in ``[lower, upper)`` that are not below the least needed."""
    cdef uint32_t window, needed = max(lower, least_bound(ranking, windows))
    cdef size_t i, known = 0
    for i in range(ranking.n_terms):
        ranking.terms[i].cursor.bit = ranking.terms[i].cursor.bucket = 0
    for window in range(windows.n):
        if needed <= windows.bounds[window] < upper:
            score_window(ranking, windows, window, found, &known)
            needed = max(lower, least_bound(ranking, windows))


cdef void score_window(
    Ranking* ranking,
    const Windows* windows,
    uint32_t window,
    const Candidates* found,
    size_t* known,
) noexcept nogil:
    cdef uint32_t first = window << windows.shift, document
    cdef uint32_t n = min(<uint32_t>1 << windows.shift, ranking.n_documents - first)
    cdef Term* term
    cdef double score
    cdef size_t i
    memset(windows.counts, 0, n * ranking.n_terms * sizeof(uint32_t))
    for i in range(ranking.n_terms):
        term = ranking.terms + i
        if term.postings.is_frequent:
            count_between(
                &term.postings.frequent,
                &term.cursor,
                ranking.starts + first,
                n,
                windows.counts + i * n,
            )
    while known[0] < found.n and found.documents[known[0]] < first:
        known[0] += 1
    for document in range(n):
        if known[0] < found.n and found.documents[known[0]] == first + document:
            known[0] += 1
            continue
        score = 0
        for i in range(ranking.n_terms):
            if windows.counts[i * n + document]:
                score += gain_of(
                    ranking,
                    ranking.terms[i].weight,
                    windows.counts[i * n + document],
                    first + document,
                )
        if score >= ranking.best.least and is_admitted(ranking, first + document):
            offer(ranking.best, score, ranking.segment | (first + document))
