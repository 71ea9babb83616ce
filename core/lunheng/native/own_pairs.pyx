# cython: language_level=3, boundscheck=False, wraparound=False
# Bounds: ``text`` and ``earlier`` have ``length`` entries; a hash is cut to its table's size, and
# the table of pairs grows before it is half full.
"""How often the characters of a text follow one another in it.

A search asks for few of a text's characters: the pairs of each are counted when it is asked for
first, along the chain of its places.
"""

cimport cython
from cpython.mem cimport PyMem_RawCalloc, PyMem_RawFree, PyMem_RawMalloc
from libc.stdint cimport int32_t, uint32_t, uint64_t
from libc.string cimport memset
from lunheng.native.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)

cdef enum:
    LONG = 65536
    # What stands for the second character where there is none.
    ALONE = 0xFFFFFFFF


@cython.final
cdef class OwnPairs:
    """The pairs of folded characters of a text, of a long one its first 65,536 characters.

    Args:
        text: the text.
        fold: uint32 (65536,), what each character of the basic plane folds to.
    """

    def __cinit__(self, str text not None, const uint32_t[::1] fold not None):
        cdef int kind = PyUnicode_KIND(text)
        cdef const void* data = PyUnicode_DATA(text)
        cdef Py_ssize_t i
        cdef uint32_t here, chain
        self.length = min(PyUnicode_GET_LENGTH(text), LONG)
        self.pairs = NULL
        self.text = <uint32_t*>PyMem_RawMalloc((2 * self.length + 1) * sizeof(uint32_t))
        if self.text == NULL:
            raise MemoryError
        self.earlier = <int32_t*>(self.text + self.length)
        memset(self.latest, 0xFF, sizeof(self.latest))
        memset(self.occurs, 0, sizeof(self.occurs))
        self.mask = self.used = 0
        for i in range(self.length):
            here = PyUnicode_READ(kind, data, i)
            if here < <uint32_t>fold.shape[0]:
                here = fold[here]
            chain = here & 4095
            self.text[i] = here
            self.earlier[i] = self.latest[chain]
            self.latest[chain] = <int32_t>i
            self.occurs[here >> 3 & 0x1FFF] |= 1 << (here & 7)
        self.grow()

    def __dealloc__(self):
        PyMem_RawFree(self.text)
        PyMem_RawFree(self.pairs)

    cdef bint occurring(self, uint32_t folded) noexcept nogil:
        """Whether the text may have a folded character: no, or perhaps."""
        return self.occurs[folded >> 3 & 0x1FFF] >> (folded & 7) & 1

    cdef Pair* slot(self, uint64_t key) noexcept nogil:
        """The slot of a key, or the empty one where it belongs."""
        cdef uint64_t i = (key * <uint64_t>0x9E3779B97F4A7C15) >> 32 & self.mask
        while self.pairs[i].key != key + 1 and self.pairs[i].key != 0:
            i = (i + 1) & self.mask
        return self.pairs + i

    cdef int grow(self) except -1:
        """Double the table of pairs, or make the first one."""
        cdef Pair* old = self.pairs
        cdef uint64_t size = self.mask + 1 if old != NULL else 0, i
        self.pairs = <Pair*>PyMem_RawCalloc(2 * size or 512, sizeof(Pair))
        if self.pairs == NULL:
            self.pairs = old
            raise MemoryError
        self.mask = (2 * size or 512) - 1
        for i in range(size):
            if old[i].key:
                self.slot(old[i].key - 1)[0] = old[i]
        PyMem_RawFree(old)
        return 0

    cdef int look(self, uint32_t folded, int32_t* count, uint64_t* followers) except -1:
        """Set how often a folded character occurs, and the bits of those that follow it."""
        cdef uint64_t key = <uint64_t>folded << 32 | ALONE
        cdef Pair* alone = self.slot(key)
        cdef Pair* pair
        cdef int32_t i
        if alone.key == 0 and self.occurring(folded):
            count[0], followers[0] = 0, 0
            i = self.latest[folded & 4095]
            while i >= 0:
                if self.text[i] == folded:
                    count[0] += 1
                    if i + 1 < self.length:
                        if 2 * self.used > <Py_ssize_t>self.mask:
                            self.grow()
                        followers[0] |= follower_bit(self.text[i + 1])
                        pair = self.slot(<uint64_t>folded << 32 | self.text[i + 1])
                        self.used += pair.key == 0
                        pair.key = (<uint64_t>folded << 32 | self.text[i + 1]) + 1
                        pair.count += 1
                i = self.earlier[i]
            alone = self.slot(key)
            self.used += 1
            alone[0] = Pair(key + 1, followers[0], count[0])
        count[0], followers[0] = alone.count, alone.followers
        return 0

    cdef int32_t seen(self, uint32_t first, uint32_t second) noexcept nogil:
        """How often the second follows the first, which was looked at before."""
        return self.slot(<uint64_t>first << 32 | second).count

    def count(self, str first not None, str second not None=""):
        """Return how often a folded character occurs, or a pair of them."""
        cdef int32_t count = 0
        cdef uint64_t followers = 0
        self.look(ord(first), &count, &followers)
        return self.seen(ord(first), ord(second)) if second else count
