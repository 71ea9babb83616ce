"""A canonical Huffman code, written as strings of bits the way its definition reads."""

from __future__ import annotations

import heapq
from collections.abc import Container, Mapping, Sequence

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


def parse(
    codes: Sequence[int], tokens: Mapping[tuple[int, int], int], block: int
) -> tuple[list[int], list[int]]:
    """Return the tokens of each block of codes, joined as soon as two can be, and their ends."""
    found: list[int] = []
    ends = []
    for start in range(0, len(codes), block):
        parsed: list[int] = []
        for code in codes[start : start + block]:
            parsed.append(code)
            while len(parsed) > 1 and (parsed[-2], parsed[-1]) in tokens:
                parsed[-2:] = [tokens[parsed[-2], parsed[-1]]]
        found += parsed
        ends.append(len(found))
    return found, ends


def pack(
    tokens: Sequence[int], starts: Container[int], token_words: Mapping[int, str]
) -> tuple[bytes, list[int], list[int]]:
    """Return the packed text, the first bit of each group, and of each block from its group's.

    ``starts`` are the places of the blocks' first tokens.
    """
    bits, groups, blocks = "", list[int](), list[int]()
    for place, token in enumerate(tokens):
        if place in starts:
            if len(blocks) % BLOCKS_IN_GROUP == 0:
                groups.append(len(bits))
            blocks.append(len(bits) - groups[-1])
        bits += token_words[token]
    padded = bits + "0" * (-len(bits) % 8)
    return int(padded or "0", 2).to_bytes(len(padded) // 8, "big"), groups, blocks
