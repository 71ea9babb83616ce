import numpy as np
from numpy.typing import NDArray

class PhraseParser:
    n_codes: int
    def __init__(self, n_codes: int, pairs: NDArray[np.uint16]) -> None: ...
    def parse(
        self, codes: NDArray[np.uint16], block: int
    ) -> tuple[NDArray[np.uint16], NDArray[np.uint32]]: ...
