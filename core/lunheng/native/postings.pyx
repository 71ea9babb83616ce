# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Summarise a frequent pair for ranking: in how many documents, and how much it matters where.

The impact of a pair in a document is what BM25 multiplies by its weight,
``tf / (tf + k1 * (1 - b + b * length / average))``, at the usual parameters and the segment's own
average; it is rounded up, so that the greatest impact of a window bounds the score of each of its
documents, for other parameters and averages too (see ``greatest_gain`` in ``ranking.pyx``).
Bounds checks are off: positions lie below the last start.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from lunheng.native.eliasfano cimport or_bits


cdef void write_summary(
    uint8_t* data,
    uint64_t bit,
    const uint32_t* starts,
    uint32_t documents,
    const uint64_t* values,
    uint64_t n,
) noexcept nogil:
    """Write the summary of a pair at the low 32 bits of ``values`` into zeroed bits of ``data``."""
    cdef uint32_t shift = window_shift(documents, n), document = 0, window = 0, frequency = 0
    cdef double average = mean_length(starts[documents], documents), greatest = 0, norm
    cdef uint64_t i = 0, first
    while i < n:
        document = document_at(starts, documents, <uint32_t>values[i], document)
        if document >> shift != window:
            or_bits(data, bit + 32 + IMPACT_BITS * <uint64_t>window, rounded_up(greatest))
            window, greatest = document >> shift, 0
        first = i
        while i < n and <uint32_t>values[i] < starts[document + 1]:
            i += 1
        norm = usual_norm(starts[document + 1] - starts[document] - 1, average)
        greatest = max(greatest, (i - first) / ((i - first) + norm))
        frequency += 1
    or_bits(data, bit + 32 + IMPACT_BITS * <uint64_t>window, rounded_up(greatest))
    or_bits(data, bit, frequency)


cdef inline uint64_t rounded_up(double value) noexcept nogil:
    return min(<uint64_t>(value * IMPACTS) + 1, <uint64_t>IMPACTS) if value > 0 else 0


cdef inline uint32_t document_at(
    const uint32_t* starts, uint32_t documents, uint32_t position, uint32_t document
) noexcept nogil:
    """Return the document that holds a position, looking forward in steps that double."""
    cdef uint32_t low = document, step = 1, high, middle
    while low + step < documents and starts[low + step] <= position:
        low += step
        step *= 2
    high = min(low + step, documents)
    while high - low > 1:
        middle = (low + high) // 2
        if starts[middle] <= position:
            low = middle
        else:
            high = middle
    return low
