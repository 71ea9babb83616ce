"""A user's words in hash tables behind a filter."""

from typing import final

import numpy as np
from numpy.typing import NDArray

LONGEST_WORD: int

@final
class WordTable:
    size: int
    def __init__(
        self,
        words: str,
        starts: NDArray[np.uint32],
        codes: NDArray[np.uint16],
        weights: NDArray[np.float64] | None = None,
        splits: NDArray[np.uint64] | None = None,
        additions: NDArray[np.uint32] | None = None,
    ) -> None: ...

def word_starts(lines: str) -> NDArray[np.uint32]: ...
