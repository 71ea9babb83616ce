# cython: boundscheck=False, wraparound=False
# Slots are masked by their tables' sizes; points are read inside the words' starts.
"""A user's words in hash tables behind a filter.

Most places in a text begin no word. A filter of one cache line for each pair of unit ids tells so,
and which lengths of words are worth a look-up: of words of up to four characters of the model's
vocabulary the key is their ids, so that one slot decides; longer ones are hashed and compared. Words
with other characters are rare: they are found by the lengths of those that begin alike.
"""

cimport cython
from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free

import numpy as np

from lunheng.native.unicode cimport (
    PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ,
)
from lunheng.native.units cimport EDGE, FIRST_CHARACTER, MARK, NUMBER_1, RARE

LONGEST_WORD = LONGEST


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
        layer.beginnings = <Beginning*>calloc(room, sizeof(Beginning))
        layer.alone = <uint8_t*>calloc(layer.n_ids, 1)
        if layer.beginnings == NULL or layer.alone == NULL:
            raise MemoryError(f"no room for {n} words")
        # NumPy asks for large pages, without which finding the page costs as much as the slot.
        cdef uint64_t[::1] slots = np.empty(2 * room, np.uint64)
        cdef uint64_t[::1] lines = np.zeros(room // 8 + 7, np.uint64)
        layer.slots = <Slot*>&slots[0]
        layer.filter = &lines[0] + (-<size_t>&lines[0] & 63) // sizeof(uint64_t)
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
        self.owners = (words, starts, weights, splits, additions, slots, lines)
        for i in range(n):
            self.add_word(i, &codes[0])
        self.size = n

    def __dealloc__(self):
        free(self.layer.beginnings)
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
            if k == GATE:
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
