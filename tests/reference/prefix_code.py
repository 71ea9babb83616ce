"""A canonical Huffman code, written as strings of bits the way its definition reads."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

BLOCK, BLOCKS_IN_GROUP = 128, 16


def least_bits(frequencies: Sequence[int]) -> int:
    """Return how many bits the best prefix code takes for all (Huffman 1952)."""
    heap = [frequency for frequency in frequencies if frequency]
    if len(heap) == 1:
        return heap[0]
    heapq.heapify(heap)
    bits = 0
    while len(heap) > 1:
        joined = heapq.heappop(heap) + heapq.heappop(heap)
        bits += joined
        heapq.heappush(heap, joined)
    return bits


def words(lengths: Sequence[int]) -> dict[int, str]:
    """Return the word of each code: shorter ones first, then in the order of codes."""
    order = sorted((length, code) for code, length in enumerate(lengths) if length)
    found: dict[int, str] = {}
    word, before = 0, 0
    for length, code in order:
        word <<= length - before
        found[code] = format(word, f"0{length}b")
        word, before = word + 1, length
    return found


def pack(codes: Sequence[int], code_words: Mapping[int, str]) -> tuple[bytes, list[int], list[int]]:
    """Return the packed text, the first bit of each group, and of each block from its group's."""
    bits, groups, blocks = "", [], []
    for place, code in enumerate(codes):
        if place % (BLOCK * BLOCKS_IN_GROUP) == 0:
            groups.append(len(bits))
        if place % BLOCK == 0:
            blocks.append(len(bits) - groups[-1])
        bits += code_words[code]
    padded = bits + "0" * (-len(bits) % 8)
    return int(padded or "0", 2).to_bytes(len(padded) // 8, "big"), groups, blocks
