# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# Bounds: tables have an entry for every byte or every code point of the basic plane, checked at
# construction, and characters beyond it are turned away first; arrays of readings grow before
# they are written to.
"""Search for what GBK text was before it was decoded one byte off.

The search goes through the damaged characters, keeping the best readings so far. A reading is a
place, the half character that awaits its other byte, and the text up to there, scored by a
bigram model and by the text's own pairs.
"""

cimport cython
from cpython.mem cimport PyMem_RawFree, PyMem_RawMalloc
from libc.math cimport INFINITY, log
from libc.stdint cimport int16_t, int32_t, uint16_t, uint32_t
from libc.stdlib cimport qsort
from libc.string cimport memset
from lunheng.native.gbk cimport Candidate, GbkCandidates
from lunheng.native.own_pairs cimport OwnPairs, follower_bit
from lunheng.native.readings cimport (
    WIDE,
    Nodes,
    Ranking,
    Reading,
    Readings,
    append,
    fresh,
    precedes,
    push,
    quote_of,
    rank,
    same,
    text_of,
)
from lunheng.native.scraped cimport (
    after_bracket,
    after_sound,
    after_tag,
    char_at,
    is_separator,
    scraped,
)

cdef enum:
    NARROW = 24
    OPEN = 6
    WILD = 12
    LONGEST = 60
    AHEAD = 8
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


cdef int by_score(const void* left, const void* right) noexcept nogil:
    cdef const Reading* a = (<const Reading**>left)[0]
    cdef const Reading* b = (<const Reading**>right)[0]
    return precedes(b, a) - precedes(a, b)


@cython.final
cdef class ShiftSearch:
    """Reads the torn runs of one damaged text.

    Args:
        candidates: GBK's characters, and how likely they follow one another.
        damaged: the text.
        sounds: the characters that bear pinyin brackets in it, by their sound.
        traditional: whether its script is traditional.
    """

    def __cinit__(self, GbkCandidates candidates not None, str damaged not None,
                  dict sounds not None, bint traditional):
        memset(&self.beam, 0, sizeof(Readings))
        memset(&self.grown, 0, sizeof(Readings))
        memset(&self.finished, 0, sizeof(Readings))
        memset(&self.nodes, 0, sizeof(Nodes))
        self.candidates = candidates
        self.tables = candidates.tables
        self.model = candidates.model
        self.own = OwnPairs(damaged, self.tables.fold)
        self.damaged = damaged
        self.text = scraped(damaged)
        self.sounds = sounds
        self.traditional = traditional
        self.looked_back = 0

    def __dealloc__(self):
        PyMem_RawFree(self.nodes.items)
        PyMem_RawFree(self.beam.items)
        PyMem_RawFree(self.grown.items)
        PyMem_RawFree(self.finished.items)

    cdef uint32_t folded(self, uint32_t c) noexcept nogil:
        return self.tables.fold[c] if c < 65536 else c

    cdef int look_back(self, uint32_t last) except -1:
        """Set what the likelihood of every next character after ``last`` depends on."""
        if last != self.looked_back:
            self.looked_back = last
            self.last = self.folded(last)
            self.last_number = self.model.numbers[last]
            self.own.look(self.last, &self.last_seen, &self.followers)
        return 0

    cdef bint unlikely(self, const Reading* reading, const Candidate* candidate,
                       double least) noexcept nogil:
        """Whether all that speaks for a next character is its own frequency, and that too little.

        Sparing: most candidates go no further.
        """
        cdef bint closes = False
        return (
            candidate.unigram <= least
            and (
                reading.last == 0
                or not (
                    self.model.may_follow(self.last_number, candidate.number)
                    or self.followers & follower_bit(candidate.folded)
                )
            )
            and candidate.character != reading.before_last
            and not (quote_of(candidate.character, &closes) >= 0 and closes)
        )

    cdef double likelihood(self, const Reading* reading,
                           const Candidate* candidate) noexcept nogil:
        """The score of a next character of the reading that was looked back on."""
        cdef uint32_t c = candidate.character
        cdef double score = candidate.unigram
        cdef bint closes = False
        cdef int quote, seen
        if reading.last != 0:
            score = self.model.after(self.last_number, candidate.number)
            if self.followers & follower_bit(candidate.folded):
                seen = self.own.seen(self.last, candidate.folded)
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
        if self.traditional and self.tables.simplified[c]:
            score -= FOREIGN
        if (reading.last == 0x4E00 or reading.last == 0x4E0D or reading.last == 0x4E86) and (
            reading.length >= 2 and reading.before_last == c
        ):
            score += REPEATED
        return score

    cdef int extend(self, const Reading* old, const Candidate* candidates, Py_ssize_t n,
                    int32_t at, int16_t pending, bint done, double cost, uint32_t extra) except -1:
        """Grow a reading by the likeliest of the candidates.

        ``extra`` is a further character: for a reading that goes on, one that may end it here.
        """
        cdef double[WILD] scores
        cdef Py_ssize_t[WILD] likeliest
        cdef const Candidate* candidate
        cdef Py_ssize_t kept = 0, i, j
        cdef double score, least = self.least(pending, done, extra) - old.score + cost
        cdef Reading new
        if least >= LIKELIEST:
            return 0
        if old.last:
            self.look_back(old.last)
        for i in range(n):
            candidate = candidates + i
            if self.unlikely(old, candidate, least):
                continue
            score = self.likelihood(old, candidate)
            if score <= least:
                continue
            j = kept if kept < WILD else WILD - 1
            while j > 0 and scores[j - 1] < score:
                scores[j] = scores[j - 1]
                likeliest[j] = likeliest[j - 1]
                j -= 1
            scores[j] = score
            likeliest[j] = i
            if kept < WILD:
                kept += 1
            if kept == WILD:
                least = scores[kept - 1]
        for i in range(kept):
            new = old[0]
            candidate = candidates + likeliest[i]
            append(&self.nodes, &new, candidate.character, candidate.folded)
            new.at = at
            new.pending = pending
            new.score += scores[i] - cost
            if not done:
                rank(&self.ranked[pending < 0], new.score)
                push(&self.grown, &new)
            if extra:
                append(&self.nodes, &new, extra, self.folded(extra))
            if extra or done:
                self.finish(&new)
        return 0

    cdef double least(self, int16_t pending, bint done, uint32_t extra) noexcept nogil:
        """The score that a grown reading must exceed to have a chance in the next beam."""
        cdef const Ranking* ranking = &self.ranked[pending < 0]
        if done or ranking.n < ranking.room:
            return -INFINITY
        return ranking.scores[ranking.n - 1] - (ENDED if extra else 0.0)

    cdef int complete(self, const Reading* old, int trail, int32_t at, int16_t pending, bint done,
                      double cost, uint32_t extra) except -1:
        """Grow a reading by the characters whose first byte is pending and second is trail."""
        cdef const int32_t* by_trail = self.candidates.by_trail
        cdef Candidate only
        cdef uint32_t c
        if old.pending < 0:
            return self.extend(
                old, self.candidates.items + by_trail[trail],
                by_trail[trail + 1] - by_trail[trail], at, pending, done, cost, extra,
            )
        c = self.tables.characters[old.pending, trail]
        if c == 0:
            return 0
        only = self.candidates.of(c)
        return self.extend(old, &only, 1, at, pending, done, cost, extra)

    cdef int grow(self, const Reading* old) except -1:
        """Add every next step of a reading."""
        cdef uint32_t c = char_at(&self.text, old.at)
        cdef int32_t end
        if c == 0 or old.at - self.anchor > LONGEST:
            return 0
        if c == 0x2C and is_separator(char_at(&self.text, old.at + 1)):
            self.skip(old, old.at + 1)
        end = after_bracket(&self.text, old.at)
        if end:
            self.skip(old, end)
        elif (c == 0x3F or c == 0xFF1F) and old.pending >= 0:
            self.end_at_question_mark(old)
        if 0x40 <= c <= 0x7E or c == 0x20AC:
            end = after_bracket(&self.text, old.at + 1)
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
        return push(&self.grown, &new)

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
        cdef const int32_t* start = self.candidates.private_by_lead + old.pending
        return self.extend(
            old, self.candidates.items + start[0], start[1] - start[0], old.at, -1, False,
            DROPPED, 0,
        )

    cdef int end_at_question_mark(self, const Reading* old) except -1:
        """The question mark is a second byte and an ASCII character, or byte 80 and another."""
        cdef const int32_t* start = self.candidates.by_lead + old.pending
        cdef const Candidate* candidates = self.candidates.items + start[0]
        cdef Candidate[256] kept
        cdef Py_ssize_t n = start[1] - start[0], n_kept = 0
        cdef int32_t end = old.at + 1, after
        cdef double cost = 0.0
        cdef uint32_t lost = 0
        after = after_tag(&self.text, end)
        if after:
            n_kept = only_closing(candidates, n, kept)
            end = after
        else:
            after = after_sound(&self.text, end)
            if after:
                n_kept = self.only_sounding(candidates, n, end, kept)
                end = after
            elif not is_separator(char_at(&self.text, end)):
                cost = EATEN
                # At a line's end it was the first character of a tag whose rest was taken out.
                lost = 0 if char_at(&self.text, end) in (0, 0x0A, 0x0D) else REPLACEMENT
        if n_kept:
            candidates, n = kept, n_kept
        self.extend(old, candidates, n, end, -1, True, cost, lost)
        return self.complete(old, 0x80, old.at + 1, -1, False, 0.0, 0)

    cdef Py_ssize_t only_sounding(self, const Candidate* candidates, Py_ssize_t n, int32_t at,
                                  Candidate* kept) except -1:
        """Keep the candidates that bear the sound at ``at`` elsewhere."""
        known = self.sounds.get(self.damaged[at:after_sound(&self.text, at) - 1], "")
        cdef Py_ssize_t n_kept = 0, i
        for i in range(n):
            if chr(candidates[i].character) in known:
                kept[n_kept] = candidates[i]
                n_kept += 1
        return n_kept

    cdef int advance(self) except -1:
        """Move the best of the grown readings to the beam."""
        cdef Py_ssize_t i, k, n_open = 0
        cdef const Reading* reading
        cdef const Reading** ordered = <const Reading**>PyMem_RawMalloc(
            (self.grown.n + 1) * sizeof(void*)
        )
        if ordered == NULL:
            raise MemoryError
        for i in range(self.grown.n):
            ordered[i] = self.grown.items + i
        qsort(ordered, self.grown.n, sizeof(void*), by_score)
        self.beam.n = 0
        for i in range(self.grown.n):
            reading = ordered[i]
            if self.beam.n == self.width:
                break
            if reading.pending < 0 and n_open == self.width // OPEN:
                continue
            if reading.score < self.ended_by(reading.at) - HOPELESS:
                continue
            k = 0
            while k < self.beam.n and not same(self.beam.items + k, reading):
                k += 1
            if k == self.beam.n:
                n_open += reading.pending < 0
                push(&self.beam, reading)
        PyMem_RawFree(ordered)
        self.grown.n = 0
        return 0

    cdef int finish(self, const Reading* reading) except -1:
        """Keep a reading that has ended, and note where, for those that go on."""
        cdef int32_t i = reading.at - self.anchor
        if i < FARTHEST and reading.score > self.ended[i]:
            self.ended[i] = reading.score
            self.ended_with[i] = reading.last
            self.followed = min(self.followed, i)
        return push(&self.finished, reading)

    cdef double ended_by(self, int32_t at) noexcept nogil:
        """The score of the best reading that ended before ``at``, with the text up to there."""
        cdef double score
        cdef uint32_t c
        while self.followed < min(at - self.anchor, FARTHEST - 1):
            c = char_at(&self.text, self.anchor + self.followed)
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
        cdef Reading first = fresh(before)
        cdef Py_ssize_t i
        self.nodes.n = self.grown.n = self.finished.n = self.beam.n = 0
        self.width = WIDE if wide else NARROW
        self.drops = drops
        self.anchor = <int32_t>anchor
        self.followed = FARTHEST - 1
        for i in range(FARTHEST):
            self.ended[i] = -INFINITY
        self.ranked[0].room = self.width
        self.ranked[1].room = self.width // OPEN
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
                self.grow(self.beam.items + i)
            self.advance()
        return self.judge(before) if self.finished.n else None

    cdef int keep_han(self) except -1:
        """Leave out the finished readings that are mere separators."""
        cdef Py_ssize_t i, n = self.finished.n
        self.finished.n = 0
        for i in range(n):
            if not is_separator(self.finished.items[i].last):
                push(&self.finished, self.finished.items + i)
        return 0

    cdef object judge(self, str before):
        """Rank the finished readings, each with what follows as far as any of them reached."""
        cdef Py_ssize_t i, reached = 0, size
        cdef Reading* one
        cdef Reading* best = self.finished.items
        cdef double rival = -1e30, stands
        for i in range(self.finished.n):
            reached = max(reached, self.finished.items[i].at)
        reached = min(reached + AHEAD, self.text.length)
        size = reached - self.anchor + 1
        # What follows each place: its first character that is not inserted, and the score of all
        # after that one.
        cdef double* rest = <double*>PyMem_RawMalloc(size * (sizeof(double) + sizeof(uint32_t)))
        if rest == NULL:
            raise MemoryError
        cdef uint32_t* first = <uint32_t*>(rest + size)
        self.look_ahead(reached, rest, first)
        stands = self.following(
            <uint32_t>ord(before[len(before) - 1]) if before else 0, 0, rest, first
        )
        for i in range(self.finished.n):
            one = self.finished.items + i
            one.score += self.following(one.last, one.at - self.anchor, rest, first)
            if precedes(one, best):
                best = one
        PyMem_RawFree(rest)
        for i in range(self.finished.n):
            if self.finished.items[i].folded != best.folded:
                rival = max(rival, self.finished.items[i].score)
        return text_of(&self.nodes, best), best.at, best.score - rival, best.score - stands

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

    cdef void look_ahead(self, Py_ssize_t reached, double* rest, uint32_t* first) noexcept nogil:
        """Fill in, from the end, what follows each place but what the scraper inserted."""
        cdef Py_ssize_t i = reached - self.anchor, end, k
        cdef int32_t anchor = self.anchor
        cdef uint32_t c
        rest[i] = 0.0
        first[i] = 0
        while i > 0:
            i -= 1
            c = char_at(&self.text, anchor + i)
            end = after_bracket(&self.text, <int32_t>(anchor + i))
            if end or (c == 0x2C and is_separator(char_at(&self.text, anchor + i + 1))):
                k = min(end - anchor, reached - anchor) if end else i + 1
                rest[i] = rest[k]
                first[i] = first[k]
            else:
                rest[i] = self.following(c, i + 1, rest, first)
                first[i] = c


cdef inline Py_ssize_t only_closing(const Candidate* candidates, Py_ssize_t n,
                                    Candidate* kept) noexcept nogil:
    """Keep the candidates that close a quotation."""
    cdef Py_ssize_t n_kept = 0, i
    cdef bint closes = False
    for i in range(n):
        if quote_of(candidates[i].character, &closes) >= 0 and closes:
            kept[n_kept] = candidates[i]
            n_kept += 1
    return n_kept
