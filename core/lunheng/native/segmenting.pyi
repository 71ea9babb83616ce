"""Cut texts into words: single ones, lists of them, and buffers of UTF-8, without the GIL."""

from typing import final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Buffer

from lunheng.native.boundaries import BoundaryScorer

@final
class Segmenter:
    scorer: BoundaryScorer
    def __init__(self, scorer: BoundaryScorer) -> None: ...
    def cut(self, text: str) -> list[str]: ...
    def ends(self, text: str) -> NDArray[np.int32]: ...
    def ends_of_texts(
        self, texts: tuple[str, ...], first: int, stop: int
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]: ...
    def bounds_of_utf8(
        self, data: Buffer, starts: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]: ...
