"""Cut a line into units: what the segmenter never splits (a character, number, Latin word, URL …)."""

import numpy as np
from numpy.typing import NDArray

def units_of(
    text: str, codes: NDArray[np.uint16]
) -> tuple[NDArray[np.uint16], NDArray[np.int32]]: ...
