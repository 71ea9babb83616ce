"""Find a user's words in text: heavier first, then longer, then added earlier, then earlier."""

from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t

from lunheng.native.word_table cimport Layer


cdef enum:
    MOST_LAYERS = 8


cdef enum Forced:
    FREE = 0
    SPLIT = 1
    JOIN = 2


cdef struct Match:
    double weight
    int32_t first               # units from `first` to before `last`
    int32_t last
    uint32_t addition
    int32_t layer
    int32_t word


cdef struct Matches:
    Match* items
    Py_ssize_t count
    Py_ssize_t capacity


cdef struct Line:
    const uint32_t* points
    const uint16_t* ids
    const int32_t* starts
    Py_ssize_t last             # unit where the text of the block ends


cdef struct Dictionary:
    Layer[MOST_LAYERS] layers
    int n_layers
    const uint32_t* fold


cdef bint find_words(
    const Dictionary* words, const Line* line, uint8_t* forced, Matches* obeyed
) noexcept nogil
