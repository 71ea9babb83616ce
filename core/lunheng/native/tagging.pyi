"""Types of the native labelling of positions."""

from typing import final

import numpy as np
from numpy.typing import NDArray

def hash_features(
    columns: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    parts: NDArray[np.int32],
    ends: NDArray[np.int32],
) -> NDArray[np.uint32]: ...
@final
class LabelScorer:
    n_labels: int
    def __init__(
        self,
        parts: NDArray[np.int32],
        ends: NDArray[np.int32],
        n_columns: int,
        hashes: NDArray[np.uint32],
        rows: NDArray[np.int8],
        bigrams: NDArray[np.int16],
    ) -> None: ...
    def labels(
        self, columns: NDArray[np.uint32], offsets: NDArray[np.int64]
    ) -> NDArray[np.uint8]: ...
