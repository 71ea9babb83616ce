import numpy as np
from numpy.typing import NDArray

class NgramCounter:
    def __init__(self) -> None: ...
    def __len__(self) -> int: ...
    def count(
        self,
        symbols: NDArray[np.uint32],
        bounds: NDArray[np.int64],
        n_min: int,
        n_max: int,
        grow: bool = True,
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]: ...
    def spelt(self, numbers: NDArray[np.uint32], n_max: int) -> NDArray[np.uint32]: ...
