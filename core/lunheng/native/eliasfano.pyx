# cython: language_level=3, boundscheck=False, wraparound=False
"""Write and read Elias-Fano lists (Vigna 2013, quasi-succinct indices).

Bounds checks are off: encoders write into buffers of ``size_in_bits`` plus 8 bytes, decoders
stop after ``n`` values. Values are checked in the functions that Python calls.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t

import numpy as np


cdef void encode(
    uint8_t* data, uint64_t bit, uint64_t universe, const uint64_t* values, uint64_t n
) noexcept nogil:
    """Write the low 32 bits of ``values`` (ascending) into zeroed bits of ``data``."""
    cdef EliasFano ef = open_list(data, bit, universe, n)
    cdef uint64_t i, sample = 1, lower = ef.lower
    cdef uint64_t samples = (ef.upper - ef.samples) >> 5
    cdef uint64_t mask = (<uint64_t>1 << ef.low) - 1
    cdef uint64_t value
    for i in range(n):
        value = <uint32_t>values[i]
        while sample <= samples and (value >> ef.low) >= (sample << STRIDE_BITS):
            or_bits(data, ef.samples + 32 * (sample - 1), i)
            sample += 1
        or_bits(data, ef.upper + (value >> ef.low) + i, 1)
        or_bits(data, lower, value & mask)
        lower += ef.low
    while sample <= samples:
        or_bits(data, ef.samples + 32 * (sample - 1), n)
        sample += 1


cdef void decode(const EliasFano* ef, uint32_t* out) noexcept nogil:
    """Write all ``n`` values to ``out``."""
    cdef uint64_t i = 0, bit = 0, word, lower = ef.lower, n = ef.n
    cdef uint64_t mask = (<uint64_t>1 << ef.low) - 1
    cdef uint32_t low = ef.low
    while i < n:
        word = load_bits(ef.data, ef.upper + bit) & ((<uint64_t>1 << WINDOW) - 1)
        while word and i < n:
            out[i] = (
                <uint32_t>((bit + lowest(word) - i) << low)
                | <uint32_t>(load_bits(ef.data, lower) & mask)
            )
            i += 1
            lower += low
            word &= word - 1
        bit += WINDOW


def pack(values, uint64_t universe):
    """Return ascending values below ``universe`` (at most 2**32) as the bytes of one list."""
    array = np.ascontiguousarray(values, np.uint64)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"expected a row of at least one value, got shape {array.shape}")
    if universe > 1 << 32 or array.max() >= universe or (np.diff(array.astype(np.int64)) <= 0).any():
        raise ValueError(f"expected strictly ascending values below {universe}, at most 2**32")
    cdef const uint64_t[::1] view = array
    cdef uint64_t n = view.shape[0]
    out = np.zeros((size_in_bits(universe, n) + 7) // 8 + 8, np.uint8)
    cdef uint8_t[::1] target = out
    with nogil:
        encode(&target[0], 0, universe, &view[0], n)
    return out.tobytes()


def unpack(const uint8_t[::1] data, uint64_t universe, uint64_t n):
    """Return the ``n`` values of a list made by :func:`pack` as uint32."""
    check_size(data, universe, n)
    cdef EliasFano ef = open_list(&data[0], 0, universe, n)
    out = np.empty(n, np.uint32)
    cdef uint32_t[::1] target = out
    with nogil:
        decode(&ef, &target[0])
    return out


def members(const uint8_t[::1] data, uint64_t universe, uint64_t n, values):
    """Return for each of ascending ``values`` below ``universe`` whether the list holds it."""
    check_size(data, universe, n)
    cdef const uint32_t[::1] wanted = np.ascontiguousarray(values, np.uint32)
    cdef EliasFano ef = open_list(&data[0], 0, universe, n)
    cdef Cursor at = Cursor(0, 0)
    cdef Py_ssize_t i
    out = np.zeros(wanted.shape[0], np.uint8)
    cdef uint8_t[::1] found = out
    with nogil:
        for i in range(wanted.shape[0]):
            found[i] = contains(&ef, &at, wanted[i])
    return out.astype(np.bool_)


cdef check_size(const uint8_t[::1] data, uint64_t universe, uint64_t n):
    if n == 0 or universe == 0 or universe > 1 << 32 or n > universe:
        raise ValueError(f"expected 1 to {universe} values below at most 2**32, got {n}")
    needed = (size_in_bits(universe, n) + 7) // 8 + 8
    if <uint64_t>data.shape[0] < needed:
        raise ValueError(f"expected {needed} bytes for {n} values, got {data.shape[0]}")
