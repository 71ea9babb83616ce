"""Types of the native character bigram table."""

import numpy as np
from numpy.typing import NDArray

class BigramTable:
    def __init__(
        self,
        numbers: NDArray[np.uint32],
        unigram: NDArray[np.float32],
        pairs: NDArray[np.uint32],
        gain: NDArray[np.float32],
    ) -> None: ...
    def scores(self, text: str) -> NDArray[np.float32]: ...
    def following(self, previous: str, candidates: str) -> list[float]: ...
