# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# Bounds: tables have an entry for every byte or every code point of the basic plane, checked at
# construction, and characters beyond it are turned away first; arrays of readings grow before
# they are written to.
"""Search for what GBK text was before it was decoded one byte off.

The search goes through the damaged characters, keeping the best readings so far. A reading is a
place, the half character that awaits its other byte, and the text up to there, scored by a
bigram model and by the text's own pairs.
"""

import numpy as np

from lunheng.errors import UsageError

cimport cython
from cpython.mem cimport PyMem_RawCalloc, PyMem_RawFree, PyMem_RawMalloc, PyMem_RawRealloc
from libc.math cimport INFINITY, log
from libc.stdint cimport int16_t, int32_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport qsort
from libc.string cimport memset
from lunheng.native.bigrams cimport BigramTable
from lunheng.native.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)

cdef enum:
    NARROW = 24
    OPEN = 6
    WILD = 12
    LONGEST = 60
    AHEAD = 8
    LONG = 65536
    REPLACEMENT = 0xFFFD

# Costs in nats: a variant of the other script, half-width punctuation, a dropped pair of bytes,
# an ASCII character eaten without a trace, a character of the wrong script.
cdef double VARIANT = 2.0, WIDTH = 0.5, DROPPED = 3.0, EATEN = 4.0, FOREIGN = 6.0
# No character is likelier than this; and what a reading that may end here must stay above.
cdef double LIKELIEST = 4.0, ENDED = 8.0
# How far behind one that has ended a reading is given up.
cdef double HOPELESS = 12.0
# What closes an open quotation is likely; a full stop before it is what is torn most often.
cdef double CLOSES = -2.0, CLOSING = 2.0, UNOPENED = 6.0, ENDS = 1.5
# 想一想, 对不对: what repeats itself is likelier than its pairs say.
cdef double REPEATED = 4.0


cdef inline uint64_t mix(uint64_t hashed, uint64_t value) noexcept nogil:
    hashed = (hashed ^ value) * <uint64_t>0x9E3779B97F4A7C15
    return hashed ^ (hashed >> 29)


cdef inline int quote_of(uint32_t c, bint* closes) noexcept nogil:
    """The kind of mark in “”‘’「」『』《》（）, -1 for none."""
    if c < 0x2018 or c > 0xFF09:
        return -1
    closes[0] = c & 1
    if c == 0x2018 or c == 0x2019:
        return 0
    if c == 0x201C or c == 0x201D:
        return 1
    if c == 0x300C or c == 0x300D:
        return 2
    if c == 0x300E or c == 0x300F:
        return 3
    if c == 0x300A or c == 0x300B:
        return 4
    if c == 0xFF08 or c == 0xFF09:
        return 5
    return -1


cdef inline bint is_separator(uint32_t c) noexcept nogil:
    return (
        c == 0xFF0C or c == 0xFF01 or c == 0xFF1F or c == 0xFF1B or c == 0x3001 or c == 0x3002
        or c == 0xFF1A or c == 0x2C or c == 0x21 or c == 0x3F or c == 0x3B or c == 0x3A
    )


cdef inline bint is_toned(uint32_t c) noexcept nogil:
    """Whether c is a vowel or nasal with a tone mark."""
    return (
        c == 0x101 or c == 0xE1 or c == 0x1CE or c == 0xE0 or c == 0x113 or c == 0xE9
        or c == 0x11B or c == 0xE8 or c == 0x12B or c == 0xED or c == 0x1D0 or c == 0xEC
        or c == 0x14D or c == 0xF3 or c == 0x1D2 or c == 0xF2 or c == 0x16B or c == 0xFA
        or c == 0x1D4 or c == 0xF9 or c == 0x1D6 or c == 0x1D8 or c == 0x1DA or c == 0x1DC
        or c == 0x144 or c == 0x148 or c == 0x1F9 or c == 0x1E3F
    )


cdef int by_score(const void* left, const void* right) noexcept nogil:
    cdef double a = (<const Reading*>left).score, b = (<const Reading*>right).score
    cdef uint64_t x = (<const Reading*>left).hashed, y = (<const Reading*>right).hashed
    if a != b:
        return -1 if a > b else 1
    return (x > y) - (x < y)


@cython.final
cdef class GbkTables:
    """GBK's characters and bytes, and which characters are written variants of one another.

    Args:
        characters: uint16 (256, 256), by first and second byte; 0 where no text has one.
        code_of: uint16 (65536,), each character's two bytes, also of private use; 0 for none.
        variant_start: int32 (65537,), where each character's variants begin in ``variant_code``.
        variant_code: uint16 (n,), the two bytes of the variants.
        simplified: uint8 (65536,), whether a character is simplified only.
        fold: uint32 (65536,), what each character folds to.
    """

    def __init__(self, characters, code_of, variant_start, variant_code, simplified, fold):
        if characters.shape != (256, 256) or len(variant_start) != 65537:
            raise UsageError("expected tables of 256 by 256 and of 65537 entries")
        if any(len(table) != 65536 for table in (code_of, simplified, fold)):
            raise UsageError("expected tables with an entry for each of 65536 characters")
        self.characters = np.ascontiguousarray(characters, np.uint16)
        self.code_of = np.ascontiguousarray(code_of, np.uint16)
        self.variant_start = np.ascontiguousarray(variant_start, np.int32)
        self.variant_code = np.ascontiguousarray(variant_code, np.uint16)
        self.simplified = np.ascontiguousarray(simplified, np.uint8)
        self.fold = np.ascontiguousarray(fold, np.uint32)

    def __reduce__(self):
        return GbkTables, (
            np.array(self.characters),
            np.array(self.code_of),
            np.array(self.variant_start),
            np.array(self.variant_code),
            np.array(self.simplified),
            np.array(self.fold),
        )


@cython.final
cdef class ShiftSearch:
    """Reads the torn runs of one damaged text.

    Args:
        tables: GBK.
        model: how likely characters follow one another.
        damaged: the text.
        sounds: the characters that bear pinyin brackets in it, by their sound.
        traditional: whether its script is traditional.
    """

    def __cinit__(self, GbkTables tables, BigramTable model, str damaged, dict sounds,
                  bint traditional):
        memset(&self.beam, 0, sizeof(Readings))
        memset(&self.grown, 0, sizeof(Readings))
        memset(&self.finished, 0, sizeof(Readings))
        memset(self.occurs, 0, sizeof(self.occurs))
        self.pairs = NULL
        self.row = NULL
        self.nodes = NULL
        self.slots = NULL
        self.n_nodes = self.node_room = self.n_slots = 0
        self.tables = tables
        self.model = model
        self.damaged = damaged
        self.sounds = sounds
        self.traditional = traditional
        self.kind = PyUnicode_KIND(damaged)
        self.data = PyUnicode_DATA(damaged)
        self.length = PyUnicode_GET_LENGTH(damaged)
        self.row_of = 0
        self.row = <float*>PyMem_RawCalloc(model.unigram.shape[0], sizeof(float))
        if self.row == NULL:
            raise MemoryError
        self.set_row(0, 1.0)
        self.count_pairs()

    def __dealloc__(self):
        PyMem_RawFree(self.pairs)
        PyMem_RawFree(self.row)
        PyMem_RawFree(self.nodes)
        PyMem_RawFree(self.slots)
        PyMem_RawFree(self.beam.items)
        PyMem_RawFree(self.grown.items)
        PyMem_RawFree(self.finished.items)

    cdef uint32_t char_at(self, Py_ssize_t i) noexcept nogil:
        """The character at i, 0 beyond the end."""
        return PyUnicode_READ(self.kind, self.data, i) if i < self.length else 0

    cdef uint32_t folded(self, uint32_t c) noexcept nogil:
        return self.tables.fold[c] if c < 65536 else c

    cdef int count_pairs(self) except -1:
        """Count the text's folded characters and pairs of them, of a long text its first ones."""
        cdef Py_ssize_t length = min(self.length, LONG)
        cdef uint64_t size = 64
        cdef Py_ssize_t i
        cdef uint64_t before = 0, here
        while size < <uint64_t>(3 * length):
            size *= 2
        self.pairs = <Pair*>PyMem_RawMalloc(size * sizeof(Pair))
        if self.pairs == NULL:
            raise MemoryError
        memset(self.pairs, 0, size * sizeof(Pair))
        self.mask = size - 1
        for i in range(length):
            here = self.folded(PyUnicode_READ(self.kind, self.data, i))
            self.slot(here).count += 1
            self.occurs[here >> 3 & 0x1FFF] |= 1 << (here & 7)
            if i:
                self.slot(before << 32 | here).count += 1
            before = here
        return 0

    cdef Pair* slot(self, uint64_t key) noexcept nogil:
        """The slot of a key (the first character above, or one alone), found or made."""
        cdef uint64_t i = mix(0, key) & self.mask
        while self.pairs[i].key != key + 1 and self.pairs[i].key != 0:
            i = (i + 1) & self.mask
        self.pairs[i].key = key + 1
        return self.pairs + i

    cdef int32_t seen(self, uint64_t key) noexcept nogil:
        cdef uint64_t i = mix(0, key) & self.mask
        while self.pairs[i].key != key + 1:
            if self.pairs[i].key == 0:
                return 0
            i = (i + 1) & self.mask
        return self.pairs[i].count

    cdef void look_back(self, const Reading* reading, bint many) noexcept nogil:
        """Set what the likelihood of every next character of a reading depends on.

        For ``many`` next characters the gains after the last one are spread out.
        """
        cdef uint32_t number = self.model.numbers[reading.last]
        self.last = self.folded(reading.last)
        self.last_seen = self.seen(self.last) if reading.last else 0
        self.last_number = number
        self.spread = many
        if many and number != self.row_of:
            self.set_row(self.row_of, 0.0)
            self.set_row(number, 1.0)
            self.row_of = number

    cdef void set_row(self, uint32_t number, float factor) noexcept nogil:
        """Set the gains of the characters that follow one often, times a factor."""
        cdef uint32_t base = number * <uint32_t>self.model.unigram.shape[0]
        cdef int32_t i
        for i in range(self.model.starts[number], self.model.starts[number + 1]):
            self.row[self.model.pairs[i] - base] = factor * self.model.gain[i]

    cdef double likelihood(self, const Reading* reading, uint32_t c) noexcept nogil:
        """The score of c as the next character of the reading that was looked back on."""
        cdef uint32_t number = self.model.numbers[c], folded = self.folded(c)
        cdef double score
        cdef bint closes = False
        cdef int quote, seen
        if reading.last == 0:
            score = self.model.unigram[number]
        else:
            if self.spread:
                score = self.model.unigram[number] + self.row[number]
            else:
                score = self.model.after(self.last_number, number)
            if self.last_seen and self.occurring(folded):
                seen = self.seen(<uint64_t>self.last << 32 | folded)
                if seen:
                    score = max(score, log(0.4 * seen / self.last_seen))
        quote = quote_of(c, &closes)
        if quote >= 0 and closes:
            if reading.open[quote] > 0:
                score = max(score + CLOSING, CLOSES)
            else:
                score -= UNOPENED
            if reading.length == 1 and reading.last == 0x3002:
                score += ENDS
        if self.traditional and c < 65536 and self.tables.simplified[c]:
            score -= FOREIGN
        if (reading.last == 0x4E00 or reading.last == 0x4E0D or reading.last == 0x4E86) and (
            reading.length >= 2 and reading.before_last == c
        ):
            score += REPEATED
        return score

    cdef int append(self, Reading* reading, uint32_t c) except -1:
        """Add a character to a reading's text."""
        cdef Py_ssize_t room
        cdef Node* nodes
        cdef bint closes = False
        cdef int quote
        if self.n_nodes == self.node_room:
            room = 2 * self.node_room + 4096
            nodes = <Node*>PyMem_RawRealloc(self.nodes, room * sizeof(Node))
            if nodes == NULL:
                raise MemoryError
            self.nodes = nodes
            self.node_room = room
        self.nodes[self.n_nodes] = Node(c, reading.node)
        reading.node = <int32_t>self.n_nodes
        self.n_nodes += 1
        reading.before_last = reading.last
        reading.last = c
        reading.length += 1
        reading.hashed = mix(reading.hashed, c)
        reading.folded = mix(reading.folded, self.folded(c))
        quote = quote_of(c, &closes)
        if quote >= 0:
            reading.open[quote] += -1 if closes else 1
        return 0

    cdef int extend(self, const Reading* old, const uint32_t* candidates, Py_ssize_t n,
                    int32_t at, int16_t pending, bint done, double cost, uint32_t extra) except -1:
        """Grow a reading by the likeliest of the candidates.

        ``extra`` is a further character: for a reading that goes on, one that may end it here.
        """
        cdef double[WILD] scores
        cdef uint32_t[WILD] chars
        cdef Py_ssize_t kept = 0, i, j
        cdef double score, least = self.least(pending, done, extra) - old.score + cost
        cdef Reading new
        if least >= LIKELIEST:
            return 0
        self.look_back(old, n > WILD)
        for i in range(n):
            score = self.likelihood(old, candidates[i])
            if score <= least or (kept == WILD and score <= scores[kept - 1]):
                continue
            j = kept if kept < WILD else WILD - 1
            while j > 0 and scores[j - 1] < score:
                scores[j] = scores[j - 1]
                chars[j] = chars[j - 1]
                j -= 1
            scores[j] = score
            chars[j] = candidates[i]
            if kept < WILD:
                kept += 1
        for i in range(kept):
            new = old[0]
            self.append(&new, chars[i])
            new.at = at
            new.pending = pending
            new.score += scores[i] - cost
            new.done = done
            if extra and done:
                self.append(&new, extra)
            push(&self.grown, &new)
            if not done:
                self.rank(pending, new.score)
            if extra and not done:
                self.append(&new, extra)
                new.done = True
                push(&self.grown, &new)
        return 0

    cdef double least(self, int16_t pending, bint done, uint32_t extra) noexcept nogil:
        """The score that a grown reading must exceed to have a chance in the next beam."""
        cdef const Ranking* ranking = &self.ranked[pending < 0]
        if done or ranking.n < ranking.room:
            return -INFINITY
        return ranking.scores[ranking.n - 1] - (ENDED if extra else 0.0)

    cdef void rank(self, int16_t pending, double score) noexcept nogil:
        """Note the score of a grown reading among the best."""
        cdef Ranking* ranking = &self.ranked[pending < 0]
        cdef int i = ranking.n
        if ranking.n < ranking.room:
            ranking.n += 1
        elif score <= ranking.scores[ranking.n - 1]:
            return
        else:
            i -= 1
        while i > 0 and ranking.scores[i - 1] < score:
            ranking.scores[i] = ranking.scores[i - 1]
            i -= 1
        ranking.scores[i] = score

    cdef bint known(self, uint32_t c) noexcept nogil:
        """Whether the model or the text has the character."""
        return self.model.numbers[c] != 0 or self.occurring(self.folded(c))

    cdef bint occurring(self, uint32_t folded) noexcept nogil:
        """Whether the text may have a folded character: a bit each, without a look-up."""
        return self.occurs[folded >> 3 & 0x1FFF] >> (folded & 7) & 1

    cdef int complete(self, const Reading* old, int trail, int32_t at, int16_t pending, bint done,
                      double cost, uint32_t extra) except -1:
        """Grow a reading by the characters whose first byte is pending and second is trail."""
        cdef uint32_t[256] candidates
        cdef Py_ssize_t n = 0
        cdef int lead
        if old.pending >= 0:
            candidates[0] = self.tables.characters[old.pending, trail]
            n = candidates[0] != 0
        else:
            for lead in range(0x81, 0xFF):
                candidates[n] = self.tables.characters[lead, trail]
                n += candidates[n] != 0 and self.known(candidates[n])
        return self.extend(old, candidates, n, at, pending, done, cost, extra)

    cdef int grow(self, const Reading* old, int32_t anchor) except -1:
        """Add every next step of a reading."""
        cdef uint32_t c = self.char_at(old.at)
        cdef int32_t end
        if c == 0 or old.at - anchor > LONGEST:
            return 0
        if c == 0x2C and is_separator(self.char_at(old.at + 1)):
            self.skip(old, old.at + 1)
        end = self.after_bracket(old.at)
        if end:
            self.skip(old, end)
        elif (c == 0x3F or c == 0xFF1F) and old.pending >= 0:
            self.end_at_question_mark(old)
        if 0x40 <= c <= 0x7E or c == 0x20AC:
            end = self.after_bracket(old.at + 1)
            self.complete(
                old, 0x80 if c == 0x20AC else <int>c, end or old.at + 1, -1, True, 0.0, 0
            )
        elif c > 0x20 and c != 0x7F and c < 65536:
            self.shift(old, c)
        if self.drops and old.pending >= 0 and c > 0x3E:
            self.drop(old)
        return 0

    cdef int skip(self, const Reading* old, int32_t at) except -1:
        """Pass over what the scraper inserted."""
        cdef Reading new = old[0]
        new.at = at
        push(&self.grown, &new)
        return 0

    cdef int shift(self, const Reading* old, uint32_t c) except -1:
        """Read a damaged character: its bytes end one character and begin the next."""
        cdef int32_t i
        if c < 0x40:
            return self.shift_bytes(old, self.tables.code_of[c + 0xFEE0], WIDTH)
        self.shift_bytes(old, self.tables.code_of[c], 0.0)
        for i in range(self.tables.variant_start[c], self.tables.variant_start[c + 1]):
            self.shift_bytes(old, self.tables.variant_code[i], VARIANT)
        return 0

    cdef int shift_bytes(self, const Reading* old, uint16_t code, double cost) except -1:
        # A second byte below 7F was perhaps an ASCII character by itself.
        cdef int trail = code & 0xFF
        if code == 0:
            return 0
        return self.complete(
            old, code >> 8, old.at + 1, trail, False, cost, trail if trail <= 0x7E else 0
        )

    cdef int drop(self, const Reading* old) except -1:
        """Suppose that two bytes of the area of private use were dropped here."""
        cdef uint32_t[32] candidates
        cdef Py_ssize_t n = 0
        cdef int lead
        for lead in range(0xA1, 0xFF):
            if lead <= 0xA7 or 0xAA <= lead <= 0xAF or lead >= 0xF8:
                candidates[n] = self.tables.characters[old.pending, lead]
                n += candidates[n] != 0
        return self.extend(old, candidates, n, old.at, -1, False, DROPPED, 0)

    cdef int end_at_question_mark(self, const Reading* old) except -1:
        """The question mark is a second byte and an ASCII character, or byte 80 and another."""
        cdef uint32_t[256] candidates
        cdef Py_ssize_t n = 0
        cdef int32_t end = old.at + 1, tail
        cdef double cost = 0.0
        cdef uint32_t lost = 0
        cdef int trail
        cdef bint closes = False
        for trail in range(0x40, 0xFF):
            candidates[n] = self.tables.characters[old.pending, trail]
            n += candidates[n] != 0
        tail = self.after_tag(end)
        if tail:
            n = only_closing(candidates, n)
            end = tail
        elif self.after_sound(end):
            n = self.only_sounding(candidates, n, end)
            end = self.after_sound(end)
        elif not is_separator(self.char_at(end)):
            cost = EATEN
            # At a line's end it was the first character of a tag whose rest was taken out.
            lost = 0 if self.char_at(end) in (0, 0x0A, 0x0D) else REPLACEMENT
        self.extend(old, candidates, n, end, -1, True, cost, lost)
        return self.complete(old, 0x80, old.at + 1, -1, False, 0.0, 0)

    cdef Py_ssize_t only_sounding(self, uint32_t* candidates, Py_ssize_t n, int32_t at) except -1:
        """Keep the candidates that bear the sound at ``at`` elsewhere, unless none does."""
        known = self.sounds.get(self.damaged[at:self.after_sound(at) - 1], "")
        cdef Py_ssize_t kept = 0, i
        for i in range(n):
            if chr(candidates[i]) in known:
                candidates[kept] = candidates[i]
                kept += 1
        return kept or n

    cdef int32_t after_sound(self, int32_t at) noexcept nogil:
        """Where a toned syllable and a closing bracket end that begin at ``at``; 0 for none."""
        cdef int32_t i = at
        cdef uint32_t c = self.char_at(i)
        while i - at < 5 and (0x61 <= c <= 0x7A or c == 0xFC):
            i += 1
            c = self.char_at(i)
        if not is_toned(c):
            return 0
        at = i
        i += 1
        c = self.char_at(i)
        while i - at < 5 and (0x61 <= c <= 0x7A or c == 0xFC):
            i += 1
            c = self.char_at(i)
        return i + 1 if c == 0x29 or c == 0xFF09 else 0

    cdef int32_t after_bracket(self, int32_t at) noexcept nogil:
        """Where a pinyin bracket that begins at ``at`` ends; 0 for none."""
        cdef uint32_t c = self.char_at(at)
        return self.after_sound(at + 1) if c == 0x28 or c == 0xFF08 else 0

    cdef int32_t after_tag(self, int32_t at) noexcept nogil:
        """Where the rest of a tag that lost its first character ends; 0 for none."""
        cdef int32_t i = at + (self.char_at(at) == 0x2F), name = i
        while i - name < 10 and 0x61 <= self.char_at(i) <= 0x7A:
            i += 1
        if i == name:
            return 0
        i += 0x30 <= self.char_at(i) <= 0x39
        i += self.char_at(i) == 0x20
        i += self.char_at(i) == 0x2F
        return i + 1 if self.char_at(i) == 0x3E else 0

    cdef int advance(self) except -1:
        """Move the grown readings to the finished ones and, the best of them, to the beam."""
        cdef Py_ssize_t i, size = 256, n_open = 0
        cdef uint64_t key
        cdef Reading* reading
        while size < 2 * self.grown.n:
            size *= 2
        if size > self.n_slots:
            PyMem_RawFree(self.slots)
            self.slots = <int32_t*>PyMem_RawMalloc(size * sizeof(int32_t))
            self.n_slots = size if self.slots != NULL else 0
            if self.slots == NULL:
                raise MemoryError
        memset(self.slots, 0xFF, size * sizeof(int32_t))
        qsort(self.grown.items, self.grown.n, sizeof(Reading), by_score)
        self.beam.n = 0
        for i in range(self.grown.n):
            reading = self.grown.items + i
            key = mix(mix(reading.hashed, <uint64_t>reading.at), <uint64_t>(reading.pending + 2))
            key = mix(key, reading.done) & <uint64_t>(size - 1)
            while self.slots[key] >= 0 and not same(self.grown.items + self.slots[key], reading):
                key = (key + 1) & <uint64_t>(size - 1)
            if self.slots[key] >= 0:
                continue
            self.slots[key] = <int32_t>i
            if reading.done:
                push(&self.finished, reading)
                self.end(reading)
            elif reading.score < self.ended_by(reading.at) - HOPELESS:
                continue
            elif self.beam.n < self.width and (
                reading.pending >= 0 or n_open < self.width // OPEN
            ):
                push(&self.beam, reading)
                n_open += reading.pending < 0
        self.grown.n = 0
        return 0

    cdef void end(self, const Reading* reading) noexcept nogil:
        """Note where a reading ended, for those that go on."""
        cdef int32_t i = reading.at - self.anchor
        if i < FARTHEST and reading.score > self.ended[i]:
            self.ended[i] = reading.score
            self.ended_with[i] = reading.last
            self.followed = min(self.followed, i)

    cdef double ended_by(self, int32_t at) noexcept nogil:
        """The score of the best reading that ended before ``at``, with the text up to there."""
        cdef double score
        cdef uint32_t c
        while self.followed < min(at - self.anchor, FARTHEST - 1):
            c = self.char_at(self.anchor + self.followed)
            score = self.ended[self.followed]
            if score > -INFINITY:
                score += self.model.after(
                    self.model.numbers[self.ended_with[self.followed]], self.model.numbers[c]
                )
            self.followed += 1
            if score > self.ended[self.followed]:
                self.ended[self.followed] = score
                self.ended_with[self.followed] = c
        return self.ended[min(at - self.anchor, FARTHEST - 1)]

    def read(self, Py_ssize_t anchor, str before not None, list begun not None, int torn_at=-1,
             int torn_trail=0, bint drops=False, bint wide=False):
        """Return what the run that begins at a question mark may have been.

        Args:
            anchor: the question mark's place.
            before: the line up to there, repaired.
            begun: readings of the question mark: place, pending byte (-1: any), score.
            torn_at: where the reading ends that the question mark and the next one make up
                (-1: none), and ``torn_trail`` its character's second byte.
            drops: suppose that characters of private use were dropped on the way.
            wide: look at more readings at once.

        Returns:
            None, or the best text, where it ends, how much better it is than the next best one
            that folds otherwise (inf: there is none), and how much better than what stands.
        """
        cdef Reading first
        cdef Py_ssize_t i
        self.n_nodes = self.grown.n = self.finished.n = self.beam.n = 0
        self.width = WIDE if wide else NARROW
        self.drops = drops
        self.anchor = <int32_t>anchor
        self.followed = FARTHEST - 1
        for i in range(FARTHEST):
            self.ended[i] = -INFINITY
        self.ranked[0].room = self.width
        self.ranked[1].room = self.width // OPEN
        self.fresh(&first, before)
        for place, pending, score in begun:
            first.at, first.pending, first.score = place, pending, score
            push(&self.beam, &first)
        if torn_at >= 0:
            first.pending, first.score = -1, 0.0
            self.complete(&first, torn_trail, torn_at, -1, True, 0.0, 0)
            self.keep_han()
        while self.beam.n:
            self.ranked[0].n = self.ranked[1].n = 0
            for i in range(self.beam.n):
                self.grow(self.beam.items + i, <int32_t>anchor)
            self.advance()
        return self.judge(anchor, before) if self.finished.n else None

    cdef int fresh(self, Reading* reading, str before) except -1:
        """Set up the reading of nothing after the line ``before``."""
        cdef bint closes = False
        cdef int quote
        memset(reading, 0, sizeof(Reading))
        reading.node = -1
        for char in before:
            quote = quote_of(<uint32_t>ord(char), &closes)
            if quote >= 0 and -100 < reading.open[quote] < 100:
                reading.open[quote] += -1 if closes else 1
        if before:
            reading.last = <uint32_t>ord(before[len(before) - 1])
        return 0

    cdef int keep_han(self) except -1:
        """Finish the grown readings that are not mere separators."""
        cdef Py_ssize_t i
        for i in range(self.grown.n):
            if not is_separator(self.grown.items[i].last):
                push(&self.finished, self.grown.items + i)
        self.grown.n = 0
        return 0

    cdef object judge(self, Py_ssize_t anchor, str before):
        """Rank the finished readings, each with what follows as far as any of them reached."""
        cdef Py_ssize_t i, reached = 0, size
        cdef Reading* best
        cdef double rival = -1e30, stands
        for i in range(self.finished.n):
            reached = max(reached, self.finished.items[i].at)
        reached = min(reached + AHEAD, self.length)
        size = reached - anchor + 1
        # What follows each place: its first character that is not inserted, and the score of all
        # after that one.
        cdef double* rest = <double*>PyMem_RawMalloc(size * (sizeof(double) + sizeof(uint32_t)))
        if rest == NULL:
            raise MemoryError
        cdef uint32_t* first = <uint32_t*>(rest + size)
        self.look_ahead(anchor, reached, rest, first)
        for i in range(self.finished.n):
            best = self.finished.items + i
            best.score += self.following(best.last, best.at - anchor, rest, first)
        stands = self.following(
            <uint32_t>ord(before[len(before) - 1]) if before else 0, 0, rest, first
        )
        PyMem_RawFree(rest)
        qsort(self.finished.items, self.finished.n, sizeof(Reading), by_score)
        best = self.finished.items
        for i in range(1, self.finished.n):
            if self.finished.items[i].folded != best.folded:
                rival = self.finished.items[i].score
                break
        return self.text_of(best), best.at, best.score - rival, best.score - stands

    cdef double following(self, uint32_t last, Py_ssize_t i, const double* rest,
                          const uint32_t* first) noexcept nogil:
        """The score of what follows place i after the character ``last``."""
        if first[i] == 0:
            return 0.0
        if last == 0:
            return rest[i] + self.model.unigram[self.model.numbers[first[i]]]
        return rest[i] + self.model.after(
            self.model.numbers[last], self.model.numbers[first[i]]
        )

    cdef void look_ahead(self, Py_ssize_t anchor, Py_ssize_t reached, double* rest,
                         uint32_t* first) noexcept nogil:
        """Fill in, from the end, what follows each place but what the scraper inserted."""
        cdef Py_ssize_t i = reached - anchor, end, k
        cdef uint32_t c
        rest[i] = 0.0
        first[i] = 0
        while i > 0:
            i -= 1
            c = self.char_at(anchor + i)
            end = self.after_bracket(<int32_t>(anchor + i))
            if end or (c == 0x2C and is_separator(self.char_at(anchor + i + 1))):
                k = min(end - anchor, reached - anchor) if end else i + 1
                rest[i] = rest[k]
                first[i] = first[k]
            else:
                rest[i] = self.following(c, i + 1, rest, first)
                first[i] = c

    cdef str text_of(self, const Reading* reading):
        """Return the characters of a reading."""
        cdef list chars = []
        cdef int32_t node = reading.node
        while node >= 0:
            chars.append(chr(self.nodes[node].character))
            node = self.nodes[node].parent
        chars.reverse()
        return "".join(chars)


cdef inline bint same(const Reading* left, const Reading* right) noexcept nogil:
    return (
        left.hashed == right.hashed and left.at == right.at and left.pending == right.pending
        and left.done == right.done and left.length == right.length
    )


cdef inline Py_ssize_t only_closing(uint32_t* candidates, Py_ssize_t n) noexcept nogil:
    """Keep the candidates that close a quotation, unless none does."""
    cdef Py_ssize_t kept = 0, i
    cdef bint closes = False
    for i in range(n):
        if quote_of(candidates[i], &closes) >= 0 and closes:
            candidates[kept] = candidates[i]
            kept += 1
    return kept if kept else n


cdef int push(Readings* readings, const Reading* reading) except -1:
    """Append a reading to an array."""
    cdef Py_ssize_t room
    cdef Reading* items
    if readings.n == readings.room:
        room = 2 * readings.room + 256
        items = <Reading*>PyMem_RawRealloc(readings.items, room * sizeof(Reading))
        if items == NULL:
            raise MemoryError
        readings.items = items
        readings.room = room
    readings.items[readings.n] = reading[0]
    readings.n += 1
    return 0
