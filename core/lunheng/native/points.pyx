# cython: boundscheck=False, wraparound=False
# Reads stop at the source's length and writes at the room given; ends lie among the points.
"""Code points of a str or of UTF-8 bytes, a block at a time."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t
from libc.string cimport memcpy

import numpy as np


cdef Py_ssize_t read_points(
    const Source* source, Py_ssize_t at, Py_ssize_t room, uint32_t* out, Py_ssize_t* stop
) noexcept nogil:
    """Read up to ``room`` code points from place ``at`` on; write where reading stopped.

    Places are code points of a str, and bytes of UTF-8.
    """
    cdef Py_ssize_t count = source.length - at, i
    cdef const uint8_t* narrow = <const uint8_t*>source.data
    cdef const uint16_t* middle
    if source.kind == UTF8:
        i = 0
        while i < room and at < source.length:
            at += utf8_point(narrow + at, source.length - at, &out[i])
            i += 1
        stop[0] = at
        return i
    if count > room:
        count = room
    if source.kind == 1:
        for i in range(count):
            out[i] = narrow[at + i]
    elif source.kind == 2:
        middle = <const uint16_t*>source.data + at
        for i in range(count):
            out[i] = middle[i]
    else:
        memcpy(out, <const uint32_t*>source.data + at, count * sizeof(uint32_t))
    stop[0] = at + count
    return count


cdef Py_ssize_t to_bytes(
    const uint32_t* points, int32_t* ends, Py_ssize_t count, Py_ssize_t taken
) noexcept nogil:
    """Turn ascending ends from code points into bytes of UTF-8; return the bytes of ``taken``."""
    cdef Py_ssize_t k, at = 0, place = 0
    for k in range(count):
        while at < ends[k]:
            place += utf8_length(points[at])
            at += 1
        ends[k] = <int32_t>place
    while at < taken:
        place += utf8_length(points[at])
        at += 1
    return place


def utf8_points(const uint8_t[::1] data not None):
    """Return the code points of UTF-8 bytes as uint32; a byte that is none is 0xDC00 and itself.

    This is what ``data.decode("utf-8", "surrogateescape")`` reads.
    """
    cdef Source source
    cdef Py_ssize_t count, stop
    source.kind = UTF8
    source.length = data.shape[0]
    points = np.empty(source.length, np.uint32)
    if source.length == 0:
        return points
    source.data = &data[0]
    cdef uint32_t[::1] view = points
    with nogil:
        count = read_points(&source, 0, source.length, &view[0], &stop)
    return points[:count]


def stray_byte(const uint8_t[::1] data not None):
    """Return the place of the first byte that is no UTF-8, or -1."""
    cdef Py_ssize_t at = 0, length = data.shape[0], step
    cdef uint32_t point
    with nogil:
        while at < length:
            step = utf8_point(&data[at], length - at, &point)
            if step == 1 and point >= ESCAPED:
                break
            at += step
    return at if at < length else -1


def code_point_ends(
    const uint8_t[::1] data not None, const int64_t[::1] ends not None,
    const int64_t[::1] starts not None, const int64_t[::1] offsets not None,
):
    """Return the ends of words, given in bytes of a buffer, in code points of their texts.

    Args:
        data: UTF-8 texts, one after the other.
        ends: ascending ends of words; ``ends[offsets[i]:offsets[i + 1]]`` belong to text ``i``.
        starts: where each text begins, and where the last ends.
        offsets: int64 of shape (len(starts),).

    Raises:
        ValueError: a place lies outside the data or before the one before it.
    """
    cdef Py_ssize_t i, k, at
    cdef uint32_t point
    cdef int32_t count
    found = np.empty(ends.shape[0], np.int32)
    cdef int32_t[::1] view = found
    if starts.shape[0] != offsets.shape[0] or starts.shape[0] == 0:
        raise ValueError(f"expected an offset for each of {starts.shape[0]} starts")
    if ends.shape[0] and (
        np.any(np.diff(ends) < 0) or ends[0] < 0 or ends[ends.shape[0] - 1] > data.shape[0]
    ):
        raise ValueError(f"expected ascending ends up to {data.shape[0]}")
    if np.any(np.diff(starts) < 0) or np.any(np.diff(offsets) < 0) or starts[0] < 0:
        raise ValueError("expected ascending starts and offsets")
    if starts[starts.shape[0] - 1] > data.shape[0] or offsets[0] < 0:
        raise ValueError(f"expected starts up to {data.shape[0]}")
    if offsets[offsets.shape[0] - 1] > ends.shape[0]:
        raise ValueError(f"expected offsets up to {ends.shape[0]}")
    with nogil:
        for i in range(starts.shape[0] - 1):
            at = starts[i]
            count = 0
            for k in range(offsets[i], offsets[i + 1]):
                while at < ends[k]:
                    at += utf8_point(&data[at], data.shape[0] - at, &point)
                    count += 1
                view[k] = count
    return found
