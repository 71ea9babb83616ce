from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import NgramIndexError

class VerifiedFile:
    path: str
    def __init__(
        self,
        path: str,
        data: bytes | memoryview | NDArray[np.uint8],
        sections: Mapping[str, tuple[int, int]],
        checksums: NDArray[np.uint64],
        body: int,
        end: int,
        block: int,
    ) -> None: ...
    def damage(self, what: str) -> NgramIndexError: ...
    def verify(self, start: int, size: int | None = None) -> None: ...
