"""Make bigrams.npz from plain texts.

Run ``python -m lunheng_seeds.characters.recipe OUT TEXT...``; texts are UTF-8, one a file.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lunheng.text import fold

CHARACTERS = 7500
FEWEST = 8
SCALE = 16.0  # sixteenths of a nat


def ids(text: str, alphabet: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return each character's number in the alphabet, beginning at 1; 0 for all others."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    places = np.searchsorted(alphabet, codes).clip(max=len(alphabet) - 1)
    return np.where(alphabet[places] == codes, places + 1, 0).astype(np.int64)


def build(text: str) -> dict[str, Any]:
    """Return the arrays of the model: alphabet, unigram and bigram scores."""
    codes, counts = np.unique(
        np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32), return_counts=True
    )
    alphabet = np.sort(codes[np.argsort(-counts, kind="stable")[:CHARACTERS]])
    numbers, size = ids(text, alphabet), len(alphabet) + 1
    single = np.bincount(numbers, minlength=size)
    pairs, often = np.unique(numbers[:-1] * size + numbers[1:], return_counts=True)
    keep = (often >= FEWEST) & (pairs // size > 0) & (pairs % size > 0)
    pairs, often = pairs[keep], often[keep]
    unigram = np.log((single + 0.5) / (single.sum() + 0.5 * size))
    gain = np.log(often / single[pairs // size]) - unigram[pairs % size]
    strong = np.abs(gain) > 0.5
    return {
        "alphabet": alphabet,
        "unigram": np.round(-unigram * SCALE).clip(0, 255).astype(np.uint8),
        "pairs": pairs[strong].astype(np.uint32),
        "gain": np.round(gain[strong] * SCALE).clip(-128, 127).astype(np.int8),
    }


if __name__ == "__main__":
    whole = "\n".join(fold(Path(name).read_text("utf-8")) for name in sys.argv[2:])
    model = build(whole)
    with Path(sys.argv[1]).open("wb") as out:
        np.savez_compressed(out, **model)
