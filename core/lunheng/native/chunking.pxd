"""Classes of words, and what cuts texts into phrases by them."""

from libc.stdint cimport int32_t, uint32_t

from lunheng.native.matching cimport PhraseMatcher


# What a word is good for in a phrase, as bits; those of single characters also say what a
# character does inside a longer word.
cpdef enum WordClass:
    STOPS = 1  # no phrase begins, ends or is joined by it
    SAYS = 2  # it only introduces what follows
    MAY_BE_NOUN = 4  # though it stops, it is part of a phrase behind a determiner
    PARTICLE = 8
    LOCATIVE = 16
    PLACE = 32  # a locative that makes the phrase a place
    TOWARD = 64  # a verb of motion before another
    COMPLEMENT = 128  # it ends a verb
    MEASURE = 256
    CLASSIFIER = 512
    PRONOUN = 1024  # it begins like a determiner and is none
    THESE = 2048
    LINKS = 4096  # 的, 之, 、
    OF = 8192  # 的
    LISTS = 16384  # 、
    MARK = 32768
    NUMERAL = 65536
    UNIT = 131072  # it may follow numerals
    DETERMINES = 262144  # what stands behind it is a noun
    BEFORE_SORT = 524288  # so does it with a character that is a SORT
    SORT = 1048576
    TRULY = 2097152  # before OF it makes an adverb


cdef struct Word:
    int32_t start
    int32_t end
    uint32_t bits
    int tag


cdef class WordClasses:
    cdef PhraseMatcher matcher
    cdef readonly dict classes
    cdef uint32_t[::1] bits

    cdef uint32_t of(
        self, int kind, const void* data, Py_ssize_t start, Py_ssize_t end
    ) noexcept nogil


cdef class PhraseCutter:
    cdef WordClasses classes
    cdef str folded
    cdef const int32_t[:, ::1] words
    cdef tuple tags
    cdef Py_ssize_t longest, length
    cdef int kind
    cdef const void* data

    cdef Py_ssize_t first(self, Py_ssize_t place) noexcept nogil
    cdef uint32_t bits_at(self, Py_ssize_t place) noexcept nogil
    cdef bint is_at(self, Py_ssize_t place, uint32_t bits) noexcept nogil
    cdef Word word(self, Py_ssize_t number)
    cdef bint noun(self, Word word) noexcept nogil
    cdef bint determined(self, Py_ssize_t low, Py_ssize_t end) noexcept nogil
    cdef bint marks(self, Word word) noexcept nogil
    cdef bint numbered(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    cdef bint joins(self, Word word, const Word* run, Py_ssize_t n) noexcept nogil
    cdef bint counts(self, const Word* first) noexcept nogil
    cdef close(self, const Word* run, Py_ssize_t n, bint oblique, list found)
    cdef Py_ssize_t head(self, const Word* run, Py_ssize_t low, Py_ssize_t high) noexcept nogil
