# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Parse a text's codes into tokens: codes, and pairs of tokens that have a token of their own.

Pairs are replaced as in byte-pair encoding (Gage 1994), but as soon as they are seen: what stands
to the left is never looked at again once it cannot be joined.

Bounds checks are off: the table is a power of two and never full, a block has no more tokens than
codes.
"""

cimport cython
from libc.stdint cimport uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free

import numpy as np


@cython.final
cdef class PhraseParser:
    """Replace pairs of tokens by the token they have.

    Args:
        n_codes: tokens below are codes.
        pairs: uint16, shape (n, 2): the two tokens of token ``n_codes + i``; both are below it.
    """

    def __cinit__(self, uint32_t n_codes, const uint16_t[:, ::1] pairs not None):
        cdef Py_ssize_t i
        cdef uint32_t room = 4, slot, key
        if pairs.shape[1] != 2 or n_codes + pairs.shape[0] > 65536:
            raise ValueError("expected pairs of tokens, and 65,536 tokens at most")
        while room < 4 * pairs.shape[0]:
            room *= 2
        self.n_codes, self.mask = n_codes, room - 1
        self.keys = <uint32_t*>calloc(room, sizeof(uint32_t))
        self.tokens = <uint16_t*>calloc(room, sizeof(uint16_t))
        if self.keys == NULL or self.tokens == NULL:
            raise MemoryError
        for i in range(pairs.shape[0]):
            if max(pairs[i, 0], pairs[i, 1]) >= n_codes + i:
                raise ValueError(f"phrase {i} has a token that is not before it")
            key = (<uint32_t>pairs[i, 0] << 16) | pairs[i, 1]
            slot = slot_of(key) & self.mask
            while self.tokens[slot] and self.keys[slot] != key:
                slot = (slot + 1) & self.mask
            self.keys[slot], self.tokens[slot] = key, <uint16_t>(n_codes + i)

    def __dealloc__(self):
        free(self.keys)
        free(self.tokens)

    cdef uint16_t joined(self, uint16_t left, uint16_t right) noexcept nogil:
        """Return the token of a pair, 0 if it has none."""
        cdef uint32_t key = (<uint32_t>left << 16) | right, slot = slot_of(key) & self.mask
        while self.tokens[slot]:
            if self.keys[slot] == key:
                return self.tokens[slot]
            slot = (slot + 1) & self.mask
        return 0

    cdef Py_ssize_t parse_block(
        self, const uint16_t* codes, Py_ssize_t n, uint16_t* out
    ) noexcept nogil:
        cdef Py_ssize_t i, top = 0
        cdef uint16_t token
        for i in range(n):
            out[top] = codes[i]
            top += 1
            while top > 1:
                token = self.joined(out[top - 2], out[top - 1])
                if token == 0:
                    break
                top -= 1
                out[top - 1] = token
        return top

    def parse(self, const uint16_t[::1] codes, Py_ssize_t block):
        """Parse blocks of ``block`` codes, each by itself.

        Returns:
            The tokens (uint16), and of each block where its tokens end (uint32).
        """
        cdef Py_ssize_t n = codes.shape[0], i, used = 0
        tokens, ends = np.empty(n, np.uint16), np.empty((n + block - 1) // block, np.uint32)
        cdef uint16_t[::1] out = tokens
        cdef uint32_t[::1] end = ends
        with nogil:
            for i in range(end.shape[0]):
                used += self.parse_block(&codes[i * block], min(block, n - i * block), &out[used])
                end[i] = <uint32_t>used
        return tokens[:used], ends


cdef inline uint32_t slot_of(uint32_t key) noexcept nogil:
    return <uint32_t>((key * <uint64_t>0x9E3779B97F4A7C15) >> 32)
