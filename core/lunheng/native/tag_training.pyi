"""Types of the native training of label chains."""

import numpy as np
from numpy.typing import NDArray

def train_epoch(
    rows: NDArray[np.int32],
    labels: NDArray[np.uint8],
    sequences: NDArray[np.int64],
    weights: NDArray[np.float32],
    squares: NDArray[np.float32],
    bigrams: NDArray[np.float32],
    bigram_squares: NDArray[np.float32],
    allowed: NDArray[np.uint8],
    rates: tuple[float, float],
    decay: float,
    margin: float,
    dropout: float,
    seed: int,
) -> float: ...
