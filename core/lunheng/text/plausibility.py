"""Score how plausible a string is as written Chinese: a character bigram model."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from lunheng.text.folding import fold

SCALE = 16.0
UNKNOWN = -15.0


@dataclass(frozen=True, slots=True)
class CharacterModel:
    """Natural log probabilities of folded characters, each given the one before it.

    A bigram that was not seen often has its second character's own probability. Characters
    outside the alphabet score as if one among millions.
    """

    alphabet: NDArray[np.uint32]
    unigram: NDArray[np.float32]
    pairs: NDArray[np.uint32]
    gain: NDArray[np.float32]

    @classmethod
    def load(cls) -> CharacterModel:
        """Read the model that the seeds hold."""
        place = files("lunheng_seeds").joinpath("characters", "bigrams.npz")
        with place.open("rb") as file, np.load(file) as arrays:
            unigram = -arrays["unigram"].astype(np.float32) / SCALE
            unigram[0] = UNKNOWN
            gain = arrays["gain"].astype(np.float32) / SCALE
            return cls(arrays["alphabet"], unigram, arrays["pairs"], gain)

    def scores(self, text: str) -> NDArray[np.float32]:
        """Return each character's log probability given the one before it, in nats."""
        codes = np.frombuffer(fold(text).encode("utf-32-le", "replace"), np.uint32)
        places = np.searchsorted(self.alphabet, codes).clip(max=len(self.alphabet) - 1)
        numbers = np.where(self.alphabet[places] == codes, places + 1, 0).astype(np.uint32)
        result = self.unigram[numbers]
        pairs = numbers[:-1] * np.uint32(len(self.unigram)) + numbers[1:]
        places = np.searchsorted(self.pairs, pairs).clip(max=len(self.pairs) - 1)
        result[1:] += np.where(self.pairs[places] == pairs, self.gain[places], np.float32(0))
        return result

    def mean(self, text: str) -> float:
        """Return the mean log probability of a text's characters, 0 for the empty text.

        >>> model = CharacterModel.load()
        >>> model.mean("我们的生活") > model.mean("闭缤跣〈ㄋ")
        True
        """
        return float(self.scores(text).mean()) if text else 0.0
