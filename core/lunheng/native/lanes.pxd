"""Eight 16-bit sums side by side, and the search for one of six fingerprints: `lanes.h`."""

from libc.stdint cimport int8_t, int16_t, uint16_t


cdef extern from "lanes.h" nogil:
    ctypedef struct lanes_t:
        pass
    lanes_t lanes_zero() noexcept
    lanes_t lanes_add(lanes_t total, const int8_t* row) noexcept
    lanes_t lanes_sum(lanes_t a, lanes_t b) noexcept
    lanes_t lanes_six(lanes_t total) noexcept
    lanes_t lanes_shift(lanes_t total) noexcept
    int16_t lanes_first(lanes_t total) noexcept
    int16_t lanes_seventh(lanes_t total) noexcept
    int16_t lanes_eighth(lanes_t total) noexcept
    unsigned lanes_match(const uint16_t* line, uint16_t wanted) noexcept
    unsigned lanes_lowest(unsigned found) noexcept
    void lanes_prefetch(const void* address) noexcept
    const int8_t* lanes_none
