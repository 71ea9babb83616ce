"""Gram weights in lines of one cache line each: keys, hashes and the look-up."""

import numpy as np
from numpy.typing import NDArray

def pack_grams(
    keys: NDArray[np.uint64],
    rows: NDArray[np.int8],
    prefixes: NDArray[np.uint8],
    n_lines: int,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]: ...
def gram_row(
    table: NDArray[np.uint8], ids: tuple[int, ...]
) -> tuple[list[int], bool]: ...
def gram_rows(
    table: NDArray[np.uint8], keys: NDArray[np.uint64]
) -> NDArray[np.int8]: ...
