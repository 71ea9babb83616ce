"""Cut many texts at once: what forms they come in, in which threads, and in which runs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lunheng.errors import UsageError
from lunheng.native.segmenting import Segmenter
from lunheng.tokenize.batch import TokenBatch
from lunheng.tokenize.utf8 import Utf8Texts

if TYPE_CHECKING:
    from typing_extensions import Buffer

_T = TypeVar("_T")
_Place = TypeVar("_Place", np.int32, np.int64)

Texts: TypeAlias = "Iterable[str] | Iterable[bytes] | Buffer | Utf8Texts | SupportsArrow"

SHARES = 32
"""Parts of a batch for each thread: one that is held up leaves its last ones to others."""


class SupportsArrow(Protocol):
    """An array of any Arrow library."""

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        """Return the capsules of a schema and of an array."""


def texts_of(texts: Texts, offsets: ArrayLike | None = None) -> tuple[str, ...] | Utf8Texts:
    """Return texts as a tuple, of ``str`` as far as one can see, or as UTF-8 in one buffer.

    Raises:
        UsageError: the texts are of several kinds, or only one; or the offsets do not fit.
    """
    if isinstance(texts, Utf8Texts):
        return texts
    if offsets is not None:
        try:
            return Utf8Texts(memoryview(cast("Buffer", texts)), offsets)
        except TypeError as error:
            raise UsageError(f"expected a buffer of UTF-8 with the offsets: {error}") from error
    if hasattr(texts, "__arrow_c_array__"):
        return Utf8Texts.of_arrow(texts)
    if isinstance(texts, str | bytes | bytearray | memoryview | np.ndarray):
        raise UsageError(f"expected several texts, or offsets with the {type(texts).__name__}")
    try:
        held: tuple[Any, ...] = tuple(cast("Iterable[object]", texts))
        return Utf8Texts.joined(held) if held and isinstance(held[0], bytes) else held
    except TypeError as error:
        raise UsageError(f"expected texts that are all str or all bytes: {error}") from error


def require_one_kind(texts: Sequence[object]) -> None:
    """Raise a `UsageError` if a text that is in no buffer is no ``str``."""
    for number, text in enumerate(() if isinstance(texts, Utf8Texts) else texts):
        if type(text) is not str:
            raise UsageError(
                f"expected texts that are all str or all bytes, found {type(text).__name__} "
                f"as text {number}"
            )


def runs_of(texts: Iterable[object], size: int) -> Iterator[Texts]:
    """Yield runs of texts that together have about ``size`` characters or bytes, and Arrow arrays.

    Raises:
        UsageError: an item is neither ``str``, ``bytes`` nor an Arrow array.
    """
    run: list[Any] = []
    length = 0
    for text in texts:
        if run and (length >= size or type(text) is not type(run[0])):
            yield run
            run, length = [], 0
        if isinstance(text, str | bytes):
            run.append(text)
            length += len(text)
        elif hasattr(text, "__arrow_c_array__"):
            yield cast("SupportsArrow", text)
        else:
            raise UsageError(
                f"expected texts of str or bytes, or Arrow arrays, found {type(text).__name__}"
            )
    if run:
        yield run


def cut_texts(segmenter: Segmenter, texts: tuple[str, ...] | Utf8Texts, threads: int) -> TokenBatch:
    """Cut texts without the GIL, in as many threads as wished.

    Raises:
        UsageError: a text is no ``str``.
    """
    count = SHARES * threads if threads > 1 else 1
    if isinstance(texts, Utf8Texts):
        data = texts.data
        starts = [texts.starts[first : stop + 1] for first, stop in _shares(texts.totals, count)]
        parts = _in_threads(lambda part: segmenter.bounds_of_utf8(data, part), starts, threads)
        bounds = _joined([parts[0][0], *(part[1:] for part, _ in parts[1:])])
        return TokenBatch(texts, bounds[1:], _counted([part for _, part in parts]), bounds=bounds)
    runs = _shares(np.arange(1, len(texts) + 1), count)
    try:
        found = _in_threads(lambda run: segmenter.ends_of_texts(texts, *run), runs, threads)
    except TypeError as error:
        raise UsageError(f"expected texts that are all str or all bytes: {error}") from error
    return TokenBatch(
        texts, _joined([ends for ends, _ in found]), _counted([offsets for _, offsets in found])
    )


def _in_threads(work: Callable[[_T], Any], parts: Sequence[_T], threads: int) -> list[Any]:
    if len(parts) == 1:
        return [work(parts[0])]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))


def _joined(parts: list[NDArray[_Place]]) -> NDArray[_Place]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _counted(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Put the parts' offsets one after the other."""
    if len(parts) == 1:
        return parts[0]
    bases = itertools.accumulate((int(part[-1]) for part in parts), initial=0)
    shifted = [part[1:] + base for part, base in zip(parts, bases, strict=False)]
    return np.concatenate([np.zeros(1, np.int64), *shifted])


def _shares(totals: NDArray[np.int64], count: int) -> list[tuple[int, int]]:
    """Split texts into at most ``count`` runs, each of about the same part of the last total."""
    count = min(count, len(totals))
    if count <= 1:
        return [(0, len(totals))]
    marks = np.searchsorted(totals, np.arange(1, count) * (totals[-1] / count), side="right")
    edges = [0, *np.unique(marks[(marks > 0) & (marks < len(totals))]).tolist(), len(totals)]
    return list(itertools.pairwise(edges))
