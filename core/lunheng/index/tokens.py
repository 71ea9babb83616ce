"""Count in tokens of any tokenizer: phrases that begin and end with one, and frequent n-grams.

Nothing of this is stored; the texts that a question needs are tokenized when it is asked.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import UsageError
from lunheng.index.snapshot import ConcordanceLine, Positions, Snapshot

Tokenize: TypeAlias = Callable[[str], Iterable[str]]
Ngram: TypeAlias = tuple[str, ...]

BETWEEN_DOCUMENTS = -1


def spans(text: str, tokenize: Tokenize) -> Iterator[tuple[int, int]]:
    """Yield where the tokens of a text begin and end; what a tokenizer leaves out is skipped.

    Raises:
        lunheng.errors.UsageError: a token is not in the text, or not in its order.

    >>> list(spans("大 模型", str.split))
    [(0, 1), (2, 4)]
    """
    end = 0
    for token in tokenize(text):
        start = text.find(token, end)
        if start < 0:
            raise UsageError(
                f"the tokenizer returned {token!r}, which the text does not have from character "
                f"{end} on; expected tokens cut from the text, in order"
            )
        end = start + len(token)
        if token:
            yield start, end


class TokenFilter:
    """Say which occurrences are whole tokens; the tokens of one document at a time are kept."""

    def __init__(self, snapshot: Snapshot, tokenize: Tokenize) -> None:
        self._snapshot = snapshot
        self._tokenize = tokenize
        self._document = -1
        self._starts: frozenset[int] = frozenset()
        self._ends: frozenset[int] = frozenset()

    def keeps(self, document: int, start: int, end: int) -> bool:
        """Say whether ``[start, end)`` begins and ends at boundaries of tokens."""
        if document != self._document:
            found = list(spans(self._snapshot.text(document), self._tokenize))
            self._starts = frozenset(start for start, _ in found)
            self._ends = frozenset(end for _, end in found)
            self._document = document
        return start in self._starts and end in self._ends

    def positions(self, found: Positions, length: int) -> Positions:
        """Keep the occurrences of a phrase of ``length`` characters that are whole tokens."""
        kept = np.fromiter(
            (
                self.keeps(document, start, start + length)
                for document, start in zip(found.ids.tolist(), found.starts.tolist(), strict=True)
            ),
            np.bool_,
            len(found.ids),
        )
        return Positions(found.ids[kept], found.starts[kept])

    def lines(self, found: Iterable[ConcordanceLine]) -> Iterator[ConcordanceLine]:
        """Keep the concordance lines whose match is whole tokens."""
        return (line for line in found if self.keeps(line.id, line.start, line.end))


def top_tokens(
    snapshot: Snapshot,
    tokenize: Tokenize,
    fold: Callable[[str], str],
    n_min: int,
    n_max: int,
    k: int,
    letters: bool,
) -> list[tuple[Ngram, int]]:
    """Return the ``k`` most frequent n-grams of folded tokens, ties in the order of tokens."""
    words, numbers = _number(snapshot, tokenize, fold, letters)
    found: list[tuple[Ngram, int]] = []
    tails = numbers
    keys = numbers
    for n in range(1, n_max + 1):
        if n > 1:
            tails = tails[1:]
            both = (keys[:-1] >= 0) & (tails >= 0)
            keys = np.where(both, keys[:-1] * len(words) + tails, BETWEEN_DOCUMENTS)
        distinct, first, keys, counts = np.unique(
            keys, return_index=True, return_inverse=True, return_counts=True
        )
        if len(distinct) and distinct[0] < 0:
            keys, first, counts = keys - 1, first[1:], counts[1:]
        if n >= n_min:
            found += _best(words, numbers, first, counts, n, k)
    return sorted(found, key=lambda item: (-item[1], item[0]))[:k]


def _number(
    snapshot: Snapshot, tokenize: Tokenize, fold: Callable[[str], str], letters: bool
) -> tuple[list[str], NDArray[np.int64]]:
    """Give the tokens of all documents numbers; documents and what is left out part them."""
    known: dict[str, int] = {}
    numbers = array("q")
    for segment in snapshot.segments:
        for _, text, _ in segment.contents():
            folded = fold(text)
            for start, end in spans(text, tokenize):
                token = folded[start:end]
                wanted = token.isalnum() or not (letters or token.isspace())
                numbers.append(known.setdefault(token, len(known)) if wanted else BETWEEN_DOCUMENTS)
            numbers.append(BETWEEN_DOCUMENTS)
    return list(known), np.frombuffer(numbers, np.int64)


def _best(
    words: list[str],
    numbers: NDArray[np.int64],
    first: NDArray[np.int64],
    counts: NDArray[np.int64],
    n: int,
    k: int,
) -> list[tuple[Ngram, int]]:
    """Return the n-grams that occur no less than the ``k``-th, each from where it first stands."""
    least = int(np.partition(counts, -k)[-k]) if len(counts) > k else 1
    frequent = np.flatnonzero(counts >= least)
    return [
        (tuple(words[number] for number in numbers[place : place + n]), count)
        for place, count in zip(first[frequent].tolist(), counts[frequent].tolist(), strict=True)
    ]
