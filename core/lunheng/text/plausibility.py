"""Score how plausible a string is as written Chinese: a character bigram model."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from lunheng.native.bigrams import BigramTable
from lunheng.text.folding import fold_table

SCALE = 16.0
UNKNOWN = -15.0


@dataclass(frozen=True, slots=True)
class CharacterModel:
    """Natural log probabilities of characters, each given the one before it, in any script.

    A bigram that was not seen often has its second character's own probability. Characters
    outside the alphabet score as if one among millions.
    """

    table: BigramTable

    @classmethod
    def load(cls) -> CharacterModel:
        """Read the model that the seeds hold."""
        place = files("lunheng_seeds").joinpath("characters", "bigrams.npz")
        with place.open("rb") as file, np.load(file) as arrays:
            numbers = np.zeros(0x110000, np.uint32)
            alphabet = arrays["alphabet"]
            numbers[alphabet] = np.arange(1, len(alphabet) + 1, dtype=np.uint32)
            unigram = -arrays["unigram"].astype(np.float32) / SCALE
            unigram[0] = UNKNOWN
            gain = arrays["gain"].astype(np.float32) / SCALE
            return cls(BigramTable(numbers[fold_table()], unigram, arrays["pairs"], gain))

    def scores(self, text: str) -> NDArray[np.float32]:
        """Return each character's log probability given the one before it, in nats."""
        return self.table.scores(text)

    def following(self, previous: str, candidates: str) -> list[float]:
        """Return each candidate's log probability after the character ``previous`` ("": none)."""
        return self.table.following(previous, candidates)

    def mean(self, text: str) -> float:
        """Return the mean log probability of a text's characters, 0 for the empty text.

        >>> model = CharacterModel.load()
        >>> model.mean("我们的生活") > model.mean("闭缤跣〈ㄋ")
        True
        """
        return float(self.scores(text).mean()) if text else 0.0
