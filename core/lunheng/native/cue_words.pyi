"""Types of the native choice of cues."""

from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

class CueKind(IntFlag):
    DECIDES = 1
    LEADS = 2
    BLOCKS = 4
    STANDS_ALONE = 8

def counting(
    rows: NDArray[np.int32],
    kinds: NDArray[np.uint8] | bytes,
    words: NDArray[np.int32] | None,
    length: int,
    taken: NDArray[np.int32],
    names: NDArray[np.int32],
) -> NDArray[np.int32]: ...
