"""Find a user's words in text: heavier first, then longer, then earlier."""

from typing import final

import numpy as np
from numpy.typing import NDArray

LONGEST_WORD: int

@final
class WordTable:
    size: int
    def __init__(
        self,
        words: list[str],
        weights: NDArray[np.float64],
        splits: NDArray[np.uint32],
        fold: NDArray[np.uint32],
    ) -> None: ...
