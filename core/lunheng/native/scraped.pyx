# cython: language_level=3, boundscheck=False, wraparound=False
# Bounds: characters are read through char_at, which looks at the text's length, or below it.
"""What a scraper inserts into text, or leaves of it: brackets of pinyin, tags, separators."""

from libc.stdint cimport int32_t, uint32_t
from lunheng.native.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)


cdef Scraped scraped(str text):
    """A view of a text, valid as long as the text is."""
    return Scraped(PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text), PyUnicode_KIND(text))


cdef inline bint is_toned(uint32_t c) noexcept nogil:
    """Whether c is a vowel or nasal with a tone mark."""
    return (
        c == 0x101 or c == 0xE1 or c == 0x1CE or c == 0xE0 or c == 0x113 or c == 0xE9
        or c == 0x11B or c == 0xE8 or c == 0x12B or c == 0xED or c == 0x1D0 or c == 0xEC
        or c == 0x14D or c == 0xF3 or c == 0x1D2 or c == 0xF2 or c == 0x16B or c == 0xFA
        or c == 0x1D4 or c == 0xF9 or c == 0x1D6 or c == 0x1D8 or c == 0x1DA or c == 0x1DC
        or c == 0x144 or c == 0x148 or c == 0x1F9 or c == 0x1E3F
    )


cdef int32_t after_sound(const Scraped* text, int32_t at) noexcept nogil:
    """Where a toned syllable and a closing bracket end that begin at ``at``; 0 for none."""
    cdef int32_t i = at
    cdef uint32_t c = char_at(text, i)
    while i - at < 5 and (0x61 <= c <= 0x7A or c == 0xFC):
        i += 1
        c = char_at(text, i)
    if not is_toned(c):
        return 0
    at = i
    i += 1
    c = char_at(text, i)
    while i - at < 5 and (0x61 <= c <= 0x7A or c == 0xFC):
        i += 1
        c = char_at(text, i)
    return i + 1 if c == 0x29 or c == 0xFF09 else 0


cdef int32_t after_bracket(const Scraped* text, int32_t at) noexcept nogil:
    """Where a pinyin bracket that begins at ``at`` ends; 0 for none."""
    cdef uint32_t c = char_at(text, at)
    return after_sound(text, at + 1) if c == 0x28 or c == 0xFF08 else 0


cdef int32_t after_tag(const Scraped* text, int32_t at) noexcept nogil:
    """Where the rest of a tag that lost its first character ends; 0 for none."""
    cdef int32_t i = at + (char_at(text, at) == 0x2F), name = i
    while i - name < 10 and 0x61 <= char_at(text, i) <= 0x7A:
        i += 1
    if i == name:
        return 0
    i += 0x30 <= char_at(text, i) <= 0x39
    i += char_at(text, i) == 0x20
    i += char_at(text, i) == 0x2F
    return i + 1 if char_at(text, i) == 0x3E else 0


def ends(str text not None, int32_t at):
    """Return where a syllable's, a bracket's and a tag's rest end that begin at ``at``; 0: none."""
    cdef Scraped view = scraped(text)
    return after_sound(&view, at), after_bracket(&view, at), after_tag(&view, at)


def pinyin_brackets(str text not None):
    """Return the spans of the brackets that hold a toned syllable and stand after a letter.

    Returns:
        Ascending half-open spans in code points, as a list of pairs.

    >>> pinyin_brackets("關(guān)於O(shè)pen（see）")
    [(1, 7), (9, 14)]
    """
    cdef Scraped view = scraped(text)
    cdef int32_t end
    cdef Py_ssize_t i = 1
    cdef uint32_t c
    cdef list found = []
    while i < view.length:
        c = PyUnicode_READ(view.kind, view.data, i)
        if c != 0x28 and c != 0xFF08:
            i += 1
            continue
        end = after_sound(&view, <int32_t>(i + 1))
        c = PyUnicode_READ(view.kind, view.data, i - 1)
        if end and (c >= 0x80 or 0x41 <= c <= 0x5A or 0x61 <= c <= 0x7A):
            found.append((i, <Py_ssize_t>end))
            i = end
        else:
            i += 1
    return found
