"""What a scraper inserts into text, or leaves of it: brackets of pinyin, tags, separators."""

from libc.stdint cimport int32_t, uint32_t

from lunheng.native.unicode cimport PyUnicode_READ


cdef struct Scraped:
    # A text's characters, as CPython keeps them.
    const void* data
    Py_ssize_t length
    int kind


cdef Scraped scraped(str text)
cdef int32_t after_sound(const Scraped* text, int32_t at) noexcept nogil
cdef int32_t after_bracket(const Scraped* text, int32_t at) noexcept nogil
cdef int32_t after_tag(const Scraped* text, int32_t at) noexcept nogil


cdef inline uint32_t char_at(const Scraped* text, Py_ssize_t i) noexcept nogil:
    """The character at i, 0 beyond the end."""
    return PyUnicode_READ(text.kind, text.data, i) if i < text.length else 0


cdef inline bint is_separator(uint32_t c) noexcept nogil:
    """Whether c is one of ，！？；、。： or ASCII's."""
    return (
        c == 0xFF0C or c == 0xFF01 or c == 0xFF1F or c == 0xFF1B or c == 0x3001 or c == 0x3002
        or c == 0xFF1A or c == 0x2C or c == 0x21 or c == 0x3F or c == 0x3B or c == 0x3A
    )
