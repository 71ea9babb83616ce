# cython: boundscheck=False, wraparound=False
# Template columns, row numbers and label numbers are checked at construction; positions stay inside
# their sequence, and what lies beyond it is read as EDGE without touching memory.
"""Label positions: hashed features, rows of small integer weights, the likeliest chain.

A feature is the hash of a template's number and of the values at its places: a column and an offset
from the position. A value of 0 stands for nothing and makes no feature.
"""

cimport cython
from libc.stdint cimport int8_t, int16_t, int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc

import numpy as np

cdef extern from "lanes.h" nogil:
    void lanes_prefetch(const void* address) noexcept

cdef extern from "chain.h" nogil:
    void chain_emit(
        const int8_t* rows, const uint32_t* found, int count, int width, float* sums
    ) noexcept
    void chain_best(
        const float* scores, const float* bonds, int n, int width, float least, float* best
    ) noexcept
    int chain_argbest(const float* scores, const float* bonds, int width) noexcept
    uint32_t chain_first(uint32_t hashed, uint32_t mask) noexcept
    uint32_t chain_second(uint32_t hashed, uint32_t mask) noexcept
    uint32_t chain_row(const uint32_t* keys, uint32_t mask, uint32_t hashed) noexcept

cdef enum:
    EDGE = 1            # value of every column before and after a sequence
    LANES = 16          # rows are padded to a multiple of it
    MOST_LABELS = 128
    MOST_TEMPLATES = 64
    MOST_MOVES = 500
    AHEAD = 16          # positions whose slots are fetched together
    FORBIDDEN = -32768
    NEVER = -10000000    # score of what is forbidden; sums with bonds are exact in single precision
    DEAD = -5000000    # no label below it is reached by what is allowed

cdef uint64_t GOLDEN = 0x9E3779B97F4A7C15
cdef uint64_t ODD = 0xD6E8FEB86659FD93


cdef void hash_position(
    const Templates* templates, const uint32_t* const* columns, Py_ssize_t length,
    Py_ssize_t at, uint32_t* out
) noexcept nogil:
    """Write the hash of each template's feature at a position of a sequence; 0 where it has none."""
    cdef Py_ssize_t number, part = 0, place
    cdef uint64_t value, mixed
    cdef const int32_t* pair
    for number in range(templates.count):
        mixed = <uint64_t>(number + 1) * GOLDEN
        while part < templates.ends[number]:
            pair = templates.parts + 2 * part
            place = at + pair[1]
            value = columns[pair[0]][place] if 0 <= place < length else EDGE
            if value == 0:
                break
            mixed = (mixed ^ value) * ODD
            mixed ^= mixed >> 32
            part += 1
        if part < templates.ends[number]:
            part = templates.ends[number]
            out[number] = 0
        else:
            mixed = (mixed * GOLDEN) >> 32
            out[number] = <uint32_t>mixed if mixed else 1


cdef int check_templates(
    const int32_t[:, ::1] parts, const int32_t[::1] ends, Py_ssize_t n_columns
) except -1:
    cdef Py_ssize_t i, before = 0
    if parts.shape[1] != 2 or not 0 < ends.shape[0] <= MOST_TEMPLATES:
        raise ValueError(f"expected 1 to {MOST_TEMPLATES} templates of (column, offset)")
    for i in range(ends.shape[0]):
        if ends[i] <= before:
            raise ValueError(f"template {i} has no part")
        before = ends[i]
    if before != parts.shape[0]:
        raise ValueError(f"expected {parts.shape[0]} parts in the templates, found {before}")
    for i in range(parts.shape[0]):
        if not 0 <= parts[i, 0] < n_columns:
            raise ValueError(f"expected a column below {n_columns}, found {parts[i, 0]}")
    return 0


cdef int check_features(hashes) except -1:
    order = np.argsort(hashes, kind="stable")
    twice = np.flatnonzero(np.diff(hashes[order]) == 0)
    if len(twice):
        raise ValueError(f"feature {order[twice[0] + 1]} is there twice")
    if len(hashes) and hashes[order[0]] == 0:
        raise ValueError(f"feature {order[0]} is 0, which stands for none")
    return 0


cdef int check_sequences(const int64_t[::1] offsets, Py_ssize_t n) except -1:
    cdef Py_ssize_t i
    if offsets.shape[0] == 0 or offsets[0] != 0 or offsets[offsets.shape[0] - 1] != n:
        raise ValueError(f"expected offsets of sequences from 0 to {n}")
    for i in range(offsets.shape[0] - 1):
        if offsets[i] > offsets[i + 1]:
            raise ValueError(f"sequence {i} ends before it begins")
    return 0


def hash_features(
    const uint32_t[:, ::1] columns not None, const int64_t[::1] offsets not None,
    const int32_t[:, ::1] parts not None, const int32_t[::1] ends not None,
):
    """Return the features of every position, uint32 of shape (positions, templates); 0 for none.

    Args:
        columns: values of shape (columns, positions).
        offsets: where sequences begin, and the number of positions.
        parts: (column, offset) of every template's parts, one template after the other.
        ends: where the parts of each template end.
    """
    cdef Py_ssize_t n = columns.shape[1], i, k, at
    check_templates(parts, ends, columns.shape[0])
    check_sequences(offsets, n)
    hashed = np.empty((n, ends.shape[0]), np.uint32)
    cdef uint32_t[:, ::1] out = hashed
    cdef const uint32_t** pointers = <const uint32_t**>malloc(columns.shape[0] * sizeof(void*))
    cdef Templates templates
    if pointers == NULL:
        raise MemoryError("no room for the columns' addresses")
    templates.parts = &parts[0, 0]
    templates.ends = &ends[0]
    templates.count = ends.shape[0]
    with nogil:
        for i in range(offsets.shape[0] - 1):
            if offsets[i] == offsets[i + 1]:
                continue
            for k in range(columns.shape[0]):
                pointers[k] = &columns[k, offsets[i]]
            for at in range(offsets[i + 1] - offsets[i]):
                hash_position(
                    &templates, pointers, offsets[i + 1] - offsets[i], at, &out[offsets[i] + at, 0]
                )
    free(pointers)
    return hashed


cdef bint settle(
    uint32_t[::1] keys, int32_t[::1] holders, uint32_t mask, uint32_t hashed, int32_t holder
) noexcept nogil:
    """Give a feature a place in one of its two buckets, moving others to theirs; False: none free.

    Cuckoo hashing with buckets of four (Dietzfelbinger and Weidling, 2007).
    """
    cdef uint32_t bucket = chain_first(hashed, mask), place, k, moves
    for moves in range(MOST_MOVES):
        for k in range(4):
            place = 4 * bucket + k
            if keys[place] == 0:
                keys[place] = hashed
                holders[place] = holder
                return True
        place = 4 * bucket + moves % 4
        if moves:
            keys[place], hashed = hashed, keys[place]
            holders[place], holder = holder, holders[place]
        bucket ^= chain_first(hashed, mask) ^ chain_second(hashed, mask)
    return False


cdef tuple bucketed(const uint32_t[::1] hashes):
    """Return the keys of buckets, and which feature is in each place, -1 for none."""
    cdef Py_ssize_t size = 4, i
    cdef bint settled = False
    cdef uint32_t[::1] keys
    cdef int32_t[::1] holders
    while not settled:
        while 3 * size < 4 * hashes.shape[0]:
            size *= 2
        keys = np.zeros(size, np.uint32)
        holders = np.full(size, -1, np.int32)
        settled = True
        for i in range(hashes.shape[0]):
            if not settle(keys, holders, <uint32_t>(size // 4 - 1), hashes[i], <int32_t>i):
                settled = False
                size *= 2
                break
    return np.asarray(keys), np.asarray(holders)


@cython.final
cdef class LabelScorer:
    """Label sequences with a linear chain; immutable, one instance serves any number of threads.

    Args:
        parts, ends: the templates, as `hash_features` takes them.
        n_columns: how many columns they refer to.
        hashes: uint32, the features that have weights, each once, none 0.
        rows: int8 of shape (features, labels).
        bigrams: int16 of shape (labels + 2, labels): weight of a label after each label, then at
            the beginning of a sequence, then at its end; -32768 forbids.
    """

    def __init__(
        self,
        const int32_t[:, ::1] parts not None,
        const int32_t[::1] ends not None,
        Py_ssize_t n_columns,
        const uint32_t[::1] hashes not None,
        const int8_t[:, ::1] rows not None,
        const int16_t[:, ::1] bigrams not None,
    ):
        cdef Py_ssize_t n = bigrams.shape[1]
        check_templates(parts, ends, n_columns)
        if not 0 < n <= MOST_LABELS or bigrams.shape[0] != n + 2:
            raise ValueError("expected bigrams of shape (labels + 2, labels), at most 128 labels")
        if rows.shape[0] != hashes.shape[0] or rows.shape[1] != n:
            raise ValueError(f"expected {hashes.shape[0]} rows of {n} weights")
        self.parts = parts
        self.ends = ends
        self.n_labels = n
        check_features(np.asarray(hashes))
        width = -(-n // LANES) * LANES
        keys, holders = bucketed(hashes)
        self.keys = keys
        placed = np.zeros((len(keys) + 1, width), np.int8)
        held = np.flatnonzero(holders >= 0)
        placed[held + 1, :n] = np.asarray(rows)[holders[held]]
        self.rows = placed
        given = np.asarray(bigrams, np.float32)
        bonds = np.full((n + 2, width), <int>NEVER, np.float32)
        bonds[:, :n] = np.where(given == <int>FORBIDDEN, <int>NEVER, given)
        self.bonds = bonds
        # Lanes beyond the labels lose even against what is forbidden.
        leading = np.full((n, width), 3.0 * <int>NEVER, np.float32)
        leading[:, :n] = bonds[:n, :n].T
        self.leading = leading

    cdef void look_up(
        self, const uint32_t* const* columns, Py_ssize_t length, Py_ssize_t base,
        Py_ssize_t count, uint32_t* found
    ) noexcept nogil:
        """Write the rows of the features of ``count`` positions; memory is fetched ahead."""
        cdef Py_ssize_t k, i, n_templates = self.ends.shape[0], width = self.rows.shape[1]
        cdef uint32_t mask = <uint32_t>(self.keys.shape[0] // 4 - 1)
        cdef const uint32_t* keys = &self.keys[0]
        cdef const int8_t* rows = &self.rows[0, 0]
        cdef uint32_t* at
        cdef Templates templates
        templates.parts = &self.parts[0, 0]
        templates.ends = &self.ends[0]
        templates.count = n_templates
        for k in range(count):
            at = found + k * n_templates
            hash_position(&templates, columns, length, base + k, at)
            for i in range(n_templates):
                lanes_prefetch(keys + 4 * chain_first(at[i], mask))
                lanes_prefetch(keys + 4 * chain_second(at[i], mask))
        for k in range(count * n_templates):
            found[k] = chain_row(keys, mask, found[k])
            lanes_prefetch(rows + found[k] * width)

    cdef void begin(self, const float* emitted, float* scores) noexcept nogil:
        """Write the scores of the labels at the beginning of a sequence."""
        cdef Py_ssize_t label
        for label in range(self.bonds.shape[1]):
            scores[label] = emitted[label] + self.bonds[self.n_labels, label]

    cdef void extend(
        self, const float* emitted, const float* before, float* scores
    ) noexcept nogil:
        """Write the scores of labels one position on, relative to the best, so that none grows."""
        cdef Py_ssize_t width = self.bonds.shape[1], label
        cdef float peak = NEVER
        chain_best(before, &self.bonds[0, 0], self.n_labels, width, NEVER, scores)
        for label in range(width):
            scores[label] = scores[label] + emitted[label] if scores[label] > DEAD else NEVER
            peak = scores[label] if scores[label] > peak else peak
        for label in range(width):
            scores[label] = scores[label] - peak if scores[label] - peak > NEVER else NEVER

    cdef bint decode(
        self, const uint32_t* const* columns, Py_ssize_t length, uint8_t* labels
    ) noexcept nogil:
        """Write the likeliest labels of a sequence; return False when memory runs out."""
        cdef Py_ssize_t n = self.n_labels, width = self.bonds.shape[1]
        cdef Py_ssize_t base = 0, count, k, at, label, chosen = 0, n_templates = self.ends.shape[0]
        cdef uint32_t[AHEAD * MOST_TEMPLATES] found
        cdef float[MOST_LABELS] emitted
        cdef float* scores = <float*>malloc(length * width * sizeof(float))
        cdef float* last
        if scores == NULL:
            return False
        while base < length:
            count = AHEAD if base + AHEAD <= length else length - base
            self.look_up(columns, length, base, count, found)
            for k in range(count):
                chain_emit(
                    &self.rows[0, 0], found + k * n_templates, n_templates, width, emitted
                )
                last = scores + (base + k) * width
                if base + k == 0:
                    self.begin(emitted, last)
                else:
                    self.extend(emitted, last - width, last)
            base += count
        last = scores + (length - 1) * width
        for label in range(n):
            last[label] += self.bonds[n + 1, label]
            if last[label] > last[chosen]:
                chosen = label
        for at in range(length - 1, -1, -1):
            labels[at] = <uint8_t>chosen
            if at:
                last -= width
                chosen = chain_argbest(last, &self.leading[chosen, 0], width)
        free(scores)
        return True

    def labels(self, const uint32_t[:, ::1] columns not None, const int64_t[::1] offsets not None):
        """Return the label of every position, uint8; the GIL is released.

        Args:
            columns: values of shape (columns, positions).
            offsets: where sequences begin, and the number of positions.
        """
        cdef Py_ssize_t n = columns.shape[1], i, k
        cdef bint done = True
        cdef const uint32_t** pointers
        check_templates(self.parts, self.ends, columns.shape[0])
        check_sequences(offsets, n)
        found = np.empty(n, np.uint8)
        cdef uint8_t[::1] out = found
        pointers = <const uint32_t**>malloc(columns.shape[0] * sizeof(void*))
        if pointers == NULL:
            raise MemoryError("no room for the columns' addresses")
        with nogil:
            for i in range(offsets.shape[0] - 1):
                if offsets[i] == offsets[i + 1] or not done:
                    continue
                for k in range(columns.shape[0]):
                    pointers[k] = &columns[k, offsets[i]]
                done = self.decode(pointers, offsets[i + 1] - offsets[i], &out[offsets[i]])
        free(pointers)
        if not done:
            raise MemoryError(f"no room to label {n} positions")
        return found
