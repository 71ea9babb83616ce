"""Types of the native columns."""

import numpy as np
from numpy.typing import NDArray

from lunheng.native.codepoints import CodePointMap

def read_points(
    text: str, folding: CodePointMap, types: NDArray[np.uint8]
) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]: ...
def word_hashes(
    points: NDArray[np.uint32], spans: NDArray[np.int32], powers: NDArray[np.uint64]
) -> NDArray[np.uint32]: ...
def character_columns(
    points: NDArray[np.uint32],
    types: NDArray[np.uint8],
    spans: NDArray[np.int32],
    words: NDArray[np.uint32],
) -> NDArray[np.uint32]: ...
