"""Hashes of features, and the most classes that a hashed linear model tells apart."""

from libc.stdint cimport uint32_t

cdef enum:
    MOST_CLASSES = 16


cdef inline uint32_t stirred(uint32_t h, uint32_t value) noexcept nogil:
    """Return the hash of a sequence that goes on with a value."""
    h = (h ^ value) * <uint32_t>0x9E3779B1
    return h ^ (h >> 15)


cdef inline uint32_t finished(uint32_t h) noexcept nogil:
    """Return a hash with its bits spread (the finaliser of MurmurHash3)."""
    h ^= h >> 16
    h *= <uint32_t>0x85EBCA6B
    h ^= h >> 13
    h *= <uint32_t>0xC2B2AE35
    return h ^ (h >> 16)
