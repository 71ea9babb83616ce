"""Score every boundary between units with linear gram weights, and choose the likeliest together."""

from typing import final

import numpy as np
from numpy.typing import NDArray

from lunheng.native.word_table import WordTable

@final
class BoundaryScorer:
    def __init__(
        self,
        codes: NDArray[np.uint16],
        characters: NDArray[np.int8],
        table: NDArray[np.uint8],
        words: tuple[WordTable, ...] = (),
        fold: NDArray[np.uint32] | None = None,
        bias: int = 0,
    ) -> None: ...
    def scores(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]: ...
    def row(self, ids: tuple[int, ...]) -> tuple[list[int], bool]: ...
