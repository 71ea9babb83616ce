"""Types of the native search for misdecoded text."""

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

class ShiftSearch:
    def __init__(
        self,
        tables: GbkTables,
        model: BigramTable,
        damaged: str,
        sounds: dict[str, str],
        traditional: bool,
    ) -> None: ...
    def read(
        self,
        anchor: int,
        before: str,
        begun: list[tuple[int, int, float]],
        torn_at: int = -1,
        torn_trail: int = 0,
        drops: bool = False,
        wide: bool = False,
    ) -> tuple[str, int, float, float] | None: ...
