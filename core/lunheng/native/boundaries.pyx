# cython: boundscheck=False, wraparound=False
# Gram rows lie inside the table by construction of `line_of`; unit and score buffers are allocated
# with the padding that the loops reach into.
"""Score every boundary between units with linear gram weights, and choose the likeliest together."""

cimport cython
from libc.stdint cimport int8_t, int16_t, int32_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memset

import numpy as np

from lunheng.native.grams cimport (
    LINE, PREFIXES, bigram_key, fingerprint_of, line_of, mixed, row_of, tetragram_key, trigram_key,
)
from lunheng.native.lanes cimport (
    lanes_add, lanes_eighth, lanes_first, lanes_lowest, lanes_match, lanes_prefetch, lanes_seventh,
    lanes_shift, lanes_six, lanes_sum, lanes_t, lanes_zero,
)
from lunheng.native.points cimport Source, read_points
from lunheng.native.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND
from lunheng.native.units cimport COMMA, NEWLINE, SPACE, Units, scan_units
from lunheng.native.user_words cimport FREE, MOST_LAYERS, SPLIT, Line, Match, Matches, find_words
from lunheng.native.word_table cimport WordTable

from lunheng.native.grams import gram_row

cdef enum:
    STRIDE = 64         # units whose table lines are fetched ahead
    PADS = 2            # empty units after a line break: no gram reaches across
    MARGIN = 16
    CERTAIN = 20000     # score of a boundary that is given
    UNIT = 12           # bytes that a workspace has for a unit


cdef size_t workspace_size(Py_ssize_t capacity) noexcept nogil:
    return capacity * 4 + ((PADS + 1) * capacity + 2 * MARGIN) * UNIT + 64


cdef void place(Workspace* space, void* memory, Py_ssize_t capacity) noexcept nogil:
    cdef Py_ssize_t units = (PADS + 1) * capacity + 2 * MARGIN
    cdef uint8_t* at = <uint8_t*>memory
    memset(&space.obeyed, 0, sizeof(Matches))
    space.capacity = capacity
    space.points = <uint32_t*>at
    at += capacity * 4
    space.starts = <int32_t*>at
    at += units * 4
    space.ids = <uint16_t*>at + MARGIN
    at += units * 2
    space.boundary = <int16_t*>at
    at += units * 2
    space.pair = <int16_t*>at
    at += units * 2
    space.back = at
    space.forced = at + units


cdef bint allocate(Workspace* space, Py_ssize_t capacity) noexcept nogil:
    """Make room for ``capacity`` code points (and as many units, each perhaps a line break)."""
    cdef void* memory = malloc(workspace_size(capacity))
    space.points = NULL
    space.obeyed.items = NULL
    if memory == NULL:
        return False
    place(space, memory, capacity)
    return True


cdef void release(Workspace* space) noexcept nogil:
    free(space.points)
    free(space.obeyed.items)
    space.points = NULL
    space.obeyed.items = NULL


@cython.final
cdef class BoundaryScorer:
    """Linear scores of word boundaries, looked up in one table of grams.

    Immutable; one instance serves any number of threads.

    Args:
        codes: code of every code point, uint16 of shape (0x110000,).
        characters: int8 of shape (n, 8): weights of every code.
        table: what `lunheng.native.grams.pack_grams` made.
        words: tables of the user's words, which are obeyed before any score; in the first that
            has a word stands what it is.
        fold: what the words were folded with, uint32 of shape (0x110000,); None without words.
        bias: added to the score of every boundary that is not given.
    """

    def __init__(
        self,
        const uint16_t[::1] codes not None,
        const int8_t[:, ::1] characters not None,
        const uint8_t[::1] table not None,
        tuple words=(),
        const uint32_t[::1] fold=None,
        int bias=0,
    ):
        cdef Py_ssize_t most = np.max(codes), k
        cdef WordTable layer
        if codes.shape[0] != 0x110000:
            raise ValueError(f"expected 1114112 codes, found {codes.shape[0]}")
        if characters.shape[1] != 8 or most >= characters.shape[0]:
            raise ValueError(f"expected 8 weights for each of {most + 1} codes")
        if table.shape[0] == 0 or table.shape[0] % LINE:
            raise ValueError(f"expected table lines of {LINE} bytes, found {table.shape[0]} bytes")
        if <size_t>&table[0] % 16:
            raise ValueError("expected a table that is aligned to 16 bytes")
        if not -CERTAIN < bias < CERTAIN:
            raise ValueError(f"expected a bias between -{CERTAIN} and {CERTAIN}, found {bias}")
        if words and (fold is None or fold.shape[0] != 0x110000):
            raise ValueError("expected what the words were folded with, of shape (1114112,)")
        if len(words) > MOST_LAYERS:
            raise ValueError(f"expected at most {MOST_LAYERS} word tables, found {len(words)}")
        self.codes = codes
        self.characters = characters
        self.table = table
        self.n_lines = table.shape[0] // LINE
        self.bias = bias
        self.owners = (words, fold)
        self.words.n_layers = 0
        for k in range(len(words)):
            layer = words[k]
            if layer.layer.n_ids <= most:
                raise ValueError("the words were not coded with these codes")
            self.words.layers[k] = layer.layer
        if words:
            self.words.fold = &fold[0]
            self.words.n_layers = <int>len(words)

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
            if self.words.n_layers and space.forced[i] != FREE:
                lead += CERTAIN if space.forced[i] == SPLIT else -CERTAIN
            elif ids[i] < NEWLINE or ids[i - 1] < NEWLINE:
                lead += CERTAIN
            else:
                lead += space.boundary[i] + self.bias
        for i in range(last, 0, -1):
            joined = back[i]
            back[i] = state
            state = <uint8_t>((joined >> state) & 1)

    cdef Py_ssize_t segment(
        self, Workspace* space, Py_ssize_t length, bint last
    ) noexcept nogil:
        """Cut the block of ``length`` points; return how many it takes, 0 for more, -1 for memory.

        Afterwards `back` tells of the units 1 to ``count`` where a word begins, and
        ``obeyed`` which user's words are obeyed.
        """
        cdef Py_ssize_t taken = self.fill(space, length, last)
        cdef Line line
        if taken == 0:
            return 0
        if self.words.n_layers:
            line.points = space.points
            line.ids = space.ids
            line.starts = space.starts
            line.last = space.count + 1
            if not find_words(&self.words, &line, space.forced, &space.obeyed):
                return -1
        self.score(space)
        self.decode(space)
        return taken

    cdef Py_ssize_t collect(self, Workspace* space) noexcept nogil:
        """Overwrite the units' starts by the ends of the block's words; return how many."""
        cdef Py_ssize_t count = 0, i
        cdef int32_t end, previous = 0
        cdef int32_t* starts = space.starts
        for i in range(2, space.count + 2):
            end = starts[i]
            starts[count] = end
            count += space.back[i] & (end != previous)
            previous = end if space.back[i] else previous
        return count

    def scores(self, str text not None):
        """Return what decides on the boundaries of a text that has no line break.

        Returns:
            columns: int32 of shape (6, units): each unit's first code point and id; score of a
            boundary before it; what it adds as a word of its own; 1 where a user's word splits
            before it and 2 where one joins; 1 for a boundary.
            words: int32 of shape (n, 4): first unit, unit after the last, number of the table and
            of the word in it, of each user's word that is obeyed.

        Raises:
            ValueError: the text has a line break or more than 4,096 characters.
        """
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), i, stop, taken = -1
        cdef Workspace space
        cdef Source source
        cdef Match* found
        if not 0 < length <= BLOCK or "\n" in text:
            raise ValueError(f"expected one line of 1 to {BLOCK} characters, found {length}")
        source.kind = PyUnicode_KIND(text)
        source.data = PyUnicode_DATA(text)
        source.length = length
        try:
            if allocate(&space, length):
                memset(space.forced, FREE, (PADS + 1) * length + 2 * MARGIN)
                read_points(&source, 0, length, space.points, &stop)
                taken = self.segment(&space, length, True)
            if taken < 0:
                raise MemoryError(f"no room to segment {length} characters")
            columns = np.array(
                [
                    (space.starts[i], space.ids[i], space.boundary[i], space.pair[i],
                     space.forced[i], space.back[i])
                    for i in range(1, space.count + 1)
                ],
                np.int32,
            ).T
            found = space.obeyed.items
            matches = [
                (found[i].first - 1, found[i].last - 1, found[i].layer, found[i].word)
                for i in range(space.obeyed.count)
            ]
        finally:
            release(&space)
        return columns, np.array(matches, np.int32).reshape(-1, 4)

    def row(self, tuple ids not None):
        """Return the eight weights of a gram of two to four unit ids or of one unit.

        Also returns whether a longer gram begins with it.

        Raises:
            ValueError: there are no such ids.
        """
        cdef Py_ssize_t at, k
        if len(ids) != 1:
            return gram_row(self.table, ids)
        at = ids[0]
        if not 0 <= at < self.characters.shape[0]:
            raise ValueError(f"expected a unit id, found {at}")
        return [self.characters[at, k] for k in range(8)], False
