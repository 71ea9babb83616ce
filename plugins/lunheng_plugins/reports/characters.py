"""Texts as arrays of code points, so that whole corpora are counted without a Python loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def code_points(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text, shape (len(text),)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def which(points: NDArray[np.uint32], holds: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Return for which code points ``holds`` is true, asking it once for each different one.

    >>> which(code_points("甲1，"), str.isalnum).tolist()
    [True, True, False]
    """
    different = np.unique(points)
    table = np.zeros(int(different[-1]) + 1 if len(different) else 0, dtype=bool)
    table[different] = [holds(chr(point)) for point in different.tolist()]
    return table[points]
