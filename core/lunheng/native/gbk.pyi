"""Types of GBK's tables."""

import numpy as np
from numpy.typing import NDArray

from lunheng.native.bigrams import BigramTable

class GbkTables:
    def __init__(
        self,
        characters: NDArray[np.uint16],
        code_of: NDArray[np.uint16],
        variant_start: NDArray[np.int32],
        variant_code: NDArray[np.uint16],
        simplified: NDArray[np.uint8],
        fold: NDArray[np.uint32],
    ) -> None: ...

class GbkCandidates:
    def __init__(self, tables: GbkTables, model: BigramTable) -> None: ...
    def with_trail(self, trail: int) -> str: ...
    def with_lead(self, lead: int) -> str: ...
