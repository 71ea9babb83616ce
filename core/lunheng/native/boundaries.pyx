# cython: boundscheck=False, wraparound=False
# Gram rows lie inside the table by construction of `line_of`; unit and score buffers are allocated
# with the padding that the loops reach into.
"""Segment text into words: score every boundary between units with linear gram weights."""

cimport cython
from libc.stdint cimport int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memcpy, memset

import numpy as np

from lunheng.native.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND
from lunheng.native.user_words cimport FREE, SPLIT, WordTable
from lunheng.native.units cimport (
    COMMA, NEWLINE, SPACE, Units, scan_units,
)

cdef extern from "lanes.h" nogil:
    ctypedef struct lanes_t:
        pass
    lanes_t lanes_zero() noexcept
    lanes_t lanes_add(lanes_t total, const int8_t* row) noexcept
    lanes_t lanes_sum(lanes_t a, lanes_t b) noexcept
    lanes_t lanes_six(lanes_t total) noexcept
    lanes_t lanes_shift(lanes_t total) noexcept
    int16_t lanes_first(lanes_t total) noexcept
    int16_t lanes_seventh(lanes_t total) noexcept
    int16_t lanes_eighth(lanes_t total) noexcept
    unsigned lanes_match(const uint16_t* line, uint16_t wanted) noexcept
    unsigned lanes_lowest(unsigned found) noexcept
    void lanes_prefetch(const void* address) noexcept
    const int8_t* lanes_none

cdef extern from "Python.h":
    object PyUnicode_Substring(object text, Py_ssize_t start, Py_ssize_t end)

cdef enum:
    LINE = 64           # bytes of a line: six fingerprints, prefix bits, three spare, six rows
    ID_BITS = 14        # bits of a unit's id in a gram's key
    PREFIXES = 12       # place of a line's byte of prefix bits
    SLOTS = 6
    BLOCK = 4096        # code points that are segmented at once
    STRIDE = 64         # units whose table lines are fetched ahead
    PADS = 2            # empty units after a line break: no gram reaches across
    MARGIN = 16
    CERTAIN = 20000     # score of a boundary that is given
    SHORT = 256         # below this many code points the GIL is kept

cdef inline uint64_t mixed(uint64_t key) noexcept nogil:
    key = key * <uint64_t>0x9E3779B97F4A7C15
    key ^= key >> 32
    return key * <uint64_t>0xD6E8FEB86659FD93


cdef inline uint64_t bigram_key(uint64_t a, uint64_t b) noexcept nogil:
    return (<uint64_t>2 << 60) | (a << ID_BITS) | b


cdef inline uint64_t trigram_key(uint64_t a, uint64_t b, uint64_t c) noexcept nogil:
    return (<uint64_t>3 << 60) | (((a << ID_BITS) | b) << ID_BITS) | c


cdef inline uint64_t tetragram_key(uint64_t a, uint64_t b, uint64_t c, uint64_t d) noexcept nogil:
    return (<uint64_t>4 << 60) | (((((a << ID_BITS) | b) << ID_BITS) | c) << ID_BITS) | d


cdef inline uint32_t line_of(uint64_t mix, uint64_t n_lines) noexcept nogil:
    return <uint32_t>(((mix >> 32) * n_lines) >> 32)


cdef inline uint16_t fingerprint_of(uint64_t mix) noexcept nogil:
    cdef uint16_t fingerprint = <uint16_t>(mix >> 16)
    return fingerprint if fingerprint else 1


cdef inline const int8_t* row_of(const uint8_t* line, uint16_t fingerprint) noexcept nogil:
    """Return the weights of a gram in its line, or zeros."""
    cdef unsigned found = lanes_match(<const uint16_t*>line, fingerprint)
    return <const int8_t*>(line + 16 + 8 * lanes_lowest(found)) if found else lanes_none


def pack_grams(
    const uint64_t[::1] keys, const int8_t[:, ::1] rows, const uint8_t[::1] prefixes,
    Py_ssize_t n_lines,
):
    """Lay grams out in a table of ``n_lines`` lines; a gram whose line is full is left out.

    Args:
        keys: (order << 60) | ids of 14 bits each, the most important gram first.
        rows: eight weights a gram.
        prefixes: 1 for each trigram that a tetragram begins with.

    Returns:
        The table, uint8 of shape (n_lines * 64,), and whether each gram found a place, uint8.
    """
    if keys.shape[0] != rows.shape[0] or (rows.shape[0] and rows.shape[1] != 8):
        raise ValueError(f"expected 8 weights for each of {keys.shape[0]} keys")
    if prefixes.shape[0] != keys.shape[0]:
        raise ValueError(f"expected {keys.shape[0]} prefix marks, found {prefixes.shape[0]}")
    if not 0 < n_lines < 1 << 31:
        raise ValueError(f"expected 1 to 2147483647 lines, found {n_lines}")
    table = np.zeros(n_lines * LINE, np.uint8)
    cdef uint8_t[::1] out = table
    cdef uint8_t* line
    cdef uint16_t* fingerprints
    cdef uint64_t mix
    placed = np.zeros(keys.shape[0], np.uint8)
    cdef uint8_t[::1] placed_view = placed
    cdef Py_ssize_t i, slot
    for i in range(keys.shape[0]):
        mix = mixed(keys[i])
        line = &out[<Py_ssize_t>line_of(mix, n_lines) * LINE]
        fingerprints = <uint16_t*>line
        for slot in range(SLOTS):
            if fingerprints[slot] == fingerprint_of(mix):
                line[PREFIXES] |= prefixes[i] << slot
                break
            if fingerprints[slot] == 0:
                fingerprints[slot] = fingerprint_of(mix)
                memcpy(line + 16 + 8 * slot, &rows[i, 0], 8)
                line[PREFIXES] |= prefixes[i] << slot
                placed_view[i] = 1
                break
    return table, placed


cdef struct Workspace:
    Py_ssize_t capacity
    Py_ssize_t count        # units, from 1
    uint32_t* points
    uint16_t* ids           # padded: one edge before, MARGIN after
    int32_t* starts
    int16_t* boundary
    int16_t* pair
    uint8_t* back
    uint8_t* forced         # what the user's words force before each unit


cdef bint allocate(Workspace* space, Py_ssize_t capacity) noexcept nogil:
    """Make room for ``capacity`` code points (and as many units, each perhaps a line break)."""
    cdef Py_ssize_t units = (PADS + 1) * capacity + 2 * MARGIN
    cdef uint8_t* memory = <uint8_t*>malloc(capacity * 4 + units * 12 + 64)
    space.capacity = capacity
    space.points = <uint32_t*>memory
    if memory == NULL:
        return False
    memory += capacity * 4
    space.starts = <int32_t*>memory
    memory += units * 4
    space.ids = <uint16_t*>memory + MARGIN
    memory += units * 2
    space.boundary = <int16_t*>memory
    memory += units * 2
    space.pair = <int16_t*>memory
    memory += units * 2
    space.back = memory
    space.forced = memory + units
    return True


cdef inline void release(Workspace* space) noexcept nogil:
    free(space.points)
    space.points = NULL


cdef void widen(
    int kind, const void* data, Py_ssize_t start, Py_ssize_t count, uint32_t* out
) noexcept nogil:
    cdef Py_ssize_t i
    cdef const uint8_t* narrow
    cdef const uint16_t* middle
    if kind == 1:
        narrow = <const uint8_t*>data + start
        for i in range(count):
            out[i] = narrow[i]
    elif kind == 2:
        middle = <const uint16_t*>data + start
        for i in range(count):
            out[i] = middle[i]
    else:
        memcpy(out, <const uint32_t*>data + start, count * 4)


cdef struct Ends:
    int32_t* items
    Py_ssize_t count
    Py_ssize_t capacity


cdef inline bint reserve(Ends* ends, Py_ssize_t more) noexcept nogil:
    cdef Py_ssize_t capacity
    cdef int32_t* items
    if ends.count + more <= ends.capacity:
        return True
    capacity = ends.capacity + ends.capacity // 2
    if capacity < ends.count + more:
        capacity = ends.count + more
    items = <int32_t*>realloc(ends.items, capacity * sizeof(int32_t))
    if items == NULL:
        return False
    ends.items = items
    ends.capacity = capacity
    return True


@cython.final
cdef class BoundaryScorer:
    """Linear scores of word boundaries, looked up in one table of grams.

    Immutable; one instance serves any number of threads.

    Args:
        codes: code of every code point, uint16 of shape (0x110000,).
        characters: int8 of shape (n, 8): weights of every code.
        table: what `pack_grams` made.
        words: the user's words, which are obeyed before any score.
        bias: added to the score of every boundary that is not given.
    """

    def __init__(
        self,
        const uint16_t[::1] codes not None,
        const int8_t[:, ::1] characters not None,
        const uint8_t[::1] table not None,
        WordTable words=None,
        int bias=0,
    ):
        if codes.shape[0] != 0x110000:
            raise ValueError(f"expected 1114112 codes, found {codes.shape[0]}")
        if characters.shape[1] != 8 or np.max(codes) >= characters.shape[0]:
            raise ValueError(f"expected 8 weights for each of {np.max(codes) + 1} codes")
        if table.shape[0] == 0 or table.shape[0] % LINE:
            raise ValueError(f"expected table lines of {LINE} bytes, found {table.shape[0]} bytes")
        if <size_t>&table[0] % 16:
            raise ValueError("expected a table that is aligned to 16 bytes")
        self.codes = codes
        self.characters = characters
        self.table = table
        self.n_lines = table.shape[0] // LINE
        if not -CERTAIN < bias < CERTAIN:
            raise ValueError(f"expected a bias between -{CERTAIN} and {CERTAIN}, found {bias}")
        self.bias = bias
        self.words = words
        self.has_words = words is not None and words.size > 0

    cdef Py_ssize_t fill(self, Workspace* space, Py_ssize_t length, bint last) noexcept nogil:
        """Scan the block's points into padded units; return how many points it takes, 0 for more.

        The units begin at ``ids[1]`` after an edge. Unless it is the ``last`` one, a block ends
        with a line break if it has one; else after a full stop, comma or space; else before its
        last unit. Where it ends thus depends on nothing before its line.
        """
        cdef Units out
        cdef Py_ssize_t count, i, k, taken = length, breaks = 0
        cdef uint16_t* ids = space.ids
        cdef int32_t* starts = space.starts
        out.ids = ids + 1
        out.starts = starts + 1
        count = scan_units(space.points, length, &self.codes[0], out)
        if not last:
            i = count - 1
            while i > 0 and ids[i] != NEWLINE:
                i -= 1
            if i == 0:
                i = count - 1
                while i > 0 and not (
                    ids[i] == COMMA or ids[i] == SPACE or space.points[starts[i]] == 0x3002
                ):
                    i -= 1
                if i == 0:
                    i = count - 1
            if i == 0:
                return 0
            count = i
            taken = starts[i + 1]
        starts[count + 1] = <int32_t>taken
        ids[0] = 0
        for i in range(1, count + 1):
            breaks += ids[i] == NEWLINE
        if breaks:
            # Spread from the end, so that every line break is followed by its pads.
            k = count + breaks * PADS
            memset(ids + k + 1, 0, MARGIN * sizeof(uint16_t))
            starts[k + 1] = <int32_t>taken
            for i in range(count, 0, -1):
                if ids[i] == NEWLINE:
                    ids[k] = ids[k - 1] = ids[k - 2] = 0
                    starts[k] = starts[k - 1] = starts[k + 1]
                    k -= 2
                    starts[k] = starts[i]
                else:
                    ids[k] = ids[i]
                    starts[k] = starts[i]
                k -= 1
            count += breaks * PADS
        else:
            memset(ids + count + 1, 0, MARGIN * sizeof(uint16_t))
        space.count = count
        return taken

    cdef void score(self, Workspace* space) noexcept nogil:
        """Write the scores of the boundaries before units 1 to ``count`` and of their pairs."""
        cdef const uint8_t* table = &self.table[0]
        cdef const int8_t* characters = &self.characters[0, 0]
        cdef const uint16_t* ids = space.ids
        cdef const int8_t* row
        cdef uint32_t[STRIDE] bigram_lines
        cdef uint32_t[STRIDE] trigram_lines
        cdef uint16_t[STRIDE] bigrams
        cdef uint16_t[STRIDE] trigrams
        cdef Py_ssize_t base = 0, j, k, count, stop = space.count + 2
        cdef uint64_t mix, n_lines = self.n_lines
        cdef lanes_t total = lanes_zero(), grams
        cdef const uint8_t* line
        cdef unsigned found, slot
        cdef int carry = 0
        while base < stop:
            count = STRIDE if base + STRIDE <= stop else stop - base
            for k in range(count):
                j = base + k
                if ids[j] | ids[j + 1]:
                    mix = mixed(bigram_key(ids[j], ids[j + 1]))
                    bigram_lines[k] = line_of(mix, n_lines)
                    bigrams[k] = fingerprint_of(mix)
                    lanes_prefetch(table + <size_t>bigram_lines[k] * LINE)
                    mix = mixed(trigram_key(ids[j], ids[j + 1], ids[j + 2]))
                    trigram_lines[k] = line_of(mix, n_lines)
                    trigrams[k] = fingerprint_of(mix)
                    lanes_prefetch(table + <size_t>trigram_lines[k] * LINE)
                else:
                    bigram_lines[k] = trigram_lines[k] = 0
                    bigrams[k] = trigrams[k] = 0
            for k in range(count):
                j = base + k
                grams = lanes_add(lanes_zero(), row_of(table + <size_t>bigram_lines[k] * LINE, bigrams[k]))
                line = table + <size_t>trigram_lines[k] * LINE
                found = lanes_match(<const uint16_t*>line, trigrams[k])
                if found:
                    slot = lanes_lowest(found)
                    grams = lanes_add(grams, <const int8_t*>(line + 16 + 8 * slot))
                    if (line[PREFIXES] >> slot) & 1:
                        mix = mixed(tetragram_key(ids[j], ids[j + 1], ids[j + 2], ids[j + 3]))
                        line = table + <size_t>line_of(mix, n_lines) * LINE
                        grams = lanes_add(grams, row_of(line, fingerprint_of(mix)))
                row = characters + 8 * <size_t>ids[j]
                space.pair[j] = <int16_t>(lanes_seventh(grams) + row[6] + carry)
                carry = lanes_eighth(grams) + row[7]
                grams = lanes_add(grams, characters + 8 * <size_t>ids[j + 1])
                total = lanes_sum(total, lanes_six(grams))
                if j > 0:
                    space.boundary[j - 1] = lanes_first(total)
                total = lanes_shift(total)
            base += STRIDE

    cdef void decode(self, Workspace* space) noexcept nogil:
        """Write to ``back`` whether there is a boundary before each unit, the likeliest together."""
        cdef const uint16_t* ids = space.ids
        cdef uint8_t* back = space.back
        cdef Py_ssize_t i, last = space.count + 1
        cdef int lead = CERTAIN, joined
        cdef uint8_t state = 1
        # `lead` is the score of a boundary here over none; two bits say what lay before either.
        for i in range(1, last + 1):
            joined = lead + space.pair[i - 1]
            back[i] = <uint8_t>((lead > 0) | ((joined > 0) << 1))
            lead = (joined if joined > 0 else 0) - (lead if lead > 0 else 0)
            if self.has_words and space.forced[i] != FREE:
                lead += CERTAIN if space.forced[i] == SPLIT else -CERTAIN
            elif ids[i] < NEWLINE or ids[i - 1] < NEWLINE:
                lead += CERTAIN
            else:
                lead += space.boundary[i] + self.bias
        for i in range(last, 0, -1):
            joined = back[i]
            back[i] = state
            state = <uint8_t>((joined >> state) & 1)

    cdef bint segment_into(
        self, Workspace* space, int kind, const void* data, Py_ssize_t length, Ends* ends
    ) noexcept nogil:
        """Append the end of every word of a text; return False when memory runs out."""
        cdef Py_ssize_t at = 0, block = BLOCK, count, taken, i, k
        cdef int32_t end, previous = 0
        while at < length:
            count = length - at if length - at < block else block
            if count > space.capacity:
                release(space)
                if not allocate(space, count):
                    return False
            widen(kind, data, at, count, space.points)
            taken = self.fill(space, count, at + count == length)
            if taken == 0:
                block *= 2
                continue
            if self.has_words and not self.words.find(
                space.points, space.ids, space.starts, space.count + 1, space.forced
            ):
                return False
            self.score(space)
            self.decode(space)
            if not reserve(ends, space.count + 1):
                return False
            k = ends.count
            for i in range(2, space.count + 2):
                end = <int32_t>(at + space.starts[i])
                ends.items[k] = end
                k += space.back[i] & (end != previous)
                previous = end if space.back[i] else previous
            ends.count = k
            at += taken
            block = BLOCK
        return True

    def ends(self, str text not None):
        """Return the end of every word of ``text`` as an int32 array of code points.

        Raises:
            ValueError: the text has 2**31 code points or more.
            MemoryError: no room for the scores of a line.
        """
        cdef Ends ends
        segment_str(self, text, &ends)
        try:
            return taken_over(&ends)
        finally:
            free(ends.items)

    def scores(self, str text not None):
        """Return what decides on the boundaries of a text that has no line break.

        Returns:
            starts: int32, each unit's first code point; ids: uint16; boundary: int32, score of a
            boundary before each unit; pair: int32, what each unit adds as a word of its own;
            forced: uint8, 1 where a user's word splits and 2 where it joins; cut: uint8, 1 for a
            boundary.

        Raises:
            ValueError: the text has a line break or more than 4,096 characters.
        """
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), i
        cdef Workspace space
        cdef bint done
        if not 0 < length <= BLOCK or "\n" in text:
            raise ValueError(f"expected one line of 1 to {BLOCK} characters, found {length}")
        try:
            done = allocate(&space, length)
            if done:
                widen(PyUnicode_KIND(text), PyUnicode_DATA(text), 0, length, space.points)
                self.fill(&space, length, True)
                memset(space.forced, FREE, space.count + 2)
                if self.has_words:
                    done = self.words.find(
                        space.points, space.ids, space.starts, space.count + 1, space.forced
                    )
            if not done:
                raise MemoryError(f"no room to segment {length} characters")
            self.score(&space)
            self.decode(&space)
            units = [
                (space.starts[i], space.ids[i], space.boundary[i], space.pair[i], space.forced[i],
                 space.back[i])
                for i in range(1, space.count + 1)
            ]
        finally:
            release(&space)
        columns = np.array(units, np.int32).T
        kinds = (np.int32, np.uint16, np.int32, np.int32, np.uint8, np.uint8)
        return tuple(column.astype(kind) for column, kind in zip(columns, kinds))

    def row(self, tuple ids not None):
        """Return the eight weights of a gram of two to four unit ids or of one unit.

        Also returns whether a longer gram begins with it.
        """
        cdef uint64_t key = len(ids), mix, number
        cdef Py_ssize_t at = 0, order = len(ids), k
        cdef const uint8_t* line
        cdef unsigned found
        if not 1 <= order <= 4:
            raise ValueError(f"expected one to four unit ids, found {ids!r}")
        if order == 1:
            at = ids[0]
            if not 0 <= at < self.characters.shape[0]:
                raise ValueError(f"expected a unit id, found {at}")
            return [self.characters[at, k] for k in range(8)], False
        key <<= 60 - ID_BITS * order
        for number in ids:
            key = (key << ID_BITS) | number
        mix = mixed(key)
        line = &self.table[0] + <size_t>line_of(mix, self.n_lines) * LINE
        found = lanes_match(<const uint16_t*>line, fingerprint_of(mix))
        row = [row_of(line, fingerprint_of(mix))[k] for k in range(8)]
        return row, bool(found and (line[PREFIXES] >> lanes_lowest(found)) & 1)

    def cut(self, str text not None):
        """Return the words of ``text``; together they are the text."""
        cdef Ends ends
        cdef Py_ssize_t i, start = 0
        cdef list words
        segment_str(self, text, &ends)
        try:
            words = [None] * ends.count
            for i in range(ends.count):
                words[i] = PyUnicode_Substring(text, start, ends.items[i])
                start = ends.items[i]
        finally:
            free(ends.items)
        return words

    def ends_many(self, list texts not None):
        """Return the ends of every text's words, without the GIL.

        Returns:
            ends: int32, code points in each text; offsets: int64 of shape (len(texts) + 1,), the
            words of text ``i`` are ``ends[offsets[i]:offsets[i + 1]]``.
        """
        cdef Py_ssize_t n = len(texts), i, total = 0
        cdef int* kinds = <int*>malloc((n + 1) * sizeof(int))
        cdef const void** datas = <const void**>malloc((n + 1) * sizeof(void*))
        cdef Py_ssize_t* lengths = <Py_ssize_t*>malloc((n + 1) * sizeof(Py_ssize_t))
        cdef str text
        cdef Ends ends
        cdef Workspace space
        cdef bint done
        offsets = np.zeros(n + 1, np.int64)
        cdef int64_t[::1] offsets_view = offsets
        cdef tuple held = tuple(texts)
        ends.items = NULL
        ends.count = ends.capacity = 0
        try:
            if kinds == NULL or datas == NULL or lengths == NULL:
                raise MemoryError(f"no room for {n} texts")
            for i in range(n):
                text = held[i]
                kinds[i] = PyUnicode_KIND(text)
                datas[i] = PyUnicode_DATA(text)
                lengths[i] = PyUnicode_GET_LENGTH(text)
                check_length(lengths[i])
                total += lengths[i]
            with nogil:
                done = allocate(&space, BLOCK) and reserve(&ends, total // 2 + MARGIN)
                for i in range(n):
                    if not done:
                        break
                    done = self.segment_into(&space, kinds[i], datas[i], lengths[i], &ends)
                    offsets_view[i + 1] = ends.count
                release(&space)
            if not done:
                raise MemoryError(f"no room to segment {total} characters")
            return taken_over(&ends), offsets
        finally:
            free(kinds)
            free(datas)
            free(lengths)
            free(ends.items)


cdef object taken_over(Ends* ends):
    result = np.empty(ends.count, np.int32)
    cdef int32_t[::1] view
    if ends.count:
        view = result
        memcpy(&view[0], ends.items, ends.count * sizeof(int32_t))
    return result


cdef inline int check_length(Py_ssize_t length) except -1:
    if length >= <Py_ssize_t>1 << 31:
        raise ValueError(f"expected a text of fewer than 2147483648 characters, found {length}")
    return 0


cdef int segment_str(BoundaryScorer scorer, str text, Ends* ends) except -1:
    """Segment one text, without the GIL when it is long."""
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef const void* data = PyUnicode_DATA(text)
    cdef Workspace space
    cdef bint done
    check_length(length)
    ends.items = NULL
    ends.count = ends.capacity = 0
    if length < SHORT:
        done = allocate(&space, length + 1) and reserve(ends, length + 1)
        done = done and scorer.segment_into(&space, kind, data, length, ends)
    else:
        with nogil:
            done = allocate(&space, BLOCK if length > BLOCK else length)
            done = done and reserve(ends, length // 2 + MARGIN)
            done = done and scorer.segment_into(&space, kind, data, length, ends)
    release(&space)
    if not done:
        free(ends.items)
        ends.items = NULL
        raise MemoryError(f"no room to segment {length} characters")
    return 0
