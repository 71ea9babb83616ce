# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Write and read text in a canonical prefix code (Huffman 1952), from any block of 128 characters.

What is coded are tokens: characters' codes and, in the compact layout, phrases behind them.
Words of the code are at most ``LONGEST`` bits, the first bit the highest; among words of one
length the smaller token has the smaller word, so that lengths alone say all. Each group
of 16 blocks knows its first bit, each block its distance from that.

Bounds checks are off: tokens are 16 bits wide and index tables of 65,536 entries, and the bits of
a text are followed by 8 bytes at least.
"""

cimport cython
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memset

import numpy as np


def word_lengths(const uint64_t[::1] frequencies):
    """Return how many bits the word of each token has, 0 for tokens that do not occur.

    Frequencies are halved until no word is longer than 24 bits, which costs next to nothing: only
    rarities are that long.
    """
    given = np.asarray(frequencies)
    present = np.flatnonzero(given)
    lengths = np.zeros(len(given), np.uint8)
    if len(present) == 1:
        lengths[present] = 1
        return lengths
    weights = given[present].astype(np.uint64)
    while len(present):
        order = np.argsort(weights, kind="stable")
        depths = depths_of(np.ascontiguousarray(weights[order]))
        if depths.max() <= LONGEST:
            lengths[present[order]] = depths
            break
        weights = (weights + np.uint64(1)) // np.uint64(2)
    return lengths


cdef depths_of(const uint64_t[::1] weights):
    """Return the depth of each leaf of a Huffman tree over ascending weights.

    Leaves and inner nodes are two queues, both ascending (van Leeuwen 1976).
    """
    cdef Py_ssize_t n = weights.shape[0], leaf = 0, inner = n, made, side
    sums, parents = np.empty(2 * n - 1, np.uint64), np.zeros(2 * n - 1, np.int64)
    depths = np.zeros(2 * n - 1, np.uint8)
    cdef uint64_t[::1] total = sums
    cdef int64_t[::1] parent = parents
    cdef uint8_t[::1] depth = depths
    cdef Py_ssize_t taken
    for made in range(n):
        total[made] = weights[made]
    for made in range(n, 2 * n - 1):
        total[made] = 0
        for side in range(2):
            if leaf < n and (inner == made or total[leaf] <= total[inner]):
                taken = leaf
                leaf += 1
            else:
                taken = inner
                inner += 1
            parent[taken] = made
            total[made] += total[taken]
    for made in range(2 * n - 3, -1, -1):
        depth[made] = depth[parent[made]] + 1
    return depths[:n]


cdef words_of(lengths):
    """Return the tokens that have a word in the words' order, and the first word of each length."""
    given = np.asarray(lengths, np.uint8)
    if not len(given) or len(given) > 65536 or given.max() > LONGEST:
        raise ValueError(f"expected 1 to 65,536 lengths of at most {LONGEST} bits")
    present = np.flatnonzero(given)
    order = present[np.argsort(given[present], kind="stable")].astype(np.uint16)
    counts = np.bincount(given, minlength=LONGEST + 1)
    counts[0] = 0
    cdef int length
    first = np.zeros(LONGEST + 1, np.int64)
    for length in range(1, LONGEST + 1):
        first[length] = (first[length - 1] + counts[length - 1]) << 1
        if first[length] + counts[length] > 1 << length:
            raise ValueError(f"there are more words of {length} bits than a prefix code has")
    return order, first, counts


@cython.final
cdef class TextPacker:
    """Pack a text given in stretches of whole blocks.

    Args:
        lengths: uint8, the bits of each token's word, as :func:`word_lengths` gives them.
    """

    def __cinit__(self, lengths):
        order, first, counts = words_of(lengths)
        cdef uint32_t word
        cdef int length
        memset(self.words, 0, sizeof(self.words))
        memset(self.lengths, 0, sizeof(self.lengths))
        at = 0
        for length in range(1, LONGEST + 1):
            word = first[length]
            for code in order[at : at + counts[length]]:
                self.words[<uint16_t>code] = word
                self.lengths[<uint16_t>code] = <uint8_t>length
                word += 1
            at += counts[length]
        self.groups, self.blocks = [], []

    def pack(self, const uint16_t[::1] tokens, const uint32_t[::1] ends not None):
        """Return the whole bytes that these tokens complete; each must have a word.

        Args:
            tokens: uint16, those of whole blocks of text.
            ends: uint32, for each block where its tokens end.
        """
        cdef Py_ssize_t n = tokens.shape[0], i = 0, used = 0, k, n_blocks = ends.shape[0]
        cdef uint16_t code
        out = np.empty(n * 3 + 8, np.uint8)
        cdef uint8_t[::1] target = out
        blocks = np.empty(n_blocks, np.uint16)
        groups = np.empty(n_blocks // BLOCKS_IN_GROUP + 1, np.uint64)
        cdef uint16_t[::1] block = blocks
        cdef uint64_t[::1] group = groups
        cdef Py_ssize_t n_groups = 0
        if n_blocks and ends[n_blocks - 1] > <size_t>n:
            raise ValueError(f"a block ends at {ends[n_blocks - 1]} of {n} tokens")
        with nogil:
            for k in range(n_blocks):
                if self.n_blocks % BLOCKS_IN_GROUP == 0:
                    self.group_start = group[n_groups] = self.bits
                    n_groups += 1
                block[k] = <uint16_t>(self.bits - self.group_start)
                self.n_blocks += 1
                while i < ends[k]:
                    code = tokens[i]
                    i += 1
                    self.pending = (self.pending << self.lengths[code]) | self.words[code]
                    self.n_pending += self.lengths[code]
                    self.bits += self.lengths[code]
                    while self.n_pending >= 8:
                        self.n_pending -= 8
                        target[used] = <uint8_t>(self.pending >> self.n_pending)
                        used += 1
        self.blocks.append(blocks)
        self.groups.append(groups[:n_groups])
        return out[:used]

    def finish(self):
        """Return what is left of the last byte, and where groups and blocks begin.

        Returns:
            Bytes, at most one; uint64, the first bit of each group; uint16, the first bit of each
            block counted from its group's.
        """
        last = b""
        if self.n_pending:
            last = bytes([(self.pending << (8 - self.n_pending)) & 0xFF])
        return (
            last,
            np.concatenate([np.empty(0, np.uint64), *self.groups]),
            np.concatenate([np.empty(0, np.uint16), *self.blocks]),
        )


@cython.final
cdef class TextUnpacker:
    """Read codes from the bits that :class:`TextPacker` wrote.

    Args:
        lengths: uint8, the bits of each token's word; the last tokens are phrases.
        phrase_lengths: uint8, how many codes each phrase has.
        phrases: uint16, the codes of the phrases, one behind the other.
    """

    def __cinit__(self, lengths, phrase_lengths=(), phrases=()):
        order, first, counts = words_of(lengths)
        cdef int length, rest
        cdef uint64_t start, i
        cdef Py_ssize_t at = 0, k, n
        cdef const uint16_t[::1] tokens = order
        self.by_word = <uint16_t*>malloc((len(order) + 1) * sizeof(uint16_t))
        if self.by_word == NULL:
            raise MemoryError
        memset(self.table, 0, sizeof(self.table))
        for length in range(1, LONGEST + 1):
            n, start = counts[length], first[length]
            self.offset[length] = at - <int64_t>start
            self.limit[length] = (start + n) << (64 - length)
            if at + n == tokens.shape[0]:
                self.limit[length] = 0xFFFFFFFFFFFFFFFF
            for k in range(n):
                self.by_word[at + k] = tokens[at + k]
                if length <= LOOKED_UP:
                    rest = LOOKED_UP - length
                    for i in range((start + k) << rest, (start + k + 1) << rest):
                        self.table[i] = (<uint32_t>tokens[at + k] << 8) | <uint32_t>length
            at += n
        self.phrases = np.ascontiguousarray(phrases, np.uint16)
        starts = np.zeros(len(phrase_lengths) + 1, np.uint32)
        np.cumsum(phrase_lengths, out=starts[1:])
        self.phrase_starts = starts
        if np.sum(phrase_lengths) != len(phrases) or len(phrase_lengths) > len(lengths):
            raise ValueError("the phrases are not as long as they are said to be")
        self.n_codes = <uint32_t>(len(lengths) - len(phrase_lengths))

    def __dealloc__(self):
        free(self.by_word)

    cdef void unpack(
        self, const uint8_t* data, uint64_t bit, uint32_t skip, uint64_t n, uint16_t* out
    ) noexcept nogil:
        """Write ``n`` codes to ``out``, after passing over ``skip`` from the first bit on."""
        cdef uint64_t i = 0, total = skip + n, window = 0
        cdef int left = 0, length
        cdef uint32_t entry, k
        cdef uint16_t token
        while i < total:
            if left < LONGEST:
                window = load_first_bits(data, bit)
                left = 57
            entry = self.table[window >> (64 - LOOKED_UP)]
            length = entry & 0xFF
            if length:
                token = <uint16_t>(entry >> 8)
            else:
                length = LOOKED_UP + 1
                while length < LONGEST and window >= self.limit[length]:
                    length += 1
                token = self.by_word[self.offset[length] + <int64_t>(window >> (64 - length))]
            window <<= length
            bit += length
            left -= length
            if token < self.n_codes:
                if i >= skip:
                    out[i - skip] = token
                i += 1
                continue
            token -= <uint16_t>self.n_codes
            for k in range(self.phrase_starts[token], self.phrase_starts[token + 1]):
                if skip <= i < total:
                    out[i - skip] = self.phrases[k]
                i += 1

    def codes(self, const uint8_t[::1] data, uint64_t bit, uint32_t skip, Py_ssize_t n):
        """Return ``n`` codes behind the first ``skip`` from a bit on; 8 bytes must follow them."""
        out = np.empty(n, np.uint16)
        cdef uint16_t[::1] target = out
        if n:
            self.unpack(&data[0], bit, skip, n, &target[0])
        return out


cdef inline uint64_t load_first_bits(const uint8_t* data, uint64_t bit) noexcept nogil:
    """Return at least 57 bits from any bit on, the first the highest."""
    cdef const uint8_t* at = data + (bit >> 3)
    return (
        (<uint64_t>at[0] << 56) | (<uint64_t>at[1] << 48) | (<uint64_t>at[2] << 40)
        | (<uint64_t>at[3] << 32) | (<uint64_t>at[4] << 24) | (<uint64_t>at[5] << 16)
        | (<uint64_t>at[6] << 8) | <uint64_t>at[7]
    ) << (bit & 7)
