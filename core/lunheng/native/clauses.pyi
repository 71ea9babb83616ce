"""Types of the native clause cutter."""

import numpy as np
from numpy.typing import NDArray

def clauses(
    text: str, regions: NDArray[np.int32], cuts: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]: ...
