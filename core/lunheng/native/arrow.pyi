"""Strings that come in, and lists of words that go out, by Arrow's C data interface."""

from typing import Any, final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Buffer

@final
class ArrowStrings(Buffer):
    starts: NDArray[np.int64]
    valid: NDArray[np.bool_] | None
    binary: bool
    def __init__(self, source: Any) -> None: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...

def word_lists(
    offsets: NDArray[np.int64],
    bounds: NDArray[np.int64],
    data: Buffer,
    valid: NDArray[np.uint8] | None = None,
    binary: bool = False,
) -> tuple[object, object]: ...
