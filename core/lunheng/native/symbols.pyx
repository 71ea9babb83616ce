# cython: language_level=3, boundscheck=False, wraparound=False
"""Fold code points to index symbols, and phrases to what they accept.

Bounds checks are off: tables have an entry for every code point, and a str has no other.
"""

cimport cython
from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Malloc
from cpython.ref cimport PyObject
from libc.stdint cimport uint16_t, uint32_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

import numpy as np

from lunheng.native.checksum import xxh64

from lunheng.native.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)

cdef extern from "Python.h":
    PyObject* PyTuple_GET_ITEM(tuple items, Py_ssize_t index) noexcept nogil

cdef enum:
    CODE_POINTS = 0x110000

cdef uint32_t NO_SYMBOL = 0


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
        heads = sorted({self.folded[<uint32_t>ord(character)] for character in self.apart})
        kin = {code: [] for code in heads}
        for member in np.flatnonzero(np.isin(given, heads)).tolist():
            kin[self.folded[<uint32_t>member]].append(member)
        cdef uint32_t at = 0
        cdef int number = 0
        members = sum(map(len, kin.values()))
        self.group = <uint16_t*>PyMem_Calloc(CODE_POINTS, sizeof(uint16_t))
        self.groups = <uint32_t*>PyMem_Calloc(len(kin) + 2, sizeof(uint32_t))
        self.kin = <Kin*>PyMem_Calloc(members + 1, sizeof(Kin))
        if self.group == NULL or self.groups == NULL or self.kin == NULL:
            raise MemoryError
        if len(kin) >= 1 << 16:
            raise ValueError(f"expected fewer than 65536 characters to fold to, got {len(kin)}")
        for code, of_head in kin.items():
            number += 1
            self.groups[number] = at
            for member in of_head:
                self.group[<uint32_t>member] = <uint16_t>number
                self.symbol[<uint32_t>member] = member
                self.kin[at].member = member
                self.kin[at].apart = chr(member) in self.apart
                at += 1
        self.groups[number + 1] = at
        self.digest = xxh64(
            np.frombuffer(<bytes>(<char*>self.symbol)[: CODE_POINTS * 4], np.uint8)
        )

    def __dealloc__(self):
        PyMem_Free(self.symbol)
        PyMem_Free(self.folded)
        PyMem_Free(self.group)
        PyMem_Free(self.groups)
        PyMem_Free(self.kin)

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
        cdef uint32_t code = <uint32_t>ord(character)
        cdef Py_ssize_t n = self.most_accepted(code), i
        cdef uint32_t* found = <uint32_t*>PyMem_Malloc(n * sizeof(uint32_t))
        if found == NULL:
            raise MemoryError
        try:
            return tuple([found[i] for i in range(self.accept(code, variants, found))])
        finally:
            PyMem_Free(found)

    cdef uint32_t most_accepted(self, uint32_t code) noexcept nogil:
        """Return how many symbols a character stands for at most."""
        cdef uint16_t group = self.group[code]
        return self.groups[group + 1] - self.groups[group] if group else 1

    cdef uint32_t accept(self, uint32_t code, bint variants, uint32_t* out) noexcept nogil:
        """Write the symbols that a character stands for; return how many."""
        cdef uint16_t group = self.group[code]
        cdef uint32_t first, stop, k, n = 0
        if group == 0:
            out[0] = self.folded[code]
            return 1
        first, stop = self.groups[group], self.groups[group + 1]
        for k in range(first, stop):
            if self.kin[k].member == code:
                variants = variants or not self.kin[k].apart
        for k in range(first, stop):
            if variants or self.kin[k].member == code or not self.kin[k].apart:
                out[n] = self.kin[k].member
                n += 1
        return n


@cython.final
@cython.freelist(512)
cdef class Phrase:
    """A phrase made ready for look-up in any segment of an index."""

    def __cinit__(self):
        self.text = ""
        self.starts = self.symbols = &NO_SYMBOL

    def __init__(self, SymbolMap symbols not None, str text not None, bint variants=False):
        if self.starts != &NO_SYMBOL:
            raise ValueError("a phrase is made once")
        self.text = text
        self.accept(symbols, variants)

    def __dealloc__(self):
        if self.starts != &NO_SYMBOL:
            free(self.starts)

    def __len__(self):
        return self.length

    cdef int accept(self, SymbolMap symbols, bint variants) except -1 nogil:
        """Write what each character of the text accepts."""
        cdef Py_ssize_t n = PyUnicode_GET_LENGTH(self.text), i
        cdef int kind = PyUnicode_KIND(self.text)
        cdef const void* data = PyUnicode_DATA(self.text)
        cdef size_t total = 0
        cdef uint32_t at = 0
        cdef uint32_t* memory
        for i in range(n):
            total += symbols.most_accepted(PyUnicode_READ(kind, data, i))
        memory = <uint32_t*>malloc((n + 1 + total) * sizeof(uint32_t))
        if memory == NULL:
            with gil:
                raise MemoryError
        self.starts, self.symbols, self.length = memory, memory + n + 1, n
        for i in range(n):
            self.starts[i] = at
            at += symbols.accept(PyUnicode_READ(kind, data, i), variants, self.symbols + at)
        self.starts[n] = at
        return 0


def phrases_of(SymbolMap symbols not None, texts, bint variants=False):
    """Return the :class:`Phrase` of each text as a tuple; the GIL is held for making them only.

    Raises:
        TypeError: a text is no str.
    """
    cdef tuple phrases
    cdef Py_ssize_t i
    cdef list made = []
    cdef Phrase phrase
    cdef object text
    for text in texts:
        if type(text) is not str:
            raise TypeError(f"expected a str, found {type(text).__name__}")
        phrase = Phrase.__new__(Phrase)
        phrase.text = <str>text
        made.append(phrase)
    phrases = tuple(made)
    cdef Py_ssize_t n = len(phrases)
    with nogil:
        for i in range(n):
            (<Phrase>PyTuple_GET_ITEM(phrases, i)).accept(symbols, variants)
    return phrases
