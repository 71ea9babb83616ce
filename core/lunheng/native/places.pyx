# cython: boundscheck=False, wraparound=False
# Items are written up to the capacity that was made sure of just before.
"""A growing list of places that C fills and NumPy takes over."""

cimport cython
from cpython.buffer cimport PyBuffer_FillInfo
from libc.stdint cimport int32_t, int64_t
from libc.stdlib cimport free, realloc
from libc.string cimport memcpy

import numpy as np


cdef void start_places(Places* places, int width) noexcept nogil:
    places.items = NULL
    places.count = places.capacity = 0
    places.width = width


cdef bint add_places(
    Places* places, const int32_t* ends, Py_ssize_t count, int64_t base, Py_ssize_t expected
) noexcept nogil:
    """Append ``base`` plus each end; return False when memory runs out.

    ``expected`` says how many more may follow, so that growing is rare.
    """
    cdef Py_ssize_t needed = places.count + count, capacity, i
    cdef int32_t* narrow
    cdef int64_t* wide
    if needed > places.capacity:
        capacity = places.capacity + places.capacity // 2
        if capacity < needed + expected:
            capacity = needed + expected
        wide = <int64_t*>realloc(places.items, capacity * places.width)
        if wide == NULL:
            return False
        places.items = wide
        places.capacity = capacity
    if places.width == 4:
        narrow = <int32_t*>places.items + places.count
        if base == 0:
            memcpy(narrow, ends, count * sizeof(int32_t))
        else:
            for i in range(count):
                narrow[i] = <int32_t>(base + ends[i])
    else:
        wide = <int64_t*>places.items + places.count
        for i in range(count):
            wide[i] = base + ends[i]
    places.count = needed
    return True


cdef object take_places(Places* places):
    """Return the places as an array that owns their memory, and forget them."""
    cdef PlacesMemory memory
    dtype = np.int32 if places.width == 4 else np.int64
    if places.count == 0:
        free(places.items)
        places.items = NULL
        return np.empty(0, dtype)
    memory = PlacesMemory.__new__(PlacesMemory)
    memory.items = realloc(places.items, places.count * places.width)
    if memory.items == NULL:
        memory.items = places.items
    memory.size = places.count * places.width
    places.items = NULL
    return np.frombuffer(memory, dtype)


@cython.final
cdef class PlacesMemory:
    """Memory that was filled in C, as a buffer of bytes."""

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        PyBuffer_FillInfo(buffer, self, self.items, self.size, 0, flags)

    def __dealloc__(self):
        free(self.items)
