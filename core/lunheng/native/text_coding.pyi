import numpy as np
from numpy.typing import NDArray

def word_lengths(frequencies: NDArray[np.uint64]) -> NDArray[np.uint8]: ...

class TextPacker:
    def __init__(self, lengths: NDArray[np.uint8]) -> None: ...
    def pack(
        self, tokens: NDArray[np.uint16], ends: NDArray[np.uint32]
    ) -> NDArray[np.uint8]: ...
    def finish(self) -> tuple[bytes, NDArray[np.uint64], NDArray[np.uint16]]: ...

class TextUnpacker:
    def __init__(
        self,
        lengths: NDArray[np.uint8],
        phrase_lengths: NDArray[np.uint8] = ...,
        phrases: NDArray[np.uint16] = ...,
    ) -> None: ...
    def codes(self, data: NDArray[np.uint8], bit: int, skip: int, n: int) -> NDArray[np.uint16]: ...
