# cython: boundscheck=False, wraparound=False
# Slots are masked by their tables' sizes; units are read up to `last`, which edges follow.
"""Find a user's words in text: heavier first, then longer, then added earlier, then earlier.

Most places in a text begin no word. A filter of one cache line for each pair of unit ids tells so,
and which lengths of words are worth a look-up: of words of up to four characters of the model's
vocabulary the key is their ids, so that one slot decides; longer ones are hashed and compared. Words
with other characters are rare: they are found by the lengths of those that begin alike.
"""

cimport cython
from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, qsort, realloc
from libc.string cimport memset

import numpy as np

from lunheng.native.grams cimport ID_BITS
from lunheng.native.lanes cimport lanes_prefetch
from lunheng.native.unicode cimport (
    PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ,
)
from lunheng.native.units cimport EDGE, FIRST_CHARACTER, FIRST_PLAIN, MARK, NUMBER_1, RARE

cdef enum:
    SHORT = 4           # characters of a word whose key needs no comparing
    STRIDE = 64         # units whose filter lines are fetched ahead
    SEVERAL = 1         # key of all beginnings that are no plain character
    STRANGE = 1         # marks in `alone`: strange words may begin with it, whatever follows
    MIXED = 2           # strange words may begin with it if no plain character follows
    SINGLE = 4          # it is a word
    FAR = 16            # units whose words' slots are fetched ahead
    FEW = 12            # matches that are sorted by insertion

LONGEST_WORD = LONGEST
MOST_TABLES = MOST_LAYERS


cdef inline uint64_t mix_in(uint64_t mix, uint64_t point) noexcept nogil:
    mix = (mix ^ point) * <uint64_t>0x9E3779B97F4A7C15
    return mix ^ (mix >> 29)


cdef inline uint64_t spread(uint64_t key) noexcept nogil:
    cdef uint64_t mix = key * <uint64_t>0x9E3779B97F4A7C15
    return mix ^ (mix >> 32)


cdef inline uint64_t hashed_key(uint64_t hashed) noexcept nogil:
    """Return the key of a word that must be compared; no short one has the highest bit."""
    return hashed | (<uint64_t>1 << 63)


# The filter holds four kinds of things, each with a salt of its own: pairs that words begin with,
# pairs that strange words begin with, what longer known words begin with, and known words. All
# that begin with one pair are in one line.
cdef inline uint64_t strange_mix(uint64_t pair) noexcept nogil:
    return mix_in(pair, <uint64_t>0xA24BAED4963EE407)


cdef inline uint64_t longer_mix(uint64_t key) noexcept nogil:
    return mix_in(key, <uint64_t>0xD1B54A32D192ED03)


cdef inline uint64_t word_mix(uint64_t key) noexcept nogil:
    return mix_in(key, <uint64_t>0x9FB21C651E98DF25)


cdef inline uint64_t filter_bits(uint64_t mix) noexcept nogil:
    return (<uint64_t>1 << (mix & 63)) | (<uint64_t>1 << ((mix >> 6) & 63))


cdef inline bint passes(const uint64_t* line, uint64_t mix) noexcept nogil:
    cdef uint64_t bits = filter_bits(mix)
    return line[(mix >> 12) & 7] & bits == bits


cdef inline bint is_plain(uint16_t id) noexcept nogil:
    """Say whether a unit is one character, known or of a class."""
    return id >= FIRST_CHARACTER or FIRST_PLAIN <= id < NUMBER_1


cdef inline uint32_t alone_key(uint16_t id) noexcept nogil:
    """Return the key of long words that begin with a unit and then with no plain character.

    Numbers, Latin words and whatever else takes several characters share one, and so does a
    combining mark, which is a rare character at the head of a line.
    """
    return <uint32_t>id << ID_BITS if is_plain(id) and id != RARE else SEVERAL


cdef inline uint32_t pair_key(uint16_t id, uint16_t after) noexcept nogil:
    return (<uint32_t>id << ID_BITS) | after


cdef inline uint64_t extended(uint64_t key, uint16_t id, Py_ssize_t length) noexcept nogil:
    """Return the key of a known word that was ``length`` characters long with one more.

    Ids are not 0, so that no two short words share a key.
    """
    return (key << ID_BITS) | id if length < SHORT else hashed_key(mix_in(key, id))


def word_starts(str lines not None):
    """Return where each line begins, and one past the last line's end, as uint32.

    Raises:
        ValueError: there are 2**32 - 1 characters or more.
    """
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(lines), i, count = 0
    cdef int kind = PyUnicode_KIND(lines)
    cdef const void* data = PyUnicode_DATA(lines)
    if length >= 0xFFFFFFFF:
        raise ValueError(f"expected fewer than 4294967295 characters, found {length}")
    for i in range(length):
        count += PyUnicode_READ(kind, data, i) == c"\n"
    starts = np.zeros(count + 2, np.uint32)
    cdef uint32_t[::1] view = starts
    count = 0
    for i in range(length):
        if PyUnicode_READ(kind, data, i) == c"\n":
            count += 1
            view[count] = <uint32_t>(i + 1)
    view[count + 1] = <uint32_t>(length + 1)
    return starts


@cython.final
cdef class WordTable:
    """A user's words, folded, in hash tables. Immutable.

    Args:
        words: folded words of 1 to 63 code points, one a line; of equal ones the first counts.
        starts: what `word_starts` says of them.
        codes: code of every code point, uint16 of shape (0x110000,).
        weights: a weight each, float64; the heavier of two that overlap wins. None: all 1.
        splits: uint64, bit k set for a boundary after k code points of the word. None: none.
        additions: uint32, which addition each word came with. None: all with the first.

    Raises:
        ValueError: a word is empty or too long, or the arrays do not fit.
    """

    def __init__(
        self,
        str words not None,
        const uint32_t[::1] starts not None,
        const uint16_t[::1] codes not None,
        const double[::1] weights=None,
        const uint64_t[::1] splits=None,
        const uint32_t[::1] additions=None,
    ):
        cdef Py_ssize_t n = starts.shape[0] - 1, i
        cdef uint64_t room = 128
        cdef Layer* layer = &self.layer
        if layer.slots != NULL:
            raise ValueError("a word table is made once")
        if codes.shape[0] != 0x110000 or not 0 < n < 0x7FFFFFFF:
            raise ValueError(f"expected 1114112 codes and at least one word, found {n} words")
        if starts[0] != 0 or starts[n] != PyUnicode_GET_LENGTH(words) + 1:
            raise ValueError("the starts are not those of the words")
        for name, length in (
            ("weights", weights.shape[0] if weights is not None else n),
            ("splits", splits.shape[0] if splits is not None else n),
            ("additions", additions.shape[0] if additions is not None else n),
        ):
            if length != n:
                raise ValueError(f"expected {n} {name}, found {length}")
        while room < 2 * <uint64_t>n:
            room *= 2
        # Sixteen bits of the filter a word at least, in lines of 512.
        layer.n_ids = max(FIRST_CHARACTER, int(np.max(codes)) + 1)
        layer.slots = <Slot*>malloc(room * sizeof(Slot))
        layer.beginnings = <Beginning*>calloc(room, sizeof(Beginning))
        layer.filter = <uint64_t*>calloc(room // 8, sizeof(uint64_t))
        layer.alone = <uint8_t*>calloc(layer.n_ids, 1)
        if (
            layer.slots == NULL or layer.beginnings == NULL or layer.filter == NULL
            or layer.alone == NULL
        ):
            raise MemoryError(f"no room for {n} words")
        for i in range(<Py_ssize_t>room):
            layer.slots[i].word = -1
        layer.slot_mask = layer.beginning_mask = room - 1
        layer.filter_shift = 64
        while room > 64:
            room //= 2
            layer.filter_shift -= 1
        layer.kind = PyUnicode_KIND(words)
        layer.data = PyUnicode_DATA(words)
        layer.starts = &starts[0]
        if weights is not None:
            layer.weights = &weights[0]
        if splits is not None:
            layer.splits = &splits[0]
        if additions is not None:
            layer.additions = &additions[0]
        self.owners = (words, starts, weights, splits, additions)
        for i in range(n):
            self.add_word(i, &codes[0])
        self.size = n

    def __dealloc__(self):
        free(self.layer.slots)
        free(self.layer.beginnings)
        free(self.layer.filter)
        free(self.layer.alone)

    cdef int add_word(self, Py_ssize_t word, const uint16_t* codes) except -1:
        cdef Layer* layer = &self.layer
        cdef uint32_t[LONGEST] points
        cdef Py_ssize_t start = layer.starts[word], length = layer.starts[word + 1] - start - 1, k
        cdef bint known = True
        if not 0 < length <= LONGEST:
            raise ValueError(f"expected words of 1 to {LONGEST} characters, found {length}")
        for k in range(length):
            points[k] = PyUnicode_READ(layer.kind, layer.data, start + k)
            known = known and codes[points[k]] >= FIRST_CHARACTER
        if known:
            self.add_known(<int32_t>word, points, length, codes)
        else:
            self.add_strange(<int32_t>word, points, length, codes)
        return 0

    cdef void add_known(
        self, int32_t word, const uint32_t* points, Py_ssize_t length, const uint16_t* codes
    ) noexcept nogil:
        """Add a word whose characters all have ids of their own."""
        cdef Layer* layer = &self.layer
        cdef uint64_t key = 0, pair
        cdef uint16_t first = codes[points[0]]
        cdef Py_ssize_t k
        pair = spread(pair_key(first, codes[points[1]])) if length > 1 else 0
        for k in range(length):
            if k == SHORT:
                admit(layer, pair, longer_mix(key))
            key = extended(key, codes[points[k]], k)
        insert(layer, word, key, points, length)
        if length == 1:
            layer.alone[first] |= SINGLE
        else:
            admit(layer, pair, pair)
            admit(layer, pair, word_mix(key))
        if length > layer.longest:
            layer.longest = <int>length

    cdef void add_strange(
        self, int32_t word, const uint32_t* points, Py_ssize_t length, const uint16_t* codes
    ) noexcept nogil:
        """Add a word with characters that only have the id of a class."""
        cdef Layer* layer = &self.layer
        cdef uint16_t first = codes[points[0]], second = codes[points[1]] if length > 1 else EDGE
        cdef uint64_t hashed = 0, pair = spread(pair_key(first, second))
        cdef Py_ssize_t k
        for k in range(length):
            hashed = mix_in(hashed, points[k])
        insert(layer, word, hashed_key(hashed), points, length)
        if is_plain(first) and is_plain(second):
            admit(layer, pair, pair)
            admit(layer, pair, strange_mix(pair))
            self.add_beginning(pair_key(first, second), length)
            return
        if alone_key(first) == SEVERAL:
            for k in range(1, FIRST_CHARACTER):
                if k <= RARE or k >= NUMBER_1:
                    layer.alone[k] |= STRANGE
        # A mark belongs to the unit of what it follows, and a plain character may come next.
        layer.alone[first] |= STRANGE if length == 1 or second == MARK else MIXED
        self.add_beginning(alone_key(first), length)

    cdef void add_beginning(self, uint32_t key, Py_ssize_t length) noexcept nogil:
        """Note that a strange word of this length begins so."""
        cdef Layer* layer = &self.layer
        cdef uint64_t at = spread(key) & layer.beginning_mask
        while layer.beginnings[at].lengths and layer.beginnings[at].key != key:
            at = (at + 1) & layer.beginning_mask
        layer.beginnings[at].key = key
        layer.beginnings[at].lengths |= <uint64_t>1 << length


cdef inline uint64_t* filter_line(const Layer* layer, uint64_t pair) noexcept nogil:
    return layer.filter + 8 * (pair >> layer.filter_shift)


cdef inline void admit(Layer* layer, uint64_t pair, uint64_t mix) noexcept nogil:
    filter_line(layer, pair)[(mix >> 12) & 7] |= filter_bits(mix)


cdef void insert(
    Layer* layer, int32_t word, uint64_t key, const uint32_t* points, Py_ssize_t length
) noexcept nogil:
    """Give a word a slot, unless an equal one has it."""
    cdef uint64_t at = spread(key) & layer.slot_mask
    while layer.slots[at].word >= 0:
        if layer.slots[at].key == key and (
            key >> 63 == 0 or is_word(layer, layer.slots[at].word, points, length)
        ):
            return
        at = (at + 1) & layer.slot_mask
    layer.slots[at].key = key
    layer.slots[at].word = word


cdef inline bint is_word(
    const Layer* layer, int32_t word, const uint32_t* folded, Py_ssize_t length
) noexcept nogil:
    cdef Py_ssize_t start = layer.starts[word], k = 0
    if layer.starts[word + 1] - start - 1 != length:
        return False
    while k < length and PyUnicode_READ(layer.kind, layer.data, start + k) == folded[k]:
        k += 1
    return k == length


cdef inline int32_t short_word(const Layer* layer, uint64_t key) noexcept nogil:
    """Return the number of the word with these ids, or -1."""
    cdef uint64_t at = spread(key) & layer.slot_mask
    while layer.slots[at].word >= 0 and layer.slots[at].key != key:
        at = (at + 1) & layer.slot_mask
    return layer.slots[at].word


cdef int32_t compared_word(
    const Layer* layer, uint64_t key, const uint32_t* folded, Py_ssize_t length
) noexcept nogil:
    """Return the number of the word with this key and these code points, or -1."""
    cdef uint64_t at = spread(key) & layer.slot_mask
    while layer.slots[at].word >= 0:
        if layer.slots[at].key == key and is_word(layer, layer.slots[at].word, folded, length):
            return layer.slots[at].word
        at = (at + 1) & layer.slot_mask
    return -1


cdef inline uint64_t lengths_of(const Layer* layer, uint32_t key) noexcept nogil:
    """Return a bit for each length of strange words that begin so."""
    cdef uint64_t at = spread(key) & layer.beginning_mask
    while layer.beginnings[at].lengths:
        if layer.beginnings[at].key == key:
            return layer.beginnings[at].lengths
        at = (at + 1) & layer.beginning_mask
    return 0


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
            if ids[k] == EDGE or (k == SHORT and not passes(line, longer_mix(key))):
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
    cdef Candidate[FAR * (LONGEST + 1)] candidates
    cdef Py_ssize_t base = 1, count, n, k, i, n_candidates
    while base < line.last:
        count = STRIDE if base + STRIDE <= line.last else line.last - base
        ids = line.ids + base
        for k in range(count):
            pairs[k] = spread(pair_key(ids[k], ids[k + 1]))
            lanes_prefetch(filter_line(layer, pairs[k]))
        n = 0
        for k in range(count):
            places[n] = <int32_t>k
            n += (ids[k] != EDGE) & (
                passes(filter_line(layer, pairs[k]), pairs[k]) | (layer.alone[ids[k]] != 0)
            )
        n_candidates = 0
        for i in range(n):
            k = places[i]
            n_candidates += propose(
                layer, ids + k, pairs[k], <int32_t>(base + k), candidates + n_candidates
            )
            if (i + 1) % FAR and i + 1 < n:
                continue
            for k in range(n_candidates):
                if candidates[k].length == 0:
                    if not add_strange_words(words, line, number, candidates[k].unit, matches):
                        return False
                elif not add_known_word(words, line, number, &candidates[k], matches):
                    return False
            n_candidates = 0
        base += count
    return True


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
