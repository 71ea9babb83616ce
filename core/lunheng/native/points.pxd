"""Code points of a str or of UTF-8 bytes, a block at a time."""

from libc.stdint cimport int32_t, uint8_t, uint32_t

cdef enum:
    UTF8 = 0            # the kind of a source of bytes; those of a str are 1, 2 and 4
    ESCAPED = 0xDC00    # a byte that is not UTF-8 reads as this code point and its value

cdef struct Source:
    int kind
    const void* data
    Py_ssize_t length   # code points, or bytes of UTF-8


cdef inline Py_ssize_t utf8_length(uint32_t point) noexcept nogil:
    """Return how many bytes of a source of UTF-8 a code point that was read from it takes."""
    if point < 0x800:
        return 1 if point < 0x80 else 2
    if point < 0x10000:
        return 1 if ESCAPED <= point < ESCAPED + 0x100 else 3
    return 4


cdef inline Py_ssize_t utf8_point(
    const uint8_t* at, Py_ssize_t left, uint32_t* point
) noexcept nogil:
    """Read one code point of at least one byte and return its bytes; a stray byte is escaped."""
    cdef uint32_t lead = at[0]
    if lead < 0x80:
        point[0] = lead
        return 1
    if lead < 0xE0:
        if lead >= 0xC2 and left > 1 and at[1] & 0xC0 == 0x80:
            point[0] = (lead & 0x1F) << 6 | (at[1] & 0x3F)
            return 2
    elif lead < 0xF0:
        if left > 2 and at[1] & 0xC0 == 0x80 and at[2] & 0xC0 == 0x80:
            point[0] = (lead & 0x0F) << 12 | (at[1] & 0x3F) << 6 | (at[2] & 0x3F)
            if point[0] >= 0x800 and not 0xD800 <= point[0] < 0xE000:
                return 3
    elif lead < 0xF5 and left > 3:
        if at[1] & 0xC0 == 0x80 and at[2] & 0xC0 == 0x80 and at[3] & 0xC0 == 0x80:
            point[0] = (
                (lead & 0x07) << 18 | (at[1] & 0x3F) << 12 | (at[2] & 0x3F) << 6 | (at[3] & 0x3F)
            )
            if 0x10000 <= point[0] < 0x110000:
                return 4
    point[0] = ESCAPED + lead
    return 1


cdef Py_ssize_t read_points(
    const Source* source, Py_ssize_t at, Py_ssize_t room, uint32_t* out, Py_ssize_t* stop
) noexcept nogil
cdef Py_ssize_t to_bytes(
    const uint32_t* points, int32_t* ends, Py_ssize_t count, Py_ssize_t taken
) noexcept nogil
