"""Reading the characters of a str without the GIL: CPython's own layout, declared noexcept."""

from libc.stdint cimport uint32_t


cdef extern from "Python.h":
    int PyUnicode_KIND(object text) noexcept nogil
    void* PyUnicode_DATA(object text) noexcept nogil
    Py_ssize_t PyUnicode_GET_LENGTH(object text) noexcept nogil
    uint32_t PyUnicode_READ(int kind, const void* data, Py_ssize_t index) noexcept nogil
