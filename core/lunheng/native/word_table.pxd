"""A user's words in hash tables behind a filter: where a text's pairs of units are looked up."""

from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t, uint64_t

from lunheng.native.grams cimport ID_BITS
from lunheng.native.unicode cimport PyUnicode_READ
from lunheng.native.units cimport FIRST_CHARACTER, FIRST_PLAIN, NUMBER_1, RARE


cdef enum:
    LONGEST = 63        # code points of a word; a bit each in `lengths` and `splits`
    SHORT = 4           # characters of a word whose key needs no comparing
    GATE = 3            # characters after which the filter says if a longer word begins so
    SEVERAL = 1         # key of all beginnings that are no plain character
    STRANGE = 1         # marks in `alone`: strange words may begin with it, whatever follows
    MIXED = 2           # strange words may begin with it if no plain character follows
    SINGLE = 4          # it is a word


cdef struct Slot:
    uint64_t key        # the ids of a short word, else a hash
    int32_t word        # -1 where free


cdef struct Beginning:
    uint64_t lengths    # bit k: strange words of k code points begin so; 0 where free
    uint32_t key


cdef struct Layer:
    int kind                    # of all words, folded, one line each
    const void* data
    const uint32_t* starts      # where each word begins, and one past the last's line break
    const double* weights       # NULL: all 1
    const uint64_t* splits      # bit k: a boundary after k code points; NULL: none
    const uint32_t* additions   # which addition each word came with; NULL: all the first
    Slot* slots
    uint64_t slot_mask
    Beginning* beginnings
    uint64_t beginning_mask
    uint64_t* filter            # lines of eight words, one line for a pair of ids
    int filter_shift
    uint8_t* alone              # by id: what begins with it beside what the filter knows
    uint32_t n_ids
    int longest                 # characters of the longest known word


cdef class WordTable:
    cdef Layer layer
    cdef readonly Py_ssize_t size
    cdef tuple owners           # of what the layer's pointers point into
    cdef int add_word(self, Py_ssize_t word, const uint16_t* codes) except -1
    cdef void add_known(
        self, int32_t word, const uint32_t* points, Py_ssize_t length, const uint16_t* codes
    ) noexcept nogil
    cdef void add_strange(
        self, int32_t word, const uint32_t* points, Py_ssize_t length, const uint16_t* codes
    ) noexcept nogil
    cdef void add_beginning(self, uint32_t key, Py_ssize_t length) noexcept nogil


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


cdef inline uint64_t* filter_line(const Layer* layer, uint64_t pair) noexcept nogil:
    return layer.filter + 8 * (pair >> layer.filter_shift)


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


cdef inline int32_t compared_word(
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
