# cython: language_level=3, boundscheck=False, wraparound=False
# Bounds: a code point's page is below PAGES, and each page number has its 256 entries in
# ``bits``, which is made for as many pages as there are; places grow before they are written to.
"""Find where a character of one set stands before one of another, at the speed of memory."""

from lunheng.errors import UsageError

cimport cython
from cpython.mem cimport PyMem_RawFree, PyMem_RawMalloc, PyMem_RawRealloc
from libc.string cimport memset
from lunheng.native.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND

ctypedef fused Unit:
    uint8_t
    uint16_t
    uint32_t


cdef struct Places:
    Py_ssize_t* items
    Py_ssize_t n, room


@cython.final
cdef class CharacterPairs:
    """Up to eight kinds of pairs of neighbouring characters.

    Args:
        pairs: for each kind the characters that may stand first and those that may follow; no
            second ones: any may, and the end of the text.

    Raises:
        UsageError: there are more than eight kinds, or one has no first characters.

    >>> CharacterPairs([("（(", "āáǎà"), ("*", "")]).find("（a（à*")
    [2, 4]
    """

    def __cinit__(self, pairs):
        cdef int kind
        self.bits = NULL
        self.pairs = tuple((str(first), str(second)) for first, second in pairs)
        if len(self.pairs) > 8 or not all(first for first, _ in self.pairs):
            raise UsageError(f"expected at most 8 pairs with a first set each, got {self.pairs!r}")
        pages = sorted({ord(c) >> 8 for first, second in self.pairs for c in first + second})
        self.bits = <uint16_t*>PyMem_RawMalloc((len(pages) + 1) * 256 * sizeof(uint16_t))
        if self.bits == NULL:
            raise MemoryError
        self.alone = 0
        for kind, (_, second) in enumerate(self.pairs):
            self.alone |= 0 if second else 1 << kind
        # Page 0 stands for all that hold no character of any set.
        for kind in range((len(pages) + 1) * 256):
            self.bits[kind] = <uint16_t>(self.alone << 8)
        memset(self.page_of, 0, sizeof(self.page_of))
        for number, page in enumerate(pages):
            self.page_of[<int>page] = number + 1
        for kind, (first, second) in enumerate(self.pairs):
            for char in first:
                self.entry(ord(char))[0] |= 1 << kind
            for char in second:
                self.entry(ord(char))[0] |= 256 << kind

    def __dealloc__(self):
        PyMem_RawFree(self.bits)

    def __reduce__(self):
        return CharacterPairs, (self.pairs,)

    cdef uint16_t* entry(self, uint32_t c) noexcept nogil:
        return self.bits + ((<uint32_t>self.page_of[c >> 8]) << 8 | (c & 0xFF))

    def find(self, str text not None):
        """Return the ascending places of the first characters of all such pairs in a text."""
        cdef Places places = Places(NULL, 0, 0)
        cdef int kind = PyUnicode_KIND(text), failed
        cdef const void* data = PyUnicode_DATA(text)
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), i
        if kind == 1:
            failed = search(self, <const uint8_t*>data, length, &places)
        elif kind == 2:
            failed = search(self, <const uint16_t*>data, length, &places)
        else:
            failed = search(self, <const uint32_t*>data, length, &places)
        try:
            if failed:
                raise MemoryError
            return [places.items[i] for i in range(places.n)]
        finally:
            PyMem_RawFree(places.items)


cdef int search(
    CharacterPairs pairs, const Unit* text, Py_ssize_t length, Places* places
) noexcept nogil:
    """Collect the places of pairs; -1 when memory is out."""
    cdef Py_ssize_t i
    cdef uint32_t before = 0, here
    for i in range(length):
        here = pairs.bits[(<uint32_t>pairs.page_of[<uint32_t>text[i] >> 8]) << 8 | (text[i] & 0xFF)]
        if before & (here >> 8) and push(places, i - 1) < 0:
            return -1
        before = here & 0xFF
    return push(places, length - 1) if before & pairs.alone else 0


cdef int push(Places* places, Py_ssize_t place) noexcept nogil:
    """Append a place; -1 when memory is out."""
    cdef Py_ssize_t room
    cdef Py_ssize_t* items
    if places.n == places.room:
        room = 2 * places.room + 64
        items = <Py_ssize_t*>PyMem_RawRealloc(places.items, room * sizeof(Py_ssize_t))
        if items == NULL:
            return -1
        places.items = items
        places.room = room
    places.items[places.n] = place
    places.n += 1
    return 0
