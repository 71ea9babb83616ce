"""One typed Protocol a stage: what a plugin's object must be able to do, and no more.

All of them are pure functions of their arguments and of the settings they were made with: they
keep no state between documents, never change what they are given, and can be pickled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lunheng.documents import (
        Document,
        Edit,
        Member,
        Mention,
        Quote,
        SourceText,
        Stance,
        Turn,
    )
    from lunheng.study import Study


In = TypeVar("In")
Out = TypeVar("Out")


@runtime_checkable
class Reader(Protocol):
    """Turns the bytes of a file into source texts, one a record.

    A reader may say more about itself. ``signature``, a pattern of bytes, is how its files begin:
    it is then called for files without a known suffix that begin so, and not for files with its
    suffix that begin like another reader's. ``unpacks = True`` says that it yields files within
    the file.
    """

    suffixes: tuple[str, ...]

    def read(self, data: bytes, path: str) -> Iterable[SourceText | Member]:
        """Yield the records of a file; ``path`` is for its name and for messages only.

        Raises:
            lunheng.errors.ReadError: the bytes are not of this reader's format.
        """


@runtime_checkable
class Cleaner(Protocol):
    """Finds what to repair in a text."""

    def edits(self, text: str) -> Sequence[Edit]:
        """Return edits in ascending order that do not overlap."""


@runtime_checkable
class TokenizerStage(Protocol):
    """Cuts a text into words."""

    def spans(self, text: str) -> NDArray[np.int32]:
        """Return words as an array of shape (n, 2): half-open code points, ascending."""


@runtime_checkable
class TaggingTokenizerStage(TokenizerStage, Protocol):
    """Cuts a text into words and also tells their parts of speech."""

    def tags(self, text: str, tokens: NDArray[np.int32]) -> Sequence[str]:
        """Return the Universal part of speech of every word that ``spans`` returned."""


@runtime_checkable
class EntityExtractor(Protocol):
    """Finds names, amounts and dates."""

    def mentions(self, document: Document) -> Sequence[Mention]:
        """Return mentions in ascending order that do not overlap."""


@runtime_checkable
class QuoteExtractor(Protocol):
    """Finds who speaks: turns of an interview, and quotations."""

    def turns(self, document: Document) -> Sequence[Turn]:
        """Return turns in ascending order; called before entities are known."""

    def quotes(self, document: Document) -> Sequence[Quote]:
        """Return quotes in ascending order of their start; they may nest."""


@runtime_checkable
class StanceTagger(Protocol):
    """Decides who stands where, on what, in which words."""

    def stances(self, document: Document) -> tuple[Sequence[Stance], int]:
        """Return stances in ascending order of their evidence, and how many were abstained from."""


@runtime_checkable
class ReportWriter(Protocol):
    """Writes what a study holds, for a person or a program."""

    def write(self, study: Study, folder: Path, lang: str) -> Sequence[Path]:
        """Write files below ``folder`` in language ``zh`` or ``en`` and return their paths."""


@dataclass(frozen=True, slots=True)
class Lost(Generic[In]):
    """An item whose work an engine had to give up, after what it had yielded so far.

    ``reason`` is what happened to the worker: it died (``detail``: how), or was stopped because
    one output took too long or because it held too much memory.
    """

    item: In
    reason: Literal["died", "time", "memory"]
    detail: str


@runtime_checkable
class Engine(Protocol):
    """Runs the analysis of many inputs; it schedules, and knows nothing of texts."""

    def map(
        self, function: Callable[[In], Iterable[Out]], items: Iterable[In]
    ) -> Iterator[tuple[In, Out] | Lost[In]]:
        """Yield each item with each thing that ``function(item)`` yields.

        Items come in any order, what one item yields in its own. ``function``, items and results
        are picklable; ``function`` raises nothing. An engine that cannot lose workers never
        yields ``Lost``.
        """
