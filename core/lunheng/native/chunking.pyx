# cython: language_level=3, boundscheck=False, wraparound=False
# Unchecked: words are compared with the text's length when a cutter is made and ascend, runs hold
# at most the words of the stretch that is cut, and the first and last of a run are looked at while
# it has words.
"""Phrases that may be what a sentence is about, from words, their classes and parts of speech."""

cimport cython
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from libc.stdint cimport int32_t, uint32_t

import numpy as np

from lunheng.native.matching cimport PhraseMatcher
from lunheng.native.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)


cdef extern from "Python.h":
    bint Py_UNICODE_ISDECIMAL(uint32_t c) noexcept nogil
    bint Py_UNICODE_ISSPACE(uint32_t c) noexcept nogil


# Parts of speech by what they mean for a phrase.
cdef enum:
    NOMINAL = 1
    VERBAL = 2
    PART = 4
    ADPOSITION = 8
    NUMBER = 16
    JOINS = 32

cdef dict TAGS = {
    "NOUN": NOMINAL | JOINS,
    "PROPN": NOMINAL | JOINS,
    "X": NOMINAL | JOINS,
    "SYM": NOMINAL | JOINS,
    "NUM": NUMBER | JOINS,
    "ADJ": VERBAL | JOINS,
    "VERB": VERBAL | JOINS,
    "DET": JOINS,
    "PART": PART,
    "ADP": ADPOSITION,
}


@cython.final
cdef class WordClasses:
    """What words are good for: a table from words to bits of ``WordClass``; immutable, picklable."""

    def __init__(self, classes):
        self.classes = dict(classes)
        self.matcher = PhraseMatcher(self.classes)
        self.bits = np.fromiter(self.classes.values(), np.uint32, len(self.classes))

    def __reduce__(self):
        return (WordClasses, (self.classes,))

    cdef uint32_t of(
        self, int kind, const void* data, Py_ssize_t start, Py_ssize_t end
    ) noexcept nogil:
        cdef int32_t state = 0
        cdef Py_ssize_t i
        for i in range(start, end):
            state = self.matcher.step(state, PyUnicode_READ(kind, data, i))
            if state == 0:
                return 0
        if state == 0 or self.matcher.phrase_of[state] < 0:
            return 0
        return self.bits[self.matcher.phrase_of[state]]


@cython.final
cdef class PhraseCutter:
    """Cuts stretches of one folded text into the phrases that may be what they are about.

    A phrase is a run of nouns, verbs, adjectives, numbers and what links them, without the words
    of grammar at its edges; what stands before a verb of saying is left out.

    Args:
        classes: what words are good for.
        folded: the text.
        words: int32 of shape (n, 2), ascending spans of its words in code points.
        tags: the Universal part of speech of each word; None where nobody tagged them.
        longest: phrases with more code points are cut down to their head.

    Raises:
        ValueError: a word lies outside the text or before the one before it, or there is not
            one tag a word.
    """

    def __init__(self, WordClasses classes not None, str folded not None, words, tags, longest):
        cdef Py_ssize_t i
        cdef int32_t before = 0
        self.classes = classes
        self.folded = folded
        self.words = words
        self.tags = tags
        self.longest = longest
        self.length = PyUnicode_GET_LENGTH(folded)
        self.kind = PyUnicode_KIND(folded)
        self.data = PyUnicode_DATA(folded)
        for i in range(self.words.shape[0]):
            if not before <= self.words[i, 0] <= self.words[i, 1] <= self.length:
                raise ValueError(
                    f"expected ascending words within {self.length} code points, found word {i} "
                    f"[{self.words[i, 0]}, {self.words[i, 1]})"
                )
            before = self.words[i, 0]
        if tags is not None and len(tags) != self.words.shape[0]:
            raise ValueError(f"expected {self.words.shape[0]} tags, found {len(tags)}")

    def within(self, Py_ssize_t start, Py_ssize_t end):
        """Return the phrases of the words that begin in ``start:end``, in order.

        Each is (start, end, nominal, verbal, oblique): whether it has a noun, a verb or adjective,
        and stands behind a preposition.
        """
        cdef Py_ssize_t low = self.first(start), high = self.first(end), number, n = 0
        cdef bint oblique = False
        cdef Word word
        cdef list found = []
        if low >= high:
            return found
        cdef Word* run = <Word*>PyMem_Malloc((high - low) * sizeof(Word))
        if run is NULL:
            raise MemoryError()
        try:
            for number in range(low, high):
                word = self.word(number)
                if word.bits & SAYS and not self.is_at(word.end, OF) and not self.noun(word):
                    found.clear()
                    n = 0
                    oblique = False
                elif self.joins(word, run, n):
                    run[n] = word
                    n += 1
                else:
                    self.close(run, n, oblique, found)
                    n = 0
                    oblique = (word.tag & ADPOSITION) != 0
                    if self.is_at(word.start, THESE) and not word.bits & PRONOUN:
                        run[0] = word
                        n = 1
            self.close(run, n, oblique, found)
        finally:
            PyMem_Free(run)
        return found

    cdef Py_ssize_t first(self, Py_ssize_t place) noexcept nogil:
        """The number of the first word that begins at a place or behind it."""
        cdef Py_ssize_t low = 0, high = self.words.shape[0], middle
        while low < high:
            middle = (low + high) // 2
            if self.words[middle, 0] < place:
                low = middle + 1
            else:
                high = middle
        return low

    cdef uint32_t bits_at(self, Py_ssize_t place) noexcept nogil:
        """The classes of the character at a place."""
        if not 0 <= place < self.length:
            return 0
        return self.classes.of(self.kind, self.data, place, place + 1)

    cdef bint is_at(self, Py_ssize_t place, uint32_t bits) noexcept nogil:
        return (self.bits_at(place) & bits) != 0

    cdef Word word(self, Py_ssize_t number):
        cdef Word word
        word.start = self.words[number, 0]
        word.end = self.words[number, 1]
        word.bits = self.classes.of(self.kind, self.data, word.start, word.end)
        if self.tags is not None:
            word.tag = TAGS.get(self.tags[number], 0)
        elif self.is_at(word.start, THESE):
            word.tag = JOINS
        elif self.numbered(word.start, word.end):
            word.tag = NUMBER | JOINS
        else:
            word.tag = NOMINAL | JOINS
        return word

    cdef bint noun(self, Word word) noexcept nogil:
        """Whether a word that may be a verb is a noun where it stands: 这个判断."""
        cdef Py_ssize_t low = max(0, word.start - 3)
        if word.end - word.start < 2:
            return False
        if self.determined(low, word.start):
            return True
        return (
            word.start > low
            and PyUnicode_READ(self.kind, self.data, word.start - 1) == 0x0A
            and self.determined(low, word.start - 1)
        )

    cdef bint determined(self, Py_ssize_t low, Py_ssize_t end) noexcept nogil:
        cdef uint32_t last
        if end <= low:
            return False
        last = self.bits_at(end - 1)
        if last & DETERMINES:
            return True
        if last & SORT and end - 2 >= low and self.is_at(end - 2, BEFORE_SORT):
            return True
        return (last & OF) != 0 and not (end - 2 >= low and self.is_at(end - 2, TRULY))

    cdef bint marks(self, Word word) noexcept nogil:
        cdef Py_ssize_t i
        for i in range(word.start, word.end):
            if not (
                Py_UNICODE_ISSPACE(PyUnicode_READ(self.kind, self.data, i)) or self.is_at(i, MARK)
            ):
                return False
        return word.end > word.start

    cdef bint numbered(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil:
        """Whether a stretch is numerals with at most one unit behind them."""
        cdef Py_ssize_t i = start
        while i < end and (
            Py_UNICODE_ISDECIMAL(PyUnicode_READ(self.kind, self.data, i)) or self.is_at(i, NUMERAL)
        ):
            i += 1
        return i > start and (i == end or (i == end - 1 and self.is_at(i, UNIT)))

    cdef bint joins(self, Word word, const Word* run, Py_ssize_t n) noexcept nogil:
        cdef Py_ssize_t i
        if word.bits & LINKS:
            return n > 0
        if word.end - word.start == 1 and PyUnicode_READ(self.kind, self.data, word.start) == 0x20:
            if n == 0:
                return False
            for i in range(run[n - 1].start, run[n - 1].end):
                if PyUnicode_READ(self.kind, self.data, i) > 0x7F:
                    return False
            return True
        if self.marks(word):
            return False
        if word.bits & STOPS:
            return (word.bits & MAY_BE_NOUN) != 0 and self.noun(word)
        if word.tag & PART and not word.bits & PARTICLE:
            return True
        return (word.tag & JOINS) != 0

    cdef bint counts(self, const Word* first) noexcept nogil:
        """Whether words begin with a number and its measure word, or with one of them."""
        if first.bits & MEASURE:
            return True
        if not (first.tag & NUMBER or self.numbered(first.start, first.end)):
            return False
        return self.is_at(first.end - 1, CLASSIFIER) or (first[1].bits & MEASURE) != 0

    cdef close(self, const Word* run, Py_ssize_t n, bint oblique, list found):
        """Append the phrase that a run of words makes, if it makes one."""
        cdef bint counted = False, nominal, verbal = False
        cdef Py_ssize_t i, low = 0, high = n
        while low < high and run[low].bits & (PARTICLE | LISTS):
            low += 1
        while high - low > 1 and (run[low].bits & TOWARD or self.counts(&run[low])):
            counted = counted or not run[low].bits & TOWARD
            low += 1
            while low < high and run[low].bits & OF:
                low += 1
        while low < high and run[high - 1].bits & (PARTICLE | LOCATIVE):
            if run[high - 1].bits & PLACE:
                return
            high -= 1
        while high - low > 1 and run[high - 1].bits & COMPLEMENT:
            high -= 1
        while low < high and (
            run[high - 1].bits & LISTS
            or (
                run[high - 1].end - run[high - 1].start == 1
                and PyUnicode_READ(self.kind, self.data, run[high - 1].start) == 0x20
            )
        ):
            high -= 1
        if low == high:
            return
        low = self.head(run, low, high)
        nominal = counted
        for i in range(low, high):
            if not (self.is_at(run[i].start, THESE) or run[i].bits & MEASURE):
                nominal = nominal or (run[i].tag & NOMINAL) != 0
            if run[i].tag & VERBAL and not (
                self.is_at(run[i].start, THESE) or run[i].bits & MEASURE
            ):
                verbal = True
        if (
            (nominal or verbal)
            and run[high - 1].end - run[low].start >= 2
            and not self.numbered(run[low].start, run[high - 1].end)
        ):
            found.append((run[low].start, run[high - 1].end, nominal, verbal, oblique))

    cdef Py_ssize_t head(self, const Word* run, Py_ssize_t low, Py_ssize_t high) noexcept nogil:
        """Where the head of a phrase begins: all of it, or what follows its last 的 that leaves enough."""
        cdef Py_ssize_t i
        if run[high - 1].end - run[low].start <= self.longest:
            return low
        for i in range(high - 2, low, -1):
            if run[i].bits & OF and run[high - 1].end - run[i + 1].start >= 2:
                return i + 1
        while high - low > 1 and run[high - 1].end - run[low].start > self.longest:
            low += 1
        return low
