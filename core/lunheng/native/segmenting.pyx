# cython: boundscheck=False, wraparound=False
# Texts are read through lengths and starts that are checked; ends are written where room was made.
"""Cut texts into words: single ones, lists of them, and buffers of UTF-8, without the GIL."""

cimport cython
from cpython.ref cimport PyObject
from libc.stdint cimport int32_t, int64_t, uint8_t
from libc.stdlib cimport free

import numpy as np

from lunheng.native.boundaries cimport BLOCK, allocate, place, release, workspace_size
from lunheng.native.places cimport add_places, start_places, take_places
from lunheng.native.points cimport UTF8, read_points, to_bytes
from lunheng.native.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND

cdef extern from "Python.h":
    PyObject* PyTuple_GET_ITEM(tuple items, Py_ssize_t index) noexcept nogil
    bint PyUnicode_CheckExact(object text) noexcept nogil

cdef enum:
    SHORT = 256         # below this many code points the GIL is kept
    NEAR = 48           # up to this many code points the stack has room
    NEAR_SIZE = 2560    # the bytes they need


cdef inline bint to_source(object text, Source* source) noexcept nogil:
    """Read a text's header; return False if it is no str, or too long."""
    if not PyUnicode_CheckExact(text):
        return False
    source.kind = PyUnicode_KIND(text)
    source.data = PyUnicode_DATA(text)
    source.length = PyUnicode_GET_LENGTH(text)
    return source.length < <Py_ssize_t>1 << 31


cdef int check_length(Py_ssize_t length) except -1:
    if length >= <Py_ssize_t>1 << 31:
        raise ValueError(f"expected a text of fewer than 2147483648 characters, found {length}")
    return 0


@cython.final
cdef class Segmenter:
    """Cuts texts into words with a scorer. Safe to share between threads.

    Args:
        scorer: decides on the boundaries.
    """

    def __init__(self, BoundaryScorer scorer not None):
        if workspace_size(NEAR) > NEAR_SIZE:
            raise ValueError(f"expected a workspace of {NEAR_SIZE} bytes at most")
        self.scorer = scorer
        self.strings = WordStrings()

    cdef bint segment_source(
        self, Workspace* space, const Source* source, Places* places, Py_ssize_t first
    ) noexcept nogil:
        """Append the end of every word of a text; return False when memory runs out.

        Ends count code points of a str from its first, and bytes of UTF-8 from ``first`` on.
        """
        cdef Py_ssize_t at = 0, room = BLOCK, count, taken, words, stop
        while at < source.length:
            if room > source.length - at:
                room = source.length - at
            if room > space.capacity:
                release(space)
                if not allocate(space, room):
                    return False
            count = read_points(source, at, room, space.points, &stop)
            taken = self.scorer.segment(space, count, stop == source.length)
            if taken < 0:
                return False
            if taken == 0:
                room *= 2
                continue
            words = self.scorer.collect(space)
            if source.kind == UTF8:
                taken = to_bytes(space.points, space.starts, words, taken)
            # A word has about two characters; what is left of the text says how many may follow.
            if not add_places(
                places, space.starts, words, first + at, (source.length - at - taken) // 2
            ):
                return False
            at += taken
            room = BLOCK
        return True

    cdef int segment_text(self, str text, Places* places) except -1:
        """Segment one text, without the GIL when it is long."""
        cdef uint8_t[NEAR_SIZE] near
        cdef Workspace space
        cdef Source source
        cdef bint done
        source.kind = PyUnicode_KIND(text)
        source.data = PyUnicode_DATA(text)
        source.length = PyUnicode_GET_LENGTH(text)
        check_length(source.length)
        start_places(places, 4)
        if source.length <= NEAR:
            place(&space, near, NEAR)
            done = self.segment_source(&space, &source, places, 0)
            free(space.obeyed.items)
        elif source.length < SHORT:
            done = allocate(&space, source.length)
            done = done and self.segment_source(&space, &source, places, 0)
            release(&space)
        else:
            with nogil:
                done = allocate(&space, BLOCK if source.length > BLOCK else source.length)
                done = done and self.segment_source(&space, &source, places, 0)
                release(&space)
        if not done:
            free(places.items)
            raise MemoryError(f"no room to segment {source.length} characters")
        return 0

    def cut(self, str text not None):
        """Return the words of ``text``; together they are the text."""
        cdef Places places
        self.segment_text(text, &places)
        try:
            return self.strings.cut(text, <const int32_t*>places.items, places.count)
        finally:
            free(places.items)

    def ends(self, str text not None):
        """Return the end of every word of ``text`` as an int32 array of code points.

        Raises:
            ValueError: the text has 2**31 code points or more.
            MemoryError: no room for the scores of a line.
        """
        cdef Places places
        self.segment_text(text, &places)
        return take_places(&places)

    def ends_of_texts(self, tuple texts not None, Py_ssize_t first, Py_ssize_t stop):
        """Return the ends of the words of the texts from ``first`` to before ``stop``.

        Even the texts' headers are read without the GIL, as the tuple keeps them alive.

        Returns:
            ends: int32, code points in each text; offsets: int64 of shape (stop - first + 1,), the
            words of text ``first + i`` are ``ends[offsets[i]:offsets[i + 1]]``.

        Raises:
            TypeError: a text is no str.
            ValueError: a text has 2**31 code points or more; or there are no such texts.
            MemoryError: no room for the words.
        """
        cdef Py_ssize_t i, reached = first
        cdef Source source
        cdef Places places
        cdef Workspace space
        cdef bint done
        if not 0 <= first <= stop <= len(texts):
            raise ValueError(f"expected texts among {len(texts)}, found {first} to {stop}")
        offsets = np.zeros(stop - first + 1, np.int64)
        cdef int64_t[::1] offsets_view = offsets
        start_places(&places, 4)
        try:
            with nogil:
                done = allocate(&space, BLOCK)
                for i in range(first, stop):
                    if not done or not to_source(<object>PyTuple_GET_ITEM(texts, i), &source):
                        break
                    done = self.segment_source(&space, &source, &places, 0)
                    reached = i + 1
                    offsets_view[reached - first] = places.count
                release(&space)
            if not done:
                raise MemoryError(f"no room for the words of {stop - first} texts")
            if reached < stop:
                text = texts[reached]
                if type(text) is not str:
                    raise TypeError(f"expected a str as text {reached}, found {type(text).__name__}")
                check_length(PyUnicode_GET_LENGTH(text))
            return take_places(&places), offsets
        finally:
            free(places.items)

    def bounds_of_utf8(self, const uint8_t[::1] data not None, const int64_t[::1] starts not None):
        """Return the bounds of the words of texts that lie one after the other in a buffer.

        A byte that is no UTF-8 is a character of its own.

        Args:
            data: UTF-8.
            starts: int64, where each text begins, and where the last one ends.

        Returns:
            bounds: int64, bytes of ``data``, where the first word begins and where each ends;
            offsets: int64 of the shape of ``starts``, the words of text ``i`` end at
            ``bounds[1 + offsets[i]:1 + offsets[i + 1]]``.

        Raises:
            ValueError: the starts do not ascend, or leave the data; or a text has 2**31 bytes.
            MemoryError: no room for the words.
        """
        cdef Py_ssize_t n = starts.shape[0] - 1, i
        cdef Places places
        cdef Workspace space
        cdef Source source
        cdef bint done
        if n < 0 or starts[0] < 0 or starts[n] > data.shape[0]:
            raise ValueError(f"expected starts of texts in {data.shape[0]} bytes")
        for i in range(n):
            if starts[i] > starts[i + 1]:
                raise ValueError(f"expected ascending starts, found {starts[i]}, {starts[i + 1]}")
            check_length(starts[i + 1] - starts[i])
        offsets = np.zeros(n + 1, np.int64)
        cdef int64_t[::1] offsets_view = offsets
        cdef int32_t nothing = 0
        start_places(&places, 8)
        source.kind = UTF8
        try:
            with nogil:
                done = add_places(&places, &nothing, 1, starts[0], (starts[n] - starts[0]) // 6)
                done = allocate(&space, BLOCK) and done
                for i in range(n):
                    source.length = starts[i + 1] - starts[i]
                    if done and source.length:
                        source.data = &data[starts[i]]
                        done = self.segment_source(&space, &source, &places, starts[i])
                    offsets_view[i + 1] = places.count - 1
                release(&space)
            if not done:
                raise MemoryError(f"no room for the words of {n} texts")
            return take_places(&places), offsets
        finally:
            free(places.items)
