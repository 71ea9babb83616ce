"""Cut texts into words: single ones, lists of them, and buffers of UTF-8, without the GIL."""

from libc.stdint cimport int32_t

from lunheng.native.boundaries cimport BoundaryScorer, Workspace
from lunheng.native.places cimport Places
from lunheng.native.points cimport Source
from lunheng.native.word_strings cimport WordStrings


cdef class Segmenter:
    cdef readonly BoundaryScorer scorer
    cdef WordStrings strings
    cdef bint segment_source(
        self, Workspace* space, const Source* source, Places* places, Py_ssize_t first
    ) noexcept nogil
    cdef int segment_text(self, str text, Places* places) except -1
