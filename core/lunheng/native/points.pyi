"""Code points of a str or of UTF-8 bytes, a block at a time."""

from typing_extensions import Buffer

import numpy as np
from numpy.typing import NDArray

def utf8_points(data: Buffer) -> NDArray[np.uint32]: ...
def stray_byte(data: Buffer) -> int: ...
def code_point_ends(
    data: Buffer,
    ends: NDArray[np.int64],
    starts: NDArray[np.int64],
    offsets: NDArray[np.int64],
) -> NDArray[np.int32]: ...
