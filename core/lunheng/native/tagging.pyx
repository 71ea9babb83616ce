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
from libc.string cimport memset

import numpy as np

cdef extern from "lanes.h" nogil:
    void lanes_prefetch(const void* address) noexcept

cdef enum:
    EDGE = 1            # value of every column before and after a sequence
    LANES = 16          # rows are padded to a multiple of it
    MOST_LABELS = 128
    MOST_TEMPLATES = 64
    AHEAD = 16          # positions whose slots are fetched together
    FORBIDDEN = -32768
    NEVER = -100000000   # score of a forbidden beginning or end

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
        cdef Py_ssize_t n = bigrams.shape[1], size = 16, i
        cdef uint64_t place, mask
        check_templates(parts, ends, n_columns)
        if not 0 < n <= MOST_LABELS or bigrams.shape[0] != n + 2:
            raise ValueError("expected bigrams of shape (labels + 2, labels), at most 128 labels")
        if rows.shape[0] != hashes.shape[0] or rows.shape[1] != n:
            raise ValueError(f"expected {hashes.shape[0]} rows of {n} weights")
        self.parts = parts
        self.ends = ends
        self.n_labels = n
        wide = np.zeros((len(rows) + 1, -(-n // LANES) * LANES), np.int8)
        wide[1:, :n] = rows
        self.rows = wide
        while size < 2 * hashes.shape[0]:
            size *= 2
        slots = np.zeros(size, np.uint64)
        cdef uint64_t[::1] filled = slots
        mask = size - 1
        for i in range(hashes.shape[0]):
            if hashes[i] == 0:
                raise ValueError(f"feature {i} is 0, which stands for none")
            place = hashes[i] & mask
            while filled[place]:
                if <uint32_t>(filled[place] >> 32) == hashes[i]:
                    raise ValueError(f"feature {i} is there twice")
                place = (place + 1) & mask
            filled[place] = (<uint64_t>hashes[i] << 32) | <uint64_t>(i + 1)
        self.slots = slots
        bonds = np.full((n + 2, wide.shape[1]), <int>NEVER, np.int32)
        given = np.asarray(bigrams, np.int32)
        bonds[:, :n] = np.where(given == <int>FORBIDDEN, <int>NEVER, given)
        self.bonds = bonds

    cdef uint32_t row_of(self, uint32_t hashed) noexcept nogil:
        """Return the row of a feature, 0 (all zeros) where it has no weights."""
        cdef uint64_t mask = self.slots.shape[0] - 1, place = hashed & mask, slot
        slot = self.slots[place]
        while slot:
            if <uint32_t>(slot >> 32) == hashed:
                return <uint32_t>slot
            place = (place + 1) & mask
            slot = self.slots[place]
        return 0

    cdef void look_up(
        self, const uint32_t* const* columns, Py_ssize_t length, Py_ssize_t base,
        Py_ssize_t count, uint32_t* found
    ) noexcept nogil:
        """Write the rows of the features of ``count`` positions; memory is fetched ahead."""
        cdef Py_ssize_t k, n_templates = self.ends.shape[0]
        cdef uint64_t mask = self.slots.shape[0] - 1
        cdef Templates templates
        templates.parts = &self.parts[0, 0]
        templates.ends = &self.ends[0]
        templates.count = n_templates
        for k in range(count):
            hash_position(&templates, columns, length, base + k, found + k * n_templates)
        for k in range(count * n_templates):
            lanes_prefetch(&self.slots[found[k] & mask])
        for k in range(count * n_templates):
            found[k] = self.row_of(found[k]) if found[k] else 0
            lanes_prefetch(&self.rows[found[k], 0])

    cdef void emit(self, const uint32_t* found, int16_t* emitted) noexcept nogil:
        """Add up the rows of one position's features."""
        cdef Py_ssize_t width = self.rows.shape[1], number, start, i
        cdef const int8_t* row
        memset(emitted, 0, width * sizeof(int16_t))
        for number in range(self.ends.shape[0]):
            if found[number]:
                row = &self.rows[found[number], 0]
                start = 0
                while start < width:
                    for i in range(LANES):
                        emitted[start + i] += row[start + i]
                    start += LANES

    cdef void begin(self, const int16_t* emitted, int32_t* scores) noexcept nogil:
        """Write the scores of the labels at the beginning of a sequence."""
        cdef Py_ssize_t label
        for label in range(self.n_labels):
            scores[label] = emitted[label] + self.bonds[self.n_labels, label]

    cdef void extend(self, const int16_t* emitted, int32_t* scores, uint8_t* back) noexcept nogil:
        """Replace the scores of labels by those one position on; write what lay before each."""
        cdef Py_ssize_t width = self.bonds.shape[1], label
        cdef int32_t[MOST_LABELS] best
        cdef int32_t[MOST_LABELS] chosen
        cdef int32_t before, score, peak
        cdef const int32_t* bonds
        for label in range(width):
            best[label] = NEVER
            chosen[label] = 0
        for before in range(<int32_t>self.n_labels):
            if scores[before] <= NEVER:
                continue
            bonds = &self.bonds[before, 0]
            # Without branches, so that compilers take several labels at once.
            for label in range(width):
                score = scores[before] + bonds[label]
                chosen[label] = before if score > best[label] else chosen[label]
                best[label] = score if score > best[label] else best[label]
        peak = NEVER
        for label in range(self.n_labels):
            back[label] = <uint8_t>chosen[label]
            scores[label] = best[label] + emitted[label]
            peak = scores[label] if scores[label] > peak else peak
        # Relative to the best, so that they never grow with the text.
        for label in range(self.n_labels):
            scores[label] = scores[label] - peak if scores[label] - peak > NEVER else NEVER

    cdef bint decode(
        self, const uint32_t* const* columns, Py_ssize_t length, uint8_t* labels
    ) noexcept nogil:
        """Write the likeliest labels of a sequence; return False when memory runs out."""
        cdef Py_ssize_t n = self.n_labels, base = 0, count, k, at, label, chosen = 0
        cdef uint32_t[AHEAD * MOST_TEMPLATES] found
        cdef int16_t[MOST_LABELS] emitted
        cdef int32_t[MOST_LABELS] scores
        cdef uint8_t* back = <uint8_t*>malloc(length * n)
        if back == NULL:
            return False
        while base < length:
            count = AHEAD if base + AHEAD <= length else length - base
            self.look_up(columns, length, base, count, found)
            for k in range(count):
                self.emit(found + k * self.ends.shape[0], emitted)
                if base + k == 0:
                    self.begin(emitted, scores)
                else:
                    self.extend(emitted, scores, back + (base + k) * n)
            base += count
        for label in range(n):
            scores[label] += self.bonds[n + 1, label]
            if scores[label] > scores[chosen]:
                chosen = label
        for at in range(length - 1, -1, -1):
            labels[at] = <uint8_t>chosen
            chosen = back[at * n + chosen] if at else 0
        free(back)
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
