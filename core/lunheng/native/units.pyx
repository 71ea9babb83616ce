# cython: boundscheck=False, wraparound=False
# Indices stay in range: every read is guarded by `< length`, and there are at most `length` units.
"""Cut a line into units: what the segmenter never splits (a character, number, Latin word, URL …)."""

from libc.stdint cimport int32_t, uint16_t, uint32_t

import numpy as np

cdef enum:
    LONGEST_NAME = 30
    ZERO_WIDTH_JOINER = 0x200D


cdef inline bint is_word(uint16_t code) noexcept nogil:
    return code == LETTER or code == DIGIT


cdef inline bint is_ideograph(uint32_t point) noexcept nogil:
    """Say whether a code point may stand in a Chinese, Japanese or Korean @name."""
    return (
        0x3400 <= point < 0xA000
        or 0x3041 <= point < 0x3100
        or 0xAC00 <= point < 0xD7A4
        or 0xF900 <= point < 0xFB00
        or 0x20000 <= point < 0x40000
        or 0x2E80 <= point < 0x2FE0
    )


cdef inline uint32_t half_width(uint32_t point) noexcept nogil:
    return point - 0xFEE0 if 0xFF01 <= point <= 0xFF5E else point


cdef inline bint is_url_character(uint32_t point) noexcept nogil:
    return (
        0x21 <= point < 0x7F
        and point != c'"' and point != c'<' and point != c'>' and point != c'\\'
        and point != c'^' and point != c'`' and point != c'{' and point != c'|' and point != c'}'
    )


cdef inline uint32_t lower(uint32_t point) noexcept nogil:
    return point | 0x20 if c'A' <= point <= c'Z' else point


cdef bint follows(
    const uint32_t* points, Py_ssize_t at, Py_ssize_t length, const char* word
) noexcept nogil:
    """Say whether the ASCII ``word`` stands at ``at``, in either case and width."""
    cdef Py_ssize_t k = 0
    while word[k] != 0:
        if at + k >= length or lower(half_width(points[at + k])) != <uint32_t>word[k]:
            return False
        k += 1
    return True


cdef Py_ssize_t url_end(const uint32_t* points, Py_ssize_t at, Py_ssize_t length) noexcept nogil:
    """Return the end of the URL that begins at ``at``, or ``at``."""
    cdef Py_ssize_t start = at, end
    cdef uint32_t point
    if follows(points, at, length, b"http://"):
        start += 7
    elif follows(points, at, length, b"https://"):
        start += 8
    elif follows(points, at, length, b"ftp://"):
        start += 6
    elif follows(points, at, length, b"www."):
        start += 4
    else:
        return at
    end = start
    while end < length and is_url_character(half_width(points[end])):
        end += 1
    while end > start:
        point = half_width(points[end - 1])
        if (
            point == c'.' or point == c',' or point == c';' or point == c':' or point == c'!'
            or point == c'?' or point == c')' or point == c']' or point == c"'" or point == c'*'
        ):
            end -= 1
        else:
            break
    return end if end > start else at


cdef inline Py_ssize_t word_end(
    const uint32_t* points, Py_ssize_t at, Py_ssize_t length, const uint16_t* codes
) noexcept nogil:
    """Return the end of the letters, digits and marks that begin at ``at``."""
    cdef uint16_t code
    while at < length:
        code = codes[points[at]]
        if not (is_word(code) or code == MARK):
            break
        at += 1
    return at


cdef Py_ssize_t email_end(
    const uint32_t* points, Py_ssize_t at, Py_ssize_t length, const uint16_t* codes
) noexcept nogil:
    """Return the end of an e-mail address whose ``@`` is at ``at``, or ``at``."""
    cdef Py_ssize_t end = at + 1, next_end
    cdef bint dotted = False
    cdef uint16_t code
    end = word_end(points, end, length, codes)
    if end == at + 1:
        return at
    while end + 1 < length:
        code = codes[points[end]]
        if code != DOT and code != HYPHEN:
            break
        next_end = word_end(points, end + 1, length, codes)
        if next_end == end + 1:
            break
        dotted = dotted or code == DOT
        end = next_end
    return end if dotted else at


cdef inline bint joins(uint16_t connector, uint16_t before, uint16_t after) noexcept nogil:
    """Say whether a connector between two letters or digits joins them."""
    if connector == DOT or connector == HYPHEN or connector == UNDERSCORE or connector == SLASH:
        return True
    if before == DIGIT and after == DIGIT:
        return connector == COLON
    return connector == AMPERSAND or connector == APOSTROPHE


cdef inline bint groups_thousands(
    const uint32_t* points, Py_ssize_t at, Py_ssize_t length, const uint16_t* codes
) noexcept nogil:
    """Say whether the comma at ``at`` stands between digits and before exactly three."""
    cdef Py_ssize_t k
    if codes[points[at - 1]] != DIGIT:
        return False
    for k in range(1, 4):
        if at + k >= length or codes[points[at + k]] != DIGIT:
            return False
    return at + 4 >= length or codes[points[at + 4]] != DIGIT


cdef inline uint16_t number_id(Py_ssize_t digits) noexcept nogil:
    return <uint16_t>(NUMBER_1 + (digits - 1 if digits < 5 else 4))


cdef Py_ssize_t scan_word(
    const uint32_t* points, Py_ssize_t at, Py_ssize_t length, const uint16_t* codes, uint16_t* out
) noexcept nogil:
    """Return the end of the number, Latin word or address that begins at ``at``; write its id."""
    cdef Py_ssize_t end = at, letters = 0, digits = 0, tail
    cdef uint16_t code, last = 0
    cdef bint connected = False
    if codes[points[at]] == LETTER:
        end = url_end(points, at, length)
        if end > at:
            out[0] = ADDRESS
            return end
    while end < length:
        code = codes[points[end]]
        if code == LETTER:
            letters += 1
            last = code
        elif code == DIGIT:
            digits += 1
            last = code
        elif code == MARK:
            pass
        elif FIRST_CONNECTOR <= code < REPEATED and end + 1 < length:
            if code == COMMA:
                if not groups_thousands(points, end, length, codes):
                    break
            elif not (is_word(codes[points[end + 1]]) and joins(code, last, codes[points[end + 1]])):
                break
            connected = True
        else:
            break
        end += 1
    if end < length and codes[points[end]] == AT:
        tail = email_end(points, end, length, codes)
        if tail > end:
            out[0] = ADDRESS
            return tail
    if letters == 0:
        if end < length and codes[points[end]] == PERCENT:
            out[0] = PERCENTAGE
            return end + 1
        out[0] = DECIMAL if connected else number_id(digits)
        return end
    while end < length and last == LETTER and codes[points[end]] == PLUS:
        end += 1
    if digits or connected:
        out[0] = ALPHANUMERIC
    else:
        out[0] = LATIN_1 if letters == 1 else (LATIN_2 if letters < 4 else LATIN_4)
    return end


cdef Py_ssize_t name_end(
    const uint32_t* points, Py_ssize_t at, Py_ssize_t length, const uint16_t* codes
) noexcept nogil:
    """Return the end of the name after an ``@`` at ``at``, or ``at``."""
    cdef Py_ssize_t end = at + 1
    cdef uint16_t code
    while end < length and end - at <= LONGEST_NAME:
        code = codes[points[end]]
        if not (is_word(code) or is_ideograph(points[end])):
            if code == MARK or code == UNDERSCORE or code == HYPHEN:
                if end == at + 1:
                    break
            else:
                break
        end += 1
    return end if end > at + 1 else at


cdef Py_ssize_t tag_end(
    const uint32_t* points, Py_ssize_t at, Py_ssize_t length, const uint16_t* codes
) noexcept nogil:
    """Return the end of the ``#tag#`` or ``#Tag`` that begins at ``at``, or ``at``."""
    cdef Py_ssize_t end = at + 1
    cdef uint16_t code
    while end < length and end - at <= LONGEST_NAME:
        code = codes[points[end]]
        if code == HASH:
            if end > at + 1:
                return end + 1
            break
        if code == SPACE or code == NEWLINE:
            break
        end += 1
    end = word_end(points, at + 1, length, codes)
    return end if end > at + 1 and is_word(codes[points[at + 1]]) else at


cdef Py_ssize_t scan_special(
    const uint32_t* points, Py_ssize_t at, Py_ssize_t length, const uint16_t* codes, uint16_t* out
) noexcept nogil:
    """Return the end of the unit that begins at ``at`` with no plain character; write its id."""
    cdef uint16_t code = codes[points[at]]
    cdef uint32_t point = points[at]
    cdef Py_ssize_t end = at + 1
    out[0] = code
    if is_word(code):
        return scan_word(points, at, length, codes, out)
    if code == SPACE:
        while end < length and codes[points[end]] == SPACE:
            end += 1
        return end
    if code == NEWLINE:
        return end + 1 if point == 13 and end < length and points[end] == 10 else end
    if code == REGIONAL:
        out[0] = PICTURE
        return end + 1 if end < length and codes[points[end]] == REGIONAL else end
    if code == EMOJI:
        out[0] = PICTURE
        while end < length:
            if codes[points[end]] == EMOJI and points[end - 1] == ZERO_WIDTH_JOINER:
                end += 1
            elif codes[points[end]] == MARK:
                end += 1
            else:
                break
        return end
    if code == AT or code == HASH:
        if code == AT:
            end = name_end(points, at, length, codes)
        else:
            end = tag_end(points, at, length, codes)
        if end > at:
            out[0] = ADDRESS
            return end
        return at + 1
    if code == MARK:
        out[0] = RARE
        return end
    if code == DOT or code == HYPHEN or code == UNDERSCORE or code >= REPEATED:
        while end < length and half_width(points[end]) == half_width(point):
            end += 1
    return end


cdef Py_ssize_t scan_units(
    const uint32_t* points, Py_ssize_t length, const uint16_t* codes, Units out
) noexcept nogil:
    """Write the id and start of every unit of ``points`` and return how many there are."""
    cdef Py_ssize_t at = 0, count = 0
    cdef uint16_t code
    while at < length:
        code = codes[points[at]]
        if code == MARK and count > 0 and out.ids[count - 1] != NEWLINE:
            at += 1
            continue
        out.starts[count] = <int32_t>at
        if code >= FIRST_PLAIN:
            out.ids[count] = code
            at += 1
        else:
            at = scan_special(points, at, length, codes, &out.ids[count])
        count += 1
    return count


def units_of(str text not None, const uint16_t[::1] codes not None):
    """Return the ids and starts of the units of ``text`` under a table of character codes.

    Args:
        text: one line or several; a line break is a unit.
        codes: uint16 of shape (0x110000,), see `lunheng.tokenize.codes`.

    Returns:
        ids: uint16 of shape (n,); starts: int32 of shape (n,), code points, ascending.
    """
    if codes.shape[0] != 0x110000:
        raise ValueError(f"expected 1114112 character codes, found {codes.shape[0]}")
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    if len(points) == 0:
        return np.empty(0, np.uint16), np.empty(0, np.int32)
    ids = np.empty(len(points), np.uint16)
    starts = np.empty(len(points), np.int32)
    cdef const uint32_t[::1] points_view = points
    cdef uint16_t[::1] ids_view = ids
    cdef int32_t[::1] starts_view = starts
    cdef Units out
    out.ids = &ids_view[0]
    out.starts = &starts_view[0]
    cdef Py_ssize_t count
    with nogil:
        count = scan_units(&points_view[0], points_view.shape[0], &codes[0], out)
    return ids[:count], starts[:count]
