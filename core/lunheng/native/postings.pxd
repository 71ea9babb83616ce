"""The postings of one pair of symbols: its positions and, if it is frequent, what ranking needs.

Behind the Elias-Fano list of a pair that occurs ``FREQUENT`` times or more stand its document
frequency (32 bits) and the greatest impact in each window of ``2 ** shift`` documents (4 bits; 0:
none has the pair). Their number follows from that of the postings, as all of a list's size does.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from lunheng.native.eliasfano cimport EliasFano, load_bits, size_in_bits

cdef enum:
    FREQUENT = 8192
    IMPACT_BITS = 4
    IMPACTS = 15


cdef inline double usual_norm(double length, double average) noexcept nogil:
    """Return what BM25 adds to the frequency below the line, at ``k1 = 1.2`` and ``b = 0.75``."""
    return 1.2 * (1 - 0.75 + 0.75 * length / average)


cdef inline double mean_length(uint64_t universe, uint32_t documents) noexcept nogil:
    return max(<double>(universe - documents) / documents, 1.0)


cdef inline uint32_t window_shift(uint32_t documents, uint64_t n) noexcept nogil:
    """Return how many documents a window has, as a power of two, for a pair's ``n`` postings."""
    cdef uint32_t shift = 0
    while (documents >> shift) > n:
        shift += 1
    return shift


cdef inline uint32_t windows_of(uint32_t documents, uint32_t shift) noexcept nogil:
    return ((documents - 1) >> shift) + 1


cdef inline uint64_t postings_bits(
    uint64_t universe, uint32_t documents, uint64_t n
) noexcept nogil:
    """Return how many bits the postings of a pair take."""
    cdef uint64_t bits = size_in_bits(universe, n)
    if n >= FREQUENT:
        bits += 32 + IMPACT_BITS * <uint64_t>windows_of(documents, window_shift(documents, n))
    return bits


cdef inline uint64_t summary_bit(const EliasFano* ef) noexcept nogil:
    return ef.lower + <uint64_t>ef.n * ef.low


cdef inline uint32_t document_frequency(const EliasFano* ef) noexcept nogil:
    return <uint32_t>load_bits(ef.data, summary_bit(ef))


cdef inline uint8_t impact(const EliasFano* ef, uint32_t window) noexcept nogil:
    cdef uint64_t bit = summary_bit(ef) + 32 + IMPACT_BITS * <uint64_t>window
    return <uint8_t>(load_bits(ef.data, bit) & IMPACTS)


cdef void write_summary(
    uint8_t* data,
    uint64_t bit,
    const uint32_t* starts,
    uint32_t documents,
    const uint64_t* values,
    uint64_t n,
) noexcept nogil
