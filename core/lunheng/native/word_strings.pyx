# cython: boundscheck=False, wraparound=False
# Ends are checked, or come from the segmenter, which puts them inside the text; slots are masked.
"""Words of a text as a list of strings, the frequent ones made once.

Making a string costs more than finding it: of Chinese text nine words in ten have at most four
characters, and a few thousand of them make up most of any text.
"""

cimport cython
from cpython.list cimport PyList_New, PyList_SET_ITEM
from cpython.ref cimport Py_INCREF, Py_XDECREF, PyObject
from libc.stdint cimport int32_t, uint16_t, uint64_t
from libc.stdlib cimport calloc, free

from lunheng.native.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND

cdef extern from "Python.h":
    object PyUnicode_Substring(object text, Py_ssize_t start, Py_ssize_t end)

cdef enum:
    KEPT = 4096         # words that are kept, a power of two
    LONGEST = 4         # characters of a kept word


@cython.final
cdef class WordStrings:
    """Strings of short frequent words.

    Only a thread that holds the GIL may use it; what it keeps changes no answer.
    """

    def __cinit__(self):
        self.kept = <Kept*>calloc(KEPT, sizeof(Kept))
        if self.kept == NULL:
            raise MemoryError(f"no room to keep {KEPT} words")

    def __dealloc__(self):
        cdef Py_ssize_t i
        for i in range(KEPT):
            Py_XDECREF(<PyObject*>self.kept[i].word)
        free(self.kept)

    def words(self, str text not None, const int32_t[::1] ends not None):
        """Return the adjoining words of ``text`` that end at ``ends``.

        Raises:
            ValueError: the ends do not ascend, or reach beyond the text.
        """
        cdef Py_ssize_t i, before = 0
        for i in range(ends.shape[0]):
            if ends[i] <= before and i or ends[i] < 0:
                raise ValueError(f"expected ascending ends, found {ends[i]} after {before}")
            before = ends[i]
        if before > PyUnicode_GET_LENGTH(text):
            raise ValueError(f"expected ends in {PyUnicode_GET_LENGTH(text)} characters")
        return self.cut(text, &ends[0] if ends.shape[0] else NULL, ends.shape[0])

    cdef list cut(self, str text, const int32_t* ends, Py_ssize_t count):
        cdef list words = PyList_New(count)
        cdef Py_ssize_t i, start = 0, end
        cdef int kind = PyUnicode_KIND(text)
        cdef const uint16_t* data = <const uint16_t*>PyUnicode_DATA(text)
        cdef uint64_t key
        cdef object word
        for i in range(count):
            end = ends[i]
            if kind == 2 and end - start <= LONGEST:
                key = data[start]
                if end - start > 1:
                    key |= <uint64_t>data[start + 1] << 16
                    if end - start > 2:
                        key |= <uint64_t>data[start + 2] << 32
                        if end - start > 3:
                            key |= <uint64_t>data[start + 3] << 48
                word = self.kept_word(text, start, end, key)
            else:
                word = PyUnicode_Substring(text, start, end)
            Py_INCREF(word)
            PyList_SET_ITEM(words, i, word)
            start = end
        return words

    cdef inline object kept_word(self, str text, Py_ssize_t start, Py_ssize_t end, uint64_t key):
        cdef Kept* place = &self.kept[(key * <uint64_t>0x9E3779B97F4A7C15) >> 52]
        cdef object word
        if place.word != NULL and place.key == key:
            # Words that end in NULs share the key of shorter ones.
            if PyUnicode_GET_LENGTH(<object>place.word) == end - start:
                return <object>place.word
        word = PyUnicode_Substring(text, start, end)
        Py_INCREF(word)
        Py_XDECREF(<PyObject*>place.word)
        place.word = <void*>word
        place.key = key
        return word
