"""How often the characters of a text follow one another in it."""

from libc.stdint cimport int32_t, uint8_t, uint32_t, uint64_t


cdef struct Pair:
    # The characters, the first above; of one alone its count, and a bit for each that follows it.
    uint64_t key
    uint64_t followers
    int32_t count


cdef class OwnPairs:
    cdef uint32_t* text
    cdef int32_t* earlier
    cdef int32_t[4096] latest
    cdef uint8_t[8192] occurs
    cdef Py_ssize_t length, used
    cdef Pair* pairs
    cdef uint64_t mask

    cdef bint occurring(self, uint32_t folded) noexcept nogil
    cdef Pair* slot(self, uint64_t key) noexcept nogil
    cdef int grow(self) except -1
    cdef int look(self, uint32_t folded, int32_t* count, uint64_t* followers) except -1
    cdef int32_t seen(self, uint32_t first, uint32_t second) noexcept nogil


cdef inline uint64_t follower_bit(uint32_t folded) noexcept nogil:
    """The bit that stands for a character among those that follow another."""
    return <uint64_t>1 << ((folded * <uint32_t>0x9E3779B1) >> 26)
