from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lunheng.native.symbols import Phrase

class SegmentReader:
    universe: int
    n_symbols: int
    n_documents: int
    def __init__(
        self,
        data: bytes | memoryview | NDArray[np.uint8],
        sections: Mapping[str, tuple[int, int]],
        checksums: NDArray[np.uint64],
        universe: int,
        documents: int,
        body: int,
        end: int,
        block: int,
    ) -> None: ...
    def count(self, phrase: Phrase) -> int: ...
    def positions(self, phrase: Phrase) -> NDArray[np.uint32]: ...
    def locate(
        self, positions: NDArray[np.uint32]
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]: ...
    def bounds(self, document: int) -> tuple[int, int]: ...
    def text(self, start: int, end: int) -> str: ...
    def codes(self, start: int, end: int) -> NDArray[np.uint16]: ...
    def pairs(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]: ...
    def verify(self, start: int, size: int | None = None) -> None: ...
