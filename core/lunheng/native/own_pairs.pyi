"""Types of a text's own pairs."""

import numpy as np
from numpy.typing import NDArray

class OwnPairs:
    def __init__(self, text: str, fold: NDArray[np.uint32]) -> None: ...
    def count(self, first: str, second: str = "") -> int: ...
