# cython: language_level=3, boundscheck=False, wraparound=False
# Bounds: arrays grow before they are written to; a kind of quotation mark is below QUOTES.
"""Readings of a torn run: what it may have been up to a place, and the best of them."""

from cpython.mem cimport PyMem_RawRealloc
from libc.stdint cimport int32_t, uint32_t
from libc.string cimport memset
from lunheng.native.unicode cimport (
    PyUnicode_DATA,
    PyUnicode_GET_LENGTH,
    PyUnicode_KIND,
    PyUnicode_READ,
)


cdef int append(Nodes* nodes, Reading* reading, uint32_t c, uint32_t folded) except -1:
    """Add a character, which folds to another, to a reading's text."""
    cdef Py_ssize_t room
    cdef Node* items
    cdef bint closes = False
    cdef int quote
    if nodes.n == nodes.room:
        room = 2 * nodes.room + 4096
        items = <Node*>PyMem_RawRealloc(nodes.items, room * sizeof(Node))
        if items == NULL:
            raise MemoryError
        nodes.items = items
        nodes.room = room
    nodes.items[nodes.n] = Node(c, reading.node)
    reading.node = <int32_t>nodes.n
    nodes.n += 1
    reading.before_last = reading.last
    reading.last = c
    reading.length += 1
    reading.hashed = mix(reading.hashed, c)
    reading.folded = mix(reading.folded, folded)
    quote = quote_of(c, &closes)
    if quote >= 0:
        reading.open[quote] += -1 if closes else 1
    return 0


cdef Reading fresh(str line):
    """The reading of nothing after a line."""
    cdef Reading reading
    cdef bint closes = False
    cdef int quote, kind = PyUnicode_KIND(line)
    cdef const void* data = PyUnicode_DATA(line)
    cdef Py_ssize_t i
    memset(&reading, 0, sizeof(Reading))
    reading.node = -1
    for i in range(PyUnicode_GET_LENGTH(line)):
        reading.last = PyUnicode_READ(kind, data, i)
        quote = quote_of(reading.last, &closes)
        if quote >= 0 and -100 < reading.open[quote] < 100:
            reading.open[quote] += -1 if closes else 1
    return reading


cdef str text_of(const Nodes* nodes, const Reading* reading):
    """Return the characters of a reading."""
    cdef list chars = []
    cdef int32_t node = reading.node
    while node >= 0:
        chars.append(chr(nodes.items[node].character))
        node = nodes.items[node].parent
    chars.reverse()
    return "".join(chars)


def open_quotes(str line not None):
    """Return how many quotations of each kind in “”‘’「」『』《》（） a line leaves open."""
    cdef Reading reading = fresh(line)
    return [reading.open[quote] for quote in (1, 0, 2, 3, 4, 5)]
