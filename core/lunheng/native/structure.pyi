"""Types of the native line and sentence cutter."""

import numpy as np
from numpy.typing import NDArray

def sentence_spans(text: str) -> NDArray[np.int32]: ...
def line_spans(text: str) -> NDArray[np.int32]: ...
