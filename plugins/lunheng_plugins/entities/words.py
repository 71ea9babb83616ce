"""Where words begin and end: matches must respect the words of the text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Edges:
    """One flag a place between characters: 1 where a word begins or ends.

    ``flags`` has one byte more than the text has characters. Without tokens every place is one.
    """

    flags: bytes

    @classmethod
    def of(cls, length: int, tokens: NDArray[np.int32] | None) -> Edges:
        """Return the edges of the words of a text of ``length`` code points."""
        if tokens is None:
            return cls(b"\1" * (length + 1))
        flags = np.zeros(length + 1, np.uint8)
        flags[0] = flags[length] = 1
        flags[tokens.ravel()] = 1
        return cls(flags.tobytes())

    def fit(self, start: int, end: int) -> bool:
        """Tell whether a span begins and ends where words do."""
        return bool(self.flags[start] and self.flags[end])

    def word_before(self, place: int, longest: int = 8) -> int:
        """Return the start of the word that ends at ``place``."""
        start = place - 1
        while start > 0 and not self.flags[start] and place - start < longest:
            start -= 1
        return max(start, 0)

    def word_after(self, place: int) -> int:
        """Return the end of the word that begins at ``place``."""
        last = len(self.flags) - 1
        end = min(place + 1, last)
        while end < last and not self.flags[end]:
            end += 1
        return end
