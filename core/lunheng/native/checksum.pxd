"""XXH64, the checksum of every block of an index file."""

from libc.stdint cimport uint8_t, uint64_t

cdef uint64_t xxh64_bytes(const uint8_t* data, size_t length, uint64_t seed) noexcept nogil
