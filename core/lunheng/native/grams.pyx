# cython: boundscheck=False, wraparound=False
# Gram rows lie inside the table by construction of `line_of`; ids are checked before they are read.
"""Gram weights in lines of one cache line each: keys, hashes and the look-up."""

from libc.stdint cimport int8_t, uint8_t, uint16_t, uint64_t
from libc.string cimport memcpy

import numpy as np


def pack_grams(
    const uint64_t[::1] keys, const int8_t[:, ::1] rows, const uint8_t[::1] prefixes,
    Py_ssize_t n_lines,
):
    """Lay grams out in a table of ``n_lines`` lines; a gram whose line is full is left out.

    Args:
        keys: (order << 60) | ids of 14 bits each, the most important gram first.
        rows: eight weights a gram.
        prefixes: 1 for each trigram that a tetragram begins with.

    Returns:
        The table, uint8 of shape (n_lines * 64,), and whether each gram found a place, uint8.
    """
    if keys.shape[0] != rows.shape[0] or (rows.shape[0] and rows.shape[1] != 8):
        raise ValueError(f"expected 8 weights for each of {keys.shape[0]} keys")
    if prefixes.shape[0] != keys.shape[0]:
        raise ValueError(f"expected {keys.shape[0]} prefix marks, found {prefixes.shape[0]}")
    if not 0 < n_lines < 1 << 31:
        raise ValueError(f"expected 1 to 2147483647 lines, found {n_lines}")
    table = np.zeros(n_lines * LINE, np.uint8)
    cdef uint8_t[::1] out = table
    cdef uint8_t* line
    cdef uint16_t* fingerprints
    cdef uint64_t mix
    placed = np.zeros(keys.shape[0], np.uint8)
    cdef uint8_t[::1] placed_view = placed
    cdef Py_ssize_t i, slot
    for i in range(keys.shape[0]):
        mix = mixed(keys[i])
        line = &out[<Py_ssize_t>line_of(mix, n_lines) * LINE]
        fingerprints = <uint16_t*>line
        for slot in range(SLOTS):
            if fingerprints[slot] == fingerprint_of(mix):
                line[PREFIXES] |= prefixes[i] << slot
                break
            if fingerprints[slot] == 0:
                fingerprints[slot] = fingerprint_of(mix)
                memcpy(line + 16 + 8 * slot, &rows[i, 0], 8)
                line[PREFIXES] |= prefixes[i] << slot
                placed_view[i] = 1
                break
    return table, placed


def gram_rows(const uint8_t[::1] table not None, const uint64_t[::1] keys not None):
    """Return the eight weights of each gram as int8 of shape (n, 8), zeros where there is none.

    Args:
        table: what `pack_grams` made.
        keys: (order << 60) | ids of 14 bits each.
    """
    cdef Py_ssize_t n_lines = table.shape[0] // LINE, i
    cdef uint64_t mix
    if n_lines == 0:
        raise ValueError(f"expected lines of {LINE} bytes, found {table.shape[0]} bytes")
    rows = np.empty((keys.shape[0], 8), np.int8)
    cdef int8_t[:, ::1] view = rows
    for i in range(keys.shape[0]):
        mix = mixed(keys[i])
        memcpy(&view[i, 0], row_of(&table[line_of(mix, n_lines) * LINE], fingerprint_of(mix)), 8)
    return rows


def gram_row(const uint8_t[::1] table not None, tuple ids not None):
    """Return the eight weights of a gram of two to four unit ids, and if a longer one begins so.

    Raises:
        ValueError: there are other than two to four ids, or an id has more than 14 bits.
    """
    cdef uint64_t key = len(ids), mix
    cdef Py_ssize_t order = len(ids), k
    cdef const uint8_t* line
    cdef unsigned found
    if not 2 <= order <= 4 or not all(0 <= number < 1 << ID_BITS for number in ids):
        raise ValueError(f"expected two to four unit ids, found {ids!r}")
    if table.shape[0] < LINE:
        raise ValueError(f"expected lines of {LINE} bytes, found {table.shape[0]} bytes")
    key <<= 60 - ID_BITS * order
    for number in ids:
        key = (key << ID_BITS) | <uint64_t>number
    mix = mixed(key)
    line = &table[0] + <size_t>line_of(mix, table.shape[0] // LINE) * LINE
    found = lanes_match(<const uint16_t*>line, fingerprint_of(mix))
    row = [row_of(line, fingerprint_of(mix))[k] for k in range(8)]
    return row, bool(found and (line[PREFIXES] >> lanes_lowest(found)) & 1)
