"""A character bigram model as two dictionaries: the twin of native.bigrams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Bigrams:
    """Log probabilities of numbered characters, and what follows from the one before them."""

    number: Mapping[str, int]
    unigram: Mapping[int, float]
    gain: Mapping[tuple[int, int], float]

    def after(self, previous: str, char: str) -> float:
        """Return the score of a character after another one, "" for none."""
        here = self.number.get(char, 0)
        pair = self.number.get(previous, 0), here
        return self.unigram[here] + (self.gain.get(pair, 0.0) if previous else 0.0)

    def scores(self, text: str) -> list[float]:
        return [self.after(text[i - 1 : i] if i else "", char) for i, char in enumerate(text)]
