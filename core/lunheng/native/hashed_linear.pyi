"""Types of the native hashed linear models."""

import numpy as np
from numpy.typing import NDArray

def gram_hashes(codes: NDArray[np.uint32], longest: int, seed: int) -> NDArray[np.uint32]: ...
def span_hashes(codes: NDArray[np.uint32], spans: NDArray[np.int32]) -> NDArray[np.uint32]: ...
def pair_hashes(
    left: NDArray[np.uint32], right: NDArray[np.uint32], seed: int
) -> NDArray[np.uint32]: ...
def scores(
    features: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    weights: NDArray[np.int16],
    scale: float,
) -> NDArray[np.float32]: ...
def train_epoch(
    features: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    labels: NDArray[np.uint8],
    order: NDArray[np.int64],
    weights: NDArray[np.float32],
    squares: NDArray[np.float32],
    rate: float,
    decay: float,
    dropout: float,
    seed: int,
) -> float: ...
