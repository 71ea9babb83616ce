"""Texts of UTF-8 that lie one after the other in a buffer, as Arrow lays them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lunheng.errors import UsageError
from lunheng.native.arrow import ArrowStrings
from lunheng.native.points import utf8_points

if TYPE_CHECKING:
    from typing_extensions import Buffer


class Utf8Texts(Sequence[bytes]):
    """Texts in one buffer, which is neither copied nor changed.

    Args:
        data: UTF-8; what is none is kept, each such byte as a character of its own.
        starts: where each text begins in ``data``, and where the last one ends.
        valid: whether each text is there (Arrow's nulls are not, and have no words), or None.
        binary: whether the texts came as bytes of any kind rather than as strings.

    Raises:
        UsageError: the starts do not ascend, or leave the data.
    """

    __slots__ = ("binary", "data", "starts", "valid")

    def __init__(
        self,
        data: Buffer,
        starts: ArrayLike,
        valid: NDArray[np.bool_] | None = None,
        binary: bool = False,
    ) -> None:
        self.valid = valid
        self.binary = binary
        self.data = memoryview(data).cast("B")
        self.starts: NDArray[np.int64] = np.ascontiguousarray(starts, np.int64)
        if (
            self.starts.ndim != 1
            or not len(self.starts)
            or self.starts[0] < 0
            or self.starts[-1] > len(self.data)
            or np.any(self.starts[1:] < self.starts[:-1])
        ):
            raise UsageError(
                f"expected ascending offsets in a buffer of {len(self.data)} bytes, one more than "
                f"there are texts, found {starts!r}"
            )

    @classmethod
    def of_arrow(cls, source: object) -> Utf8Texts:
        """Take the strings of an Arrow array where they lie.

        Raises:
            UsageError: the array is not of string, large_string, binary or large_binary.
        """
        try:
            strings = ArrowStrings(source)
        except (TypeError, ValueError) as error:
            raise UsageError(f"cannot be read as texts: {error}") from error
        return cls(strings, strings.starts, strings.valid, strings.binary)

    @classmethod
    def joined(cls, texts: Iterable[bytes]) -> Utf8Texts:
        """Copy texts into one buffer."""
        held = list(texts)
        starts = np.zeros(len(held) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, held), np.int64, len(held)), out=starts[1:])
        return cls(b"".join(held), starts)

    @property
    def totals(self) -> NDArray[np.int64]:
        """Return how many bytes the texts up to each have together, as int64."""
        totals: NDArray[np.int64] = self.starts[1:] - self.starts[0]
        return totals

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.starts) - 1

    @overload
    def __getitem__(self, number: int) -> bytes: ...
    @overload
    def __getitem__(self, number: slice) -> Utf8Texts: ...
    def __getitem__(self, number: int | slice) -> bytes | Utf8Texts:
        """Return one text, or a run of texts in the same buffer."""
        if isinstance(number, slice):
            first, stop, step = number.indices(len(self))
            if step != 1:
                raise UsageError(f"expected a run of texts, found the step {step}")
            valid = None if self.valid is None else self.valid[first:stop]
            starts = self.starts[first : max(first, stop) + 1]
            return Utf8Texts(self.data, starts, valid, self.binary)
        place = range(len(self))[number]
        return bytes(self.data[self.starts[place] : self.starts[place + 1]])

    def is_there(self, number: int) -> bool:
        """Return whether a text is there, and no null."""
        return self.valid is None or bool(self.valid[number])

    def __reduce__(
        self,
    ) -> tuple[type[Utf8Texts], tuple[bytes, NDArray[np.int64], NDArray[np.bool_] | None, bool]]:
        return type(self), (bytes(self.data), self.starts, self.valid, self.binary)


def to_text(data: bytes) -> str:
    """Decode UTF-8; a byte that is none becomes a lone surrogate, so that nothing is lost."""
    return data.decode("utf-8", "surrogateescape")


def byte_places(data: bytes) -> NDArray[np.int32]:
    """Return the byte at which each code point begins, and the length of all."""
    points = utf8_points(data)
    lengths = 1 + (points >= 0x80) + (points >= 0x800) + (points >= 0x10000)
    lengths[(points >= 0xDC00) & (points < 0xE000)] = 1
    places = np.zeros(len(points) + 1, np.int32)
    np.cumsum(lengths, out=places[1:])
    return places
