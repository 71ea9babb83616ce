"""Elias-Fano lists written as strings of bits, the way their definition reads."""

from __future__ import annotations

from collections.abc import Sequence

SAMPLED, STRIDE = 1024, 512


def pack(values: Sequence[int], universe: int) -> bytes:
    """Return the bytes of a list of ascending values below ``universe``."""
    n = len(values)
    low = (universe // n).bit_length() - 1 if universe > n else 0
    buckets = (universe - 1) >> low
    samples = []
    if n >= SAMPLED:
        for bucket in range(STRIDE, buckets + 1, STRIDE):
            samples.append(sum(value >> low < bucket for value in values))
    upper = ["0"] * (n + buckets)
    for i, value in enumerate(values):
        upper[(value >> low) + i] = "1"
    bits = "".join(format(sample, "032b")[::-1] for sample in samples) + "".join(upper)
    if low:
        bits += "".join(format(value & (1 << low) - 1, f"0{low}b")[::-1] for value in values)
    size = (len(bits) + 7) // 8
    return int(bits[::-1], 2).to_bytes(size, "little") + bytes(8)
