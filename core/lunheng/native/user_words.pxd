"""Find a user's words in text: heavier first, then longer, then added earlier, then earlier."""

from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t, uint64_t


cdef enum:
    LONGEST = 63        # code points of a word; a bit each in `lengths` and `splits`
    MOST_LAYERS = 8


cdef enum Forced:
    FREE = 0
    SPLIT = 1
    JOIN = 2


cdef struct Slot:
    uint64_t key        # the ids of a short word, else a hash
    int32_t word        # -1 where free


cdef struct Beginning:
    uint64_t lengths    # bit k: strange words of k code points begin so; 0 where free
    uint32_t key


cdef struct Layer:
    int kind                    # of all words, folded, one line each
    const void* data
    const uint32_t* starts      # where each word begins, and one past the last's line break
    const double* weights       # NULL: all 1
    const uint64_t* splits      # bit k: a boundary after k code points; NULL: none
    const uint32_t* additions   # which addition each word came with; NULL: all the first
    Slot* slots
    uint64_t slot_mask
    Beginning* beginnings
    uint64_t beginning_mask
    uint64_t* filter            # lines of eight words, one line for a pair of ids
    int filter_shift
    uint8_t* alone              # by id: what begins with it beside what the filter knows
    uint32_t n_ids
    int longest                 # characters of the longest known word


cdef struct Candidate:
    uint64_t key
    int32_t unit
    int32_t length              # characters; 0: strange words


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


cdef class WordTable:
    cdef Layer layer
    cdef readonly Py_ssize_t size
    cdef tuple owners           # of what the layer's pointers point into
    cdef int add_word(self, Py_ssize_t word, const uint16_t* codes) except -1
    cdef void add_known(
        self, int32_t word, const uint32_t* points, Py_ssize_t length, const uint16_t* codes
    ) noexcept nogil
    cdef void add_strange(
        self, int32_t word, const uint32_t* points, Py_ssize_t length, const uint16_t* codes
    ) noexcept nogil
    cdef void add_beginning(self, uint32_t key, Py_ssize_t length) noexcept nogil


cdef bint find_words(
    const Dictionary* words, const Line* line, uint8_t* forced, Matches* obeyed
) noexcept nogil
