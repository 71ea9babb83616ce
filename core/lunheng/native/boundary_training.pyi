"""Train a chain of word boundaries: gram weights by stochastic gradients of the likelihood."""

import numpy as np
from numpy.typing import NDArray

def train_epoch(
    streams: list[NDArray[np.int32]],
    weights: NDArray[np.float32],
    squares: NDArray[np.float32],
    target: NDArray[np.float32],
    lines: NDArray[np.int64],
    line_weights: NDArray[np.float32],
    rate: float,
    last_rate: float,
) -> float: ...
