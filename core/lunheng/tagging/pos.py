"""Universal parts of speech: the model that comes with Lunheng, and what `Tokenizer.tag` gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from lunheng.tagging.tagger import Tagger
from lunheng.tokenize.lazy import LazySequence

DEFAULT_MODEL = "models/pos.bin"


def default_tagger() -> Tagger:
    """Load the part-of-speech tagger that comes with Lunheng.

    Its model is offered under CC BY-SA 4.0, see ``model.provenance``.

    Raises:
        ModelError: the package's data are missing or damaged.
    """
    with as_file(files("lunheng_seeds").joinpath(DEFAULT_MODEL)) as path:
        return Tagger(path)


@dataclass(frozen=True, slots=True, eq=False)
class TaggedTokens(LazySequence[tuple[str, str]]):
    """The words of a text with the label of each; strings are sliced when asked for.

    Attributes:
        text: the text.
        spans: its words, int32 of shape (n, 2), half-open code points.
        numbers: uint8, the number of each word's label.
        labels: the labels' names.
    """

    text: str
    spans: NDArray[np.int32]
    numbers: NDArray[np.uint8]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self.spans)

    def item(self, number: int) -> tuple[str, str]:
        """Return a word and its label."""
        start, end = self.spans[number].tolist()
        return self.text[start:end], self.labels[self.numbers[number]]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield every word with its label."""
        for (start, end), number in zip(self.spans.tolist(), self.numbers.tolist(), strict=True):
            yield self.text[start:end], self.labels[number]

    def tags(self) -> tuple[str, ...]:
        """Return the label of every word."""
        return tuple(self.labels[number] for number in self.numbers.tolist())
