"""A growing list of places that C fills and NumPy takes over."""

from libc.stdint cimport int32_t, int64_t


cdef struct Places:
    void* items
    Py_ssize_t count
    Py_ssize_t capacity
    int width           # bytes of an item, 4 or 8


cdef void start_places(Places* places, int width) noexcept nogil
cdef bint add_places(
    Places* places, const int32_t* ends, Py_ssize_t count, int64_t base, Py_ssize_t expected
) noexcept nogil
cdef object take_places(Places* places)


cdef class PlacesMemory:
    cdef void* items
    cdef Py_ssize_t size
