# cython: language_level=3, boundscheck=False, wraparound=False
"""Fold code points to index symbols, and phrases to what they accept.

Bounds checks are off: tables have an entry for every code point, and a str has no other.
"""

cimport cython
from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Malloc
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcpy

import numpy as np

from lunheng.native.checksum import xxh64

from lunheng.native.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)

cdef enum:
    CODE_POINTS = 0x110000


@cython.final
cdef class SymbolMap:
    """Map each code point to the symbol an index stores for it.

    Characters fold (騰 is 腾), but where writers keep two apart although they fold alike (后 後),
    all that fold so stay symbols of their own, and a phrase says which of them it accepts.

    Args:
        table: uint32, shape (0x110000,): what each code point folds to.
        merged: the characters kept apart.
    """

    def __cinit__(self, table, merged):
        cdef const uint32_t[::1] given = np.ascontiguousarray(table, np.uint32)
        cdef uint32_t code
        if given.shape[0] != CODE_POINTS:
            raise ValueError(f"expected {CODE_POINTS} code points, got {given.shape[0]}")
        if np.max(given) >= CODE_POINTS:
            raise ValueError("the fold table leads outside Unicode")
        self.symbol = <uint32_t*>PyMem_Malloc(CODE_POINTS * sizeof(uint32_t))
        self.folded = <uint32_t*>PyMem_Malloc(CODE_POINTS * sizeof(uint32_t))
        if self.symbol == NULL or self.folded == NULL:
            raise MemoryError
        memcpy(self.symbol, &given[0], CODE_POINTS * sizeof(uint32_t))
        memcpy(self.folded, &given[0], CODE_POINTS * sizeof(uint32_t))
        self.apart = frozenset(merged)
        cdef set heads = {self.folded[<uint32_t>ord(character)] for character in self.apart}
        cdef uint32_t member
        self.has_kin = <uint8_t*>PyMem_Calloc(CODE_POINTS, 1)
        if self.has_kin == NULL:
            raise MemoryError
        for code in heads:
            self.has_kin[code] = 1
        self.kin = {}
        for member in range(<uint32_t>CODE_POINTS):
            code = self.folded[member]
            if self.has_kin[code]:
                self.symbol[member] = member
                self.kin[code] = (*self.kin.get(code, ()), member)
        self.digest = xxh64(
            np.frombuffer(<bytes>(<char*>self.symbol)[: CODE_POINTS * 4], np.uint8)
        )

    def __dealloc__(self):
        PyMem_Free(self.symbol)
        PyMem_Free(self.folded)
        PyMem_Free(self.has_kin)

    def folding(self):
        """Return what each code point folds to: a new uint32 array of shape (0x110000,)."""
        table = np.empty(CODE_POINTS, np.uint32)
        cdef uint32_t[::1] target = table
        memcpy(&target[0], self.folded, CODE_POINTS * sizeof(uint32_t))
        return table

    def symbol_of(self, str character):
        """Return the symbol of one character as a code point."""
        return self.symbol[<uint32_t>ord(character)]

    def accepted(self, str character, bint variants=False):
        """Return the symbols a character of a phrase stands for, as code points.

        A character that is kept apart (後) does not match others kept apart from it (后), but
        it matches forms that could be either (發 matches 发); those match all that fold alike.
        With ``variants`` each character stands for all that fold alike.

        >>> import numpy as np
        >>> table = np.arange(0x110000, dtype=np.uint32)
        >>> table[[ord("發"), ord("髮"), ord("後")]] = ord("发"), ord("发"), ord("后")
        >>> symbols = SymbolMap(table, "發髮后後")
        >>> "".join(map(chr, symbols.accepted("發")))
        '发發'
        >>> "".join(map(chr, symbols.accepted("发")))
        '发發髮'
        >>> "".join(map(chr, symbols.accepted("后")))
        '后'
        """
        cdef uint32_t code = <uint32_t>ord(character), folded = self.folded[code]
        kin = self.kin.get(folded, (int(folded),))
        if variants or character not in self.apart:
            return kin
        return tuple([
            member for member in kin if member == code or chr(member) not in self.apart
        ])


@cython.final
cdef class Phrase:
    """A phrase made ready for look-up in any segment of an index."""

    def __cinit__(self, SymbolMap symbols not None, str text not None, bint variants=False):
        cdef Py_ssize_t n = PyUnicode_GET_LENGTH(text), i
        cdef int kind = PyUnicode_KIND(text)
        cdef const void* data = PyUnicode_DATA(text)
        cdef uint32_t code
        self.length, self.text = n, text
        cdef dict wide = None
        cdef Py_ssize_t total = n
        for i in range(n):
            code = PyUnicode_READ(kind, data, i)
            if symbols.has_kin[symbols.folded[code]]:
                wide = {} if wide is None else wide
                wide[i] = symbols.accepted(chr(code), variants)
                total += len(wide[i]) - 1
        self.starts = <uint32_t*>PyMem_Malloc((n + 1) * sizeof(uint32_t))
        self.symbols = <uint32_t*>PyMem_Malloc(max(total, 1) * sizeof(uint32_t))
        if self.starts == NULL or self.symbols == NULL:
            raise MemoryError
        cdef uint32_t at = 0
        for i in range(n):
            self.starts[i] = at
            if wide is not None and i in wide:
                for accepted in wide[i]:
                    self.symbols[at] = accepted
                    at += 1
            else:
                self.symbols[at] = symbols.folded[PyUnicode_READ(kind, data, i)]
                at += 1
        self.starts[n] = at

    def __dealloc__(self):
        PyMem_Free(self.starts)
        PyMem_Free(self.symbols)

    def __len__(self):
        return self.length


def phrases_of(SymbolMap symbols not None, texts, bint variants=False):
    """Return the :class:`Phrase` of each text as a tuple.

    Raises:
        TypeError: a text is no str.
    """
    cdef list phrases = []
    cdef str text
    for text in texts:
        phrases.append(Phrase(symbols, text, variants))
    return tuple(phrases)
