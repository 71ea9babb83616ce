"""Words of a text as a list of strings, the frequent ones made once."""

from typing import final

import numpy as np
from numpy.typing import NDArray

@final
class WordStrings:
    def __init__(self) -> None: ...
    def words(self, text: str, ends: NDArray[np.int32]) -> list[str]: ...
