"""XXH64 as its specification says it, a word at a time."""

from __future__ import annotations

P1, P2, P3, P4, P5 = (
    0x9E3779B185EBCA87,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0x85EBCA77C2B2AE63,
    0x27D4EB2F165667C5,
)
MASK = (1 << 64) - 1


def rotate(value: int, bits: int) -> int:
    value &= MASK
    return (value << bits | value >> (64 - bits)) & MASK


def mix(lane: int, word: int) -> int:
    return rotate(lane + word * P2, 31) * P1 & MASK


def xxh64(data: bytes, seed: int = 0) -> int:
    """Return the checksum of bytes."""
    words = [int.from_bytes(data[i : i + 8], "little") for i in range(0, len(data) - 7, 8)]
    striped = len(data) // 32 * 4
    if striped:
        lanes = [seed + P1 + P2, seed + P2, seed, seed - P1]
        for i, word in enumerate(words[:striped]):
            lanes[i % 4] = mix(lanes[i % 4] & MASK, word)
        total = sum(map(rotate, lanes, (1, 7, 12, 18)))
        for lane in lanes:
            total = (total ^ mix(0, lane)) * P1 + P4 & MASK
    else:
        total = seed + P5
    total = total + len(data) & MASK
    for word in words[striped:]:
        total = rotate(total ^ mix(0, word), 27) * P1 + P4 & MASK
    rest = data[len(words) * 8 :]
    if len(rest) >= 4:
        total = rotate(total ^ int.from_bytes(rest[:4], "little") * P1, 23) * P2 + P3 & MASK
        rest = rest[4:]
    for byte in rest:
        total = rotate(total ^ byte * P5, 11) * P1 & MASK
    total = (total ^ total >> 33) * P2 & MASK
    total = (total ^ total >> 29) * P3 & MASK
    return total ^ total >> 32
