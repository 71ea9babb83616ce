"""Segment text into words: score every boundary between units with linear gram weights."""

from typing import final

import numpy as np
from numpy.typing import NDArray

from lunheng.native.user_words import WordTable

def pack_grams(
    keys: NDArray[np.uint64],
    rows: NDArray[np.int8],
    prefixes: NDArray[np.uint8],
    n_lines: int,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]: ...
@final
class BoundaryScorer:
    def __init__(
        self,
        codes: NDArray[np.uint16],
        characters: NDArray[np.int8],
        table: NDArray[np.uint8],
        words: WordTable | None = None,
        bias: int = 0,
    ) -> None: ...
    def ends(self, text: str) -> NDArray[np.int32]: ...
    def cut(self, text: str) -> list[str]: ...
    def ends_many(self, texts: list[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]: ...
    def scores(
        self, text: str
    ) -> tuple[
        NDArray[np.int32],
        NDArray[np.uint16],
        NDArray[np.int32],
        NDArray[np.int32],
        NDArray[np.uint8],
        NDArray[np.uint8],
    ]: ...
    def row(self, ids: tuple[int, ...]) -> tuple[list[int], bool]: ...
