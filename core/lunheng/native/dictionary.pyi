import numpy as np
from numpy.typing import NDArray

from lunheng.native.verified import VerifiedFile

class Dictionary:
    n_symbols: int
    def __init__(self, file: VerifiedFile, universe: int, documents: int) -> None: ...
    def pairs(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]: ...
