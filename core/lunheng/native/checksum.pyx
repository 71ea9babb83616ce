# cython: language_level=3, boundscheck=False, wraparound=False
"""XXH64 (Collet, xxHash specification): detects every damaged word of a block.

Bounds checks are off: every read is below ``end``, which the callers derive from the length.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

import numpy as np

cdef uint64_t P1 = 0x9E3779B185EBCA87
cdef uint64_t P2 = 0xC2B2AE3D27D4EB4F
cdef uint64_t P3 = 0x165667B19E3779F9
cdef uint64_t P4 = 0x85EBCA77C2B2AE63
cdef uint64_t P5 = 0x27D4EB2F165667C5


cdef inline uint64_t rotate(uint64_t value, int bits) noexcept nogil:
    return (value << bits) | (value >> (64 - bits))


cdef inline uint64_t read64(const uint8_t* data) noexcept nogil:
    cdef uint64_t value
    memcpy(&value, data, 8)
    return value


cdef inline uint64_t mix(uint64_t lane, uint64_t word) noexcept nogil:
    return rotate(lane + word * P2, 31) * P1


cdef inline uint64_t join(uint64_t total, uint64_t lane) noexcept nogil:
    return (total ^ mix(0, lane)) * P1 + P4


cdef uint64_t finish(uint64_t total, const uint8_t* data, const uint8_t* end) noexcept nogil:
    cdef uint32_t half
    while data + 8 <= end:
        total = rotate(total ^ mix(0, read64(data)), 27) * P1 + P4
        data += 8
    if data + 4 <= end:
        memcpy(&half, data, 4)
        total = rotate(total ^ (<uint64_t>half * P1), 23) * P2 + P3
        data += 4
    while data < end:
        total = rotate(total ^ (<uint64_t>data[0] * P5), 11) * P1
        data += 1
    total = (total ^ (total >> 33)) * P2
    total = (total ^ (total >> 29)) * P3
    return total ^ (total >> 32)


cdef uint64_t xxh64_bytes(const uint8_t* data, size_t length, uint64_t seed) noexcept nogil:
    cdef const uint8_t* end = data + length
    cdef uint64_t a, b, c, d, total
    if length >= 32:
        a, b, c, d = seed + P1 + P2, seed + P2, seed, seed - P1
        while data + 32 <= end:
            a = mix(a, read64(data))
            b = mix(b, read64(data + 8))
            c = mix(c, read64(data + 16))
            d = mix(d, read64(data + 24))
            data += 32
        total = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)
        total = join(join(join(join(total, a), b), c), d)
    else:
        total = seed + P5
    return finish(total + length, data, end)


def xxh64(const uint8_t[::1] data, uint64_t seed=0):
    """Return the 64-bit checksum of a contiguous buffer of bytes."""
    cdef uint64_t total
    cdef const uint8_t* start = &data[0] if data.shape[0] else NULL
    with nogil:
        total = xxh64_bytes(start, data.shape[0], seed)
    return total


def block_checksums(const uint8_t[::1] data, size_t block):
    """Return XXH64 of every ``block`` bytes of a buffer (the last may be shorter) as uint64."""
    if block == 0:
        raise ValueError("the block size must be positive, got 0")
    cdef size_t length = data.shape[0]
    cdef size_t n = (length + block - 1) // block, i
    sums = np.empty(n, np.uint64)
    cdef uint64_t[::1] out = sums
    if n:
        with nogil:
            for i in range(n):
                out[i] = xxh64_bytes(&data[i * block], min(block, length - i * block), 0)
    return sums
