from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lunheng.native.segment_reader import SegmentReader
from lunheng.native.symbols import Phrase

class Searcher:
    def __init__(
        self,
        readers: tuple[SegmentReader, ...],
        deleted: Sequence[NDArray[np.uint8] | None],
        admitted: Sequence[NDArray[np.uint8] | None],
        documents: int,
        average: float,
        k1: float,
        b: float,
    ) -> None: ...
    def search_each(
        self,
        terms: tuple[tuple[Phrase, ...], ...],
        required: tuple[tuple[Phrase, ...], ...],
        k: int,
    ) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.float64]]: ...
