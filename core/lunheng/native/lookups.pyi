import numpy as np
from numpy.typing import NDArray

from lunheng.native.segment_reader import SegmentReader
from lunheng.native.symbols import Phrase

def count_each(
    reader: SegmentReader, phrases: tuple[Phrase, ...], deleted: NDArray[np.uint8] | None = None
) -> NDArray[np.int64]: ...
def documents_of_each(
    reader: SegmentReader, phrases: tuple[Phrase, ...], deleted: NDArray[np.uint8] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]: ...
def places_of_each(
    reader: SegmentReader, phrases: tuple[Phrase, ...], deleted: NDArray[np.uint8] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint32]]: ...
