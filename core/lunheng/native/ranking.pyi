from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lunheng.native.segment_reader import SegmentReader
from lunheng.native.symbols import Phrase

class TermPostings:
    document_frequency: int
    def __init__(
        self, reader: SegmentReader, phrase: Phrase, deleted: NDArray[np.uint8] | None = None
    ) -> None: ...

def rank(
    reader: SegmentReader,
    terms: Sequence[TermPostings],
    weights: Sequence[float],
    flat: float,
    per_length: float,
    k: int,
    least: float,
    admitted: NDArray[np.uint8] | None = None,
) -> tuple[NDArray[np.uint32], NDArray[np.float64]]: ...
