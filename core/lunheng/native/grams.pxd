"""Gram weights in lines of one cache line each: keys, hashes and the look-up."""

from libc.stdint cimport int8_t, uint8_t, uint16_t, uint32_t, uint64_t

from lunheng.native.lanes cimport lanes_lowest, lanes_match, lanes_none


cdef enum:
    LINE = 64           # bytes of a line: six fingerprints, prefix bits, three spare, six rows
    ID_BITS = 14        # bits of a unit's id in a gram's key
    PREFIXES = 12       # place of a line's byte of prefix bits
    SLOTS = 6


cdef inline uint64_t mixed(uint64_t key) noexcept nogil:
    key = key * <uint64_t>0x9E3779B97F4A7C15
    key ^= key >> 32
    return key * <uint64_t>0xD6E8FEB86659FD93


cdef inline uint64_t bigram_key(uint64_t a, uint64_t b) noexcept nogil:
    return (<uint64_t>2 << 60) | (a << ID_BITS) | b


cdef inline uint64_t trigram_key(uint64_t a, uint64_t b, uint64_t c) noexcept nogil:
    return (<uint64_t>3 << 60) | (((a << ID_BITS) | b) << ID_BITS) | c


cdef inline uint64_t tetragram_key(uint64_t a, uint64_t b, uint64_t c, uint64_t d) noexcept nogil:
    return (<uint64_t>4 << 60) | (((((a << ID_BITS) | b) << ID_BITS) | c) << ID_BITS) | d


cdef inline uint32_t line_of(uint64_t mix, uint64_t n_lines) noexcept nogil:
    return <uint32_t>(((mix >> 32) * n_lines) >> 32)


cdef inline uint16_t fingerprint_of(uint64_t mix) noexcept nogil:
    cdef uint16_t fingerprint = <uint16_t>(mix >> 16)
    return fingerprint if fingerprint else 1


cdef inline const int8_t* row_of(const uint8_t* line, uint16_t fingerprint) noexcept nogil:
    """Return the weights of a gram in its line, or zeros."""
    cdef unsigned found = lanes_match(<const uint16_t*>line, fingerprint)
    return <const int8_t*>(line + 16 + 8 * lanes_lowest(found)) if found else lanes_none
