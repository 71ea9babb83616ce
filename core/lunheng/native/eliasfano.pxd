"""Elias-Fano lists of ascending positions, read at any bit of a buffer.

A list of ``n`` values below ``universe`` needs no length of its own: its size follows from
``n``. It is stored as samples (long lists only), upper bits, lower bits:

- ``low = floor(log2(universe / n))`` bits of each value, packed, are the lower part;
- value ``i`` sets bit ``(value >> low) + i`` of the upper part, so that a zero ends each bucket;
- from ``SAMPLED`` values on, 32 bits for each ``STRIDE`` buckets say how many values lie before.

Reads are unaligned 64-bit loads: a buffer needs 8 bytes behind its last list. Windows hold 56
bits, what one load is sure to hold from any bit of a byte.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

cdef extern from *:
    """
    #include <stdint.h>
    #if defined(_MSC_VER)
    #include <intrin.h>
    static __inline int lh_popcount(uint64_t x) { return (int)__popcnt64(x); }
    static __inline int lh_lowest(uint64_t x) {
        unsigned long i; _BitScanForward64(&i, x); return (int)i; }
    static __inline int lh_highest(uint64_t x) {
        unsigned long i; _BitScanReverse64(&i, x); return (int)i; }
    #else
    static inline int lh_popcount(uint64_t x) {
    #if defined(__aarch64__) || defined(__POPCNT__)
        return __builtin_popcountll(x);
    #else
        /* Without the instruction the builtin is a call into libgcc; this stays inline. */
        x = x - ((x >> 1) & 0x5555555555555555ULL);
        x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL);
        x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0FULL;
        return (int)((x * 0x0101010101010101ULL) >> 56);
    #endif
    }
    static inline int lh_lowest(uint64_t x) { return __builtin_ctzll(x); }
    static inline int lh_highest(uint64_t x) { return 63 - __builtin_clzll(x); }
    #endif
    """
    int popcount "lh_popcount" (uint64_t) noexcept nogil
    int lowest "lh_lowest" (uint64_t) noexcept nogil
    int highest "lh_highest" (uint64_t) noexcept nogil

cdef enum:
    WINDOW = 56
    SAMPLED = 1024
    STRIDE_BITS = 9

cdef struct EliasFano:
    const uint8_t* data
    uint64_t samples
    uint64_t upper
    uint64_t lower
    uint32_t n
    uint32_t low

cdef struct Cursor:
    uint64_t bit
    uint64_t bucket


cdef inline uint64_t load_bits(const uint8_t* data, uint64_t bit) noexcept nogil:
    cdef uint64_t word
    memcpy(&word, data + (bit >> 3), 8)
    return word >> (bit & 7)


cdef inline void or_bits(uint8_t* data, uint64_t bit, uint64_t value) noexcept nogil:
    cdef uint64_t word
    memcpy(&word, data + (bit >> 3), 8)
    word |= value << (bit & 7)
    memcpy(data + (bit >> 3), &word, 8)


cdef inline uint32_t low_bits(uint64_t universe, uint64_t n) noexcept nogil:
    return highest(universe // n) if universe > n else 0


cdef inline uint64_t sample_bits(uint64_t universe, uint64_t n, uint32_t low) noexcept nogil:
    return 32 * (((universe - 1) >> low) >> STRIDE_BITS) if n >= SAMPLED else 0


cdef inline uint64_t size_in_bits(uint64_t universe, uint64_t n) noexcept nogil:
    cdef uint32_t low = low_bits(universe, n)
    return sample_bits(universe, n, low) + n * (low + 1) + ((universe - 1) >> low)


cdef inline EliasFano open_list(
    const uint8_t* data, uint64_t bit, uint64_t universe, uint64_t n
) noexcept nogil:
    cdef EliasFano ef
    ef.data, ef.n, ef.low, ef.samples = data, <uint32_t>n, low_bits(universe, n), bit
    ef.upper = bit + sample_bits(universe, n, ef.low)
    ef.lower = ef.upper + n + ((universe - 1) >> ef.low)
    return ef


cdef inline uint32_t lower_part(const EliasFano* ef, uint64_t i) noexcept nogil:
    return <uint32_t>(
        load_bits(ef.data, ef.lower + i * ef.low) & ((<uint64_t>1 << ef.low) - 1)
    )


cdef inline uint32_t select_bit(uint64_t word, uint32_t rank) noexcept nogil:
    """Return the place of the set bit before which ``rank`` others are set."""
    cdef uint32_t place = 0, below
    cdef int half = 32
    while half >= 8:
        below = popcount(word & ((<uint64_t>1 << half) - 1))
        if rank >= below:
            rank -= below
            word >>= half
            place += half
        half >>= 1
    while rank:
        word &= word - 1
        rank -= 1
    return place + lowest(word)


cdef inline void seek_bucket(const EliasFano* ef, Cursor* at, uint64_t bucket) noexcept nogil:
    """Move forward to the first bit of ``bucket``."""
    cdef uint64_t stride = bucket >> STRIDE_BITS, zeros, need
    cdef int found
    if ef.n >= SAMPLED and stride > (at.bucket >> STRIDE_BITS):
        at.bucket = stride << STRIDE_BITS
        at.bit = at.bucket + <uint32_t>load_bits(ef.data, ef.samples + 32 * (stride - 1))
    need = bucket - at.bucket
    at.bucket = bucket
    while need:
        zeros = ~load_bits(ef.data, ef.upper + at.bit) & ((<uint64_t>1 << WINDOW) - 1)
        found = popcount(zeros)
        if <uint64_t>found >= need:
            at.bit += select_bit(zeros, <uint32_t>need - 1) + 1
            return
        need -= found
        at.bit += WINDOW


cdef inline bint contains(const EliasFano* ef, Cursor* at, uint64_t value) noexcept nogil:
    """Say whether ``value`` is in the list; values must be asked for in ascending order."""
    cdef uint64_t bucket = value >> ef.low, i, bit
    cdef uint32_t wanted = <uint32_t>(value & ((<uint64_t>1 << ef.low) - 1)), low
    if bucket > at.bucket:
        seek_bucket(ef, at, bucket)
    bit = at.bit
    i = bit - bucket
    while i < ef.n and load_bits(ef.data, ef.upper + bit) & 1:
        low = lower_part(ef, i)
        if low >= wanted:
            return low == wanted
        i += 1
        bit += 1
    return False


cdef void decode(const EliasFano* ef, uint32_t* out) noexcept nogil
cdef void encode(
    uint8_t* data, uint64_t bit, uint64_t universe, const uint64_t* values, uint64_t n
) noexcept nogil
