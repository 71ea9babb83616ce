# cython: boundscheck=False, wraparound=False
# Hash slots are masked by the tables' sizes; units are read up to `last`, where a start is given.
"""Find a user's words in text: heavier first, then longer, then earlier."""

cimport cython
from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, qsort
from libc.string cimport memset

from lunheng.native.unicode cimport (
    PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ,
)

cdef enum:
    LONGEST = 31            # code points of a word; a bit each in `lengths`

LONGEST_WORD = LONGEST


cdef inline uint64_t mix_in(uint64_t mix, uint32_t point) noexcept nogil:
    mix = (mix ^ point) * <uint64_t>0x9E3779B97F4A7C15
    return mix ^ (mix >> 29)


cdef int by_weight(const void* a, const void* b) noexcept nogil:
    cdef const Match* x = <const Match*>a
    cdef const Match* y = <const Match*>b
    if x.weight != y.weight:
        return -1 if x.weight > y.weight else 1
    if x.last - x.first != y.last - y.first:
        return -1 if x.last - x.first > y.last - y.first else 1
    return -1 if x.first < y.first else 1


@cython.final
cdef class WordTable:
    """A user's words, folded, in a hash table.

    Args:
        words: folded words of 1 to 31 code points; of equal ones the first counts.
        weights: a weight each; the heavier of two that overlap wins.
        splits: bit k set for a boundary after k code points of the word.
        fold: what every code point folds to, uint32 of shape (0x110000,).

    Raises:
        ValueError: a word is empty or too long, or the arrays do not fit.
    """

    def __init__(
        self,
        list words not None,
        const double[::1] weights not None,
        const uint32_t[::1] splits not None,
        const uint32_t[::1] fold not None,
    ):
        cdef Py_ssize_t n = len(words), i, k, length, total = 0
        cdef uint64_t room = 64, mix, place
        cdef str word
        if weights.shape[0] != n or splits.shape[0] != n or fold.shape[0] != 0x110000:
            raise ValueError(f"expected weights and splits of {n} words, and 1114112 folds")
        if self.points != NULL:
            raise ValueError("a word table is made once")
        for word in words:
            length = PyUnicode_GET_LENGTH(word)
            if not 0 < length <= LONGEST:
                raise ValueError(f"expected a word of 1 to {LONGEST} characters, found {word!r}")
            total += length
        while room < 4 * <uint64_t>n:
            room *= 2
        self.points = <uint32_t*>malloc((total + 1) * sizeof(uint32_t))
        self.offsets = <Py_ssize_t*>calloc(n + 1, sizeof(Py_ssize_t))
        self.weights = <double*>malloc((n + 1) * sizeof(double))
        self.splits = <uint32_t*>malloc((n + 1) * sizeof(uint32_t))
        self.slots = <int32_t*>malloc(room * sizeof(int32_t))
        self.lengths = <uint32_t*>calloc(room, sizeof(uint32_t))
        if (
            self.points == NULL or self.offsets == NULL or self.weights == NULL
            or self.splits == NULL or self.slots == NULL or self.lengths == NULL
        ):
            raise MemoryError(f"no room for {n} words")
        memset(self.slots, 0xFF, room * sizeof(int32_t))
        self.fold = fold
        self.slot_mask = self.length_mask = room - 1
        total = 0
        for i in range(n):
            word = words[i]
            length = PyUnicode_GET_LENGTH(word)
            mix = 0
            for k in range(length):
                self.points[total + k] = PyUnicode_READ(
                    PyUnicode_KIND(word), PyUnicode_DATA(word), k
                )
                mix = mix_in(mix, self.points[total + k])
                if k < 2 and k + 1 >= (2 if length > 1 else 1):
                    self.lengths[mix & self.length_mask] |= <uint32_t>1 << length
            self.offsets[i] = total
            self.offsets[i + 1] = total + length
            self.weights[i] = weights[i]
            self.splits[i] = splits[i]
            if self.look_up(self.points + total, length, mix) < 0:
                place = mix & self.slot_mask
                while self.slots[place] >= 0:
                    place = (place + 1) & self.slot_mask
                self.slots[place] = <int32_t>i
            total += length
        self.size = n

    def __dealloc__(self):
        free(self.points)
        free(self.offsets)
        free(self.weights)
        free(self.splits)
        free(self.slots)
        free(self.lengths)

    cdef int32_t look_up(
        self, const uint32_t* folded, Py_ssize_t length, uint64_t mix
    ) noexcept nogil:
        """Return the number of the word with these code points, or -1."""
        cdef uint64_t place = mix & self.slot_mask
        cdef int32_t number = self.slots[place]
        cdef const uint32_t* known
        cdef Py_ssize_t k
        while number >= 0:
            if self.offsets[number + 1] - self.offsets[number] == length:
                known = self.points + self.offsets[number]
                k = 0
                while k < length and known[k] == folded[k]:
                    k += 1
                if k == length:
                    return number
            place = (place + 1) & self.slot_mask
            number = self.slots[place]
        return -1

    cdef bint best_at(
        self, const uint32_t* points, const uint16_t* ids, const int32_t* starts,
        const uint8_t* taken, Py_ssize_t unit, Py_ssize_t last, Match* best
    ) noexcept nogil:
        """Find the heaviest, then longest word that begins at a unit and ends with one."""
        cdef uint32_t[LONGEST + 1] folded
        cdef int32_t at = starts[unit], number
        cdef Py_ssize_t v = unit + 1, known = 0, length
        cdef uint64_t mix = 0
        cdef uint32_t single, longer
        folded[0] = self.fold[points[at]]
        mix = mix_in(0, folded[0])
        known = 1
        single = self.lengths[mix & self.length_mask] & 2
        longer = 0
        if starts[last] - at > 1:
            folded[1] = self.fold[points[at + 1]]
            longer = self.lengths[mix_in(mix, folded[1]) & self.length_mask] & ~<uint32_t>3
        if not (single | longer):
            return False
        best.word = -1
        while v <= last:
            length = starts[v] - at
            if length > LONGEST:
                break
            while known < length:
                folded[known] = self.fold[points[at + known]]
                mix = mix_in(mix, folded[known])
                known += 1
            if ((single | longer) >> length) & 1:
                number = self.look_up(folded, length, mix)
                if number >= 0 and (best.word < 0 or self.weights[number] >= best.weight):
                    best.word = number
                    best.weight = self.weights[number]
                    best.first = <int32_t>unit
                    best.last = <int32_t>v
            if ids[v] == 0 or taken[v]:
                break
            v += 1
        return best.word >= 0

    cdef bint find(
        self, const uint32_t* points, const uint16_t* ids, const int32_t* starts,
        Py_ssize_t last, uint8_t* forced
    ) noexcept nogil:
        """Mark what the words force before units 1 to ``last``; return False without memory.

        Unit ``last`` is where the text of the block ends. Units of id 0 are line breaks.
        """
        cdef Match* matches = <Match*>malloc((last + 1) * sizeof(Match))
        cdef uint8_t* taken = <uint8_t*>calloc(last + 1, 1)
        cdef Py_ssize_t unit, count, k, v
        cdef bint again = True, free_span
        if matches == NULL or taken == NULL:
            free(matches)
            free(taken)
            return False
        memset(forced, FREE, last + 1)
        while again:
            again = False
            count = 0
            for unit in range(1, last):
                if ids[unit] and not taken[unit]:
                    count += self.best_at(points, ids, starts, taken, unit, last, &matches[count])
            qsort(matches, count, sizeof(Match), by_weight)
            for k in range(count):
                free_span = True
                for v in range(matches[k].first, matches[k].last):
                    free_span = free_span and not taken[v]
                if free_span:
                    self.force(&matches[k], starts, taken, forced)
                else:
                    again = True
        free(matches)
        free(taken)
        return True

    cdef void force(
        self, const Match* match, const int32_t* starts, uint8_t* taken, uint8_t* forced
    ) noexcept nogil:
        cdef uint32_t splits = self.splits[match.word]
        cdef int32_t v, first = match.first
        for v in range(first, match.last):
            taken[v] = 1
            forced[v] = SPLIT if v == first or (splits >> (starts[v] - starts[first])) & 1 else JOIN
        if forced[match.last] == FREE:
            forced[match.last] = SPLIT
