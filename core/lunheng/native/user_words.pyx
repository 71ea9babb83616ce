# cython: boundscheck=False, wraparound=False
# Units are read up to `last`, which edges follow; candidates up to the room that was made sure of.
"""Find a user's words in text: heavier first, then longer, then added earlier, then earlier."""

from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, qsort, realloc
from libc.string cimport memset

from lunheng.native.lanes cimport lanes_prefetch
from lunheng.native.units cimport EDGE
from lunheng.native.word_table cimport (
    GATE, LONGEST, MIXED, SHORT, SINGLE, STRANGE, Layer, alone_key, compared_word, extended, filter_line,
    hashed_key, is_plain, lengths_of, longer_mix, mix_in, pair_key, passes, short_word, spread,
    strange_mix, word_mix,
)

cdef enum:
    STRIDE = 64         # units whose filter lines are fetched ahead
    ROOM = 1024         # candidates whose slots are fetched ahead
    FEW = 12            # matches that are sorted by insertion

MOST_TABLES = MOST_LAYERS


cdef struct Candidate:
    uint64_t key
    int32_t unit
    int32_t length              # characters; 0: strange words


cdef bint add_match(
    Matches* matches, const Dictionary* words, int32_t layer, int32_t word, Py_ssize_t first,
    Py_ssize_t last
) noexcept nogil:
    cdef const Layer* known = &words.layers[layer]
    cdef Match* match
    cdef Py_ssize_t capacity
    if matches.count == matches.capacity:
        capacity = 2 * matches.capacity + 64
        match = <Match*>realloc(matches.items, capacity * sizeof(Match))
        if match == NULL:
            return False
        matches.items = match
        matches.capacity = capacity
    match = &matches.items[matches.count]
    match.weight = known.weights[word] if known.weights != NULL else 1.0
    match.addition = known.additions[word] if known.additions != NULL else 0
    match.layer = layer
    match.word = word
    match.first = <int32_t>first
    match.last = <int32_t>last
    matches.count += 1
    return True


cdef bint add_strange_words(
    const Dictionary* words, const Line* line, int32_t number, Py_ssize_t unit, Matches* matches
) noexcept nogil:
    """Add the strange words of a layer that begin at a unit and end with one."""
    cdef const Layer* layer = &words.layers[number]
    cdef uint32_t[LONGEST] folded
    cdef uint64_t lengths = 0, hashed = 0
    cdef int32_t at = line.starts[unit], word
    cdef Py_ssize_t v = unit, known = 0, length
    cdef uint16_t id = line.ids[unit]
    if layer.alone[id] & (STRANGE | MIXED):
        lengths = lengths_of(layer, alone_key(id))
    if is_plain(id) and is_plain(line.ids[unit + 1]):
        lengths |= lengths_of(layer, pair_key(id, line.ids[unit + 1]))
    while v < line.last and line.ids[v] != EDGE:
        v += 1
        length = line.starts[v] - at
        if length > LONGEST or lengths >> length == 0:
            break
        while known < length:
            folded[known] = words.fold[line.points[at + known]]
            hashed = mix_in(hashed, folded[known])
            known += 1
        if (lengths >> length) & 1:
            word = compared_word(layer, hashed_key(hashed), folded, length)
            if word >= 0 and not add_match(matches, words, number, word, unit, v):
                return False
    return True


cdef bint add_known_word(
    const Dictionary* words, const Line* line, int32_t number, const Candidate* candidate,
    Matches* matches
) noexcept nogil:
    """Add the word of a candidate if there is one; return False without memory."""
    cdef const Layer* layer = &words.layers[number]
    cdef uint32_t[LONGEST] folded
    cdef int32_t unit = candidate.unit, length = candidate.length, at = line.starts[unit], word, k
    # A unit is longer than its character where marks follow it.
    if line.starts[unit + length] - at != length:
        return True
    if length <= SHORT:
        word = short_word(layer, candidate.key)
    else:
        for k in range(length):
            folded[k] = words.fold[line.points[at + k]]
        word = compared_word(layer, candidate.key, folded, length)
    return word < 0 or add_match(matches, words, number, word, unit, unit + length)


cdef inline bint add_candidates(
    const Dictionary* words, const Line* line, int32_t number, const Candidate* candidates,
    Py_ssize_t count, Matches* matches
) noexcept nogil:
    """Add the words that there are of the candidates; return False without memory."""
    cdef Py_ssize_t k
    for k in range(count):
        if candidates[k].length == 0:
            if not add_strange_words(words, line, number, candidates[k].unit, matches):
                return False
        elif not add_known_word(words, line, number, &candidates[k], matches):
            return False
    return True


cdef inline Py_ssize_t propose(
    const Layer* layer, const uint16_t* ids, uint64_t pair, int32_t unit, Candidate* candidates
) noexcept nogil:
    """Write which words may begin at a unit, those of length 0 for strange ones; return how many."""
    cdef const uint64_t* line = filter_line(layer, pair)
    cdef uint8_t alone = layer.alone[ids[0]]
    cdef uint64_t key = ids[0]
    cdef Py_ssize_t n = 0, k
    cdef bint strange = alone & STRANGE or (alone & MIXED and not is_plain(ids[1]))
    if alone & SINGLE:
        candidates[n].key = key
        candidates[n].length = 1
        n += 1
    if passes(line, pair):
        strange = strange or passes(line, strange_mix(pair))
        for k in range(1, layer.longest):
            if ids[k] == EDGE or (k == GATE and not passes(line, longer_mix(key))):
                break
            key = extended(key, ids[k], k)
            if passes(line, word_mix(key)):
                candidates[n].key = key
                candidates[n].length = <int32_t>(k + 1)
                n += 1
    for k in range(n):
        candidates[k].unit = unit
        lanes_prefetch(&layer.slots[spread(candidates[k].key) & layer.slot_mask])
    if strange:
        candidates[n].unit = unit
        candidates[n].length = 0
        n += 1
    return n


cdef bint add_layer(
    const Dictionary* words, const Line* line, int32_t number, Matches* matches
) noexcept nogil:
    """Add every occurrence of a layer's words, in the order of the text; False without memory."""
    cdef const Layer* layer = &words.layers[number]
    cdef const uint16_t* ids
    cdef uint64_t[STRIDE] pairs
    cdef int32_t[STRIDE] places
    cdef Candidate[ROOM] candidates
    cdef Py_ssize_t base = 1, count, n, k, i, n_candidates = 0
    while base < line.last:
        count = STRIDE if base + STRIDE <= line.last else line.last - base
        ids = line.ids + base
        for k in range(count):
            pairs[k] = spread(pair_key(ids[k], ids[k + 1]))
            lanes_prefetch(filter_line(layer, pairs[k]))
        # By now the slots of the units before have come.
        if not add_candidates(words, line, number, candidates, n_candidates, matches):
            return False
        n_candidates = n = 0
        for k in range(count):
            places[n] = <int32_t>k
            n += (ids[k] != EDGE) & (
                passes(filter_line(layer, pairs[k]), pairs[k]) | (layer.alone[ids[k]] != 0)
            )
        for i in range(n):
            k = places[i]
            if n_candidates > ROOM - LONGEST - 1:
                if not add_candidates(words, line, number, candidates, n_candidates, matches):
                    return False
                n_candidates = 0
            n_candidates += propose(
                layer, ids + k, pairs[k], <int32_t>(base + k), candidates + n_candidates
            )
        base += count
    return add_candidates(words, line, number, candidates, n_candidates, matches)


cdef inline bint beats(const Match* a, const Match* b) noexcept nogil:
    """Say whether a match is heavier, else longer, else added earlier, else earlier in the text."""
    if a.weight != b.weight:
        return a.weight > b.weight
    if a.last - a.first != b.last - b.first:
        return a.last - a.first > b.last - b.first
    if a.addition != b.addition:
        return a.addition < b.addition
    return a.first < b.first


cdef int by_precedence(const void* a, const void* b) noexcept nogil:
    return -1 if beats(<const Match*>a, <const Match*>b) else 1


cdef int by_place(const void* a, const void* b) noexcept nogil:
    cdef const Match* x = <const Match*>a
    cdef const Match* y = <const Match*>b
    if x.first != y.first:
        return -1 if x.first < y.first else 1
    if x.last != y.last:
        return -1 if x.last < y.last else 1
    return -1 if x.layer < y.layer else 1


cdef void keep_first_layers(Matches* matches) noexcept nogil:
    """Bring the matches of all layers in order; of one word the first layer's counts."""
    cdef Match* items = matches.items
    cdef Py_ssize_t k, kept = 0
    qsort(items, matches.count, sizeof(Match), by_place)
    for k in range(matches.count):
        if kept and items[k].first == items[kept - 1].first and items[k].last == items[kept - 1].last:
            continue
        items[kept] = items[k]
        kept += 1
    matches.count = kept


cdef void sort_by_precedence(Match* matches, Py_ssize_t count) noexcept nogil:
    cdef Py_ssize_t i, k
    cdef Match moved
    if count > FEW:
        qsort(matches, count, sizeof(Match), by_precedence)
        return
    for i in range(1, count):
        moved = matches[i]
        k = i
        while k > 0 and beats(&moved, &matches[k - 1]):
            matches[k] = matches[k - 1]
            k -= 1
        matches[k] = moved


cdef void force(
    const Dictionary* words, const Match* match, const int32_t* starts, uint8_t* forced
) noexcept nogil:
    """Split before and after a match, and inside it where its parts say so."""
    cdef const uint64_t* all_splits = words.layers[match.layer].splits
    cdef uint64_t splits = all_splits[match.word] if all_splits != NULL else 0
    cdef int32_t v
    forced[match.first] = SPLIT
    for v in range(match.first + 1, match.last):
        forced[v] = SPLIT if (splits >> (starts[v] - starts[match.first])) & 1 else JOIN
    if forced[match.last] == FREE:
        forced[match.last] = SPLIT


cdef bint settle(
    const Dictionary* words, const Line* line, Matches* matches, uint8_t* forced
) noexcept nogil:
    """Obey the matches that do not overlap one that has precedence, and keep only these."""
    cdef Match* items = matches.items
    cdef uint8_t* taken = <uint8_t*>calloc(line.last + 1, 1)
    cdef Py_ssize_t first = 0, stop, k, kept = 0
    cdef int32_t v, reach
    cdef bint free_span
    if taken == NULL:
        return False
    while first < matches.count:
        stop = first + 1
        reach = items[first].last
        while stop < matches.count and items[stop].first < reach:
            if items[stop].last > reach:
                reach = items[stop].last
            stop += 1
        sort_by_precedence(items + first, stop - first)
        for k in range(first, stop):
            free_span = True
            for v in range(items[k].first, items[k].last):
                free_span = free_span and not taken[v]
            if free_span:
                for v in range(items[k].first, items[k].last):
                    taken[v] = 1
                force(words, &items[k], line.starts, forced)
                items[kept] = items[k]
                kept += 1
        first = stop
    matches.count = kept
    free(taken)
    return True


cdef bint find_words(
    const Dictionary* words, const Line* line, uint8_t* forced, Matches* obeyed
) noexcept nogil:
    """Mark what the words force before units 1 to ``last``; return False without memory.

    Units of id 0 are line breaks. The matches that are obeyed are left in ``obeyed``, which may
    have room already and is to be freed.
    """
    cdef int k
    memset(forced, FREE, line.last + 1)
    obeyed.count = 0
    for k in range(words.n_layers):
        if not add_layer(words, line, k, obeyed):
            return False
    if words.n_layers > 1:
        keep_first_layers(obeyed)
    return obeyed.count == 0 or settle(words, line, obeyed, forced)
