"""Types of the native cutter of phrases."""

from collections.abc import Mapping
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

class WordClass(IntFlag):
    STOPS = 1
    SAYS = 2
    MAY_BE_NOUN = 4
    PARTICLE = 8
    LOCATIVE = 16
    PLACE = 32
    TOWARD = 64
    COMPLEMENT = 128
    MEASURE = 256
    CLASSIFIER = 512
    PRONOUN = 1024
    THESE = 2048
    LINKS = 4096
    OF = 8192
    LISTS = 16384
    MARK = 32768
    NUMERAL = 65536
    UNIT = 131072
    DETERMINES = 262144
    BEFORE_SORT = 524288
    SORT = 1048576
    TRULY = 2097152

class WordClasses:
    classes: dict[str, int]
    def __init__(self, classes: Mapping[str, int]) -> None: ...
    def __reduce__(self) -> tuple[type[WordClasses], tuple[dict[str, int]]]: ...

class PhraseCutter:
    def __init__(
        self,
        classes: WordClasses,
        folded: str,
        words: NDArray[np.int32],
        tags: tuple[str, ...] | None,
        longest: int,
    ) -> None: ...
    def within(self, start: int, end: int) -> list[tuple[int, int, bool, bool, bool]]: ...
