from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

class Extension:
    def __init__(self, levels: Sequence[NDArray[np.uint64]]) -> None: ...
    def scan(
        self, codes: NDArray[np.uint16], symbols: NDArray[np.uint32], starts: int
    ) -> None: ...
    def frequent(self, least: int) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]: ...
