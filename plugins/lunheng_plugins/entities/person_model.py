"""Chinese person names by a linear model: which surname begins a name, and how long it is.

A candidate is a surname and one or two characters after it. Its features are the characters of
the name, their pairs, and up to three characters on either side, each hashed into one table of
small integer weights (feature hashing: Weinberger et al., 2009). Everything is vectorised.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

BITS = 17
SCALE = 64.0
MODEL = "persons.npz"

Codes = NDArray[np.uint32]
Places = NDArray[np.int64]
Hashes = NDArray[np.int64]

# Places from the name's start (S) or end (E) whose characters make up each feature.
TEMPLATES: tuple[tuple[tuple[str, int], ...], ...] = (
    (("S", 0),),
    (("S", 1),),
    (("E", -1),),
    (("S", 0), ("S", 1)),
    (("S", 1), ("E", -1)),
    (("S", -1),),
    (("S", -2), ("S", -1)),
    (("S", -3), ("S", -2), ("S", -1)),
    (("E", 0),),
    (("E", 0), ("E", 1)),
    (("E", 0), ("E", 1), ("E", 2)),
    (("S", -1), ("S", 0)),
    (("E", -1), ("E", 0)),
    (("S", -1), ("E", 0)),
)
MARGIN = 3


def padded(codes: Codes) -> Codes:
    """Return the code points of a text with three line ends on both sides."""
    return np.pad(codes, MARGIN, constant_values=ord("\n"))


def features(codes: Codes, starts: Places, ends: Places) -> Hashes:
    """Return the hashed features of candidates, shape (templates, candidates)."""
    wide = codes.astype(np.uint64)
    lengths = (ends - starts).astype(np.uint64)
    rows = np.empty((len(TEMPLATES), starts.size), np.int64)
    for number, template in enumerate(TEMPLATES):
        value = lengths + np.uint64(16 * (number + 1))
        for side, offset in template:
            place = (starts if side == "S" else ends) + offset
            value = value * np.uint64(0x9E3779B97F4A7C15) + wide[place]
        value ^= value >> np.uint64(29)
        value *= np.uint64(0xBF58476D1CE4E5B9)
        rows[number] = (value >> np.uint64(64 - BITS)).astype(np.int64)
    return rows


@dataclass(frozen=True, slots=True)
class PersonModel:
    """Scores candidates; positive scores are names. Immutable."""

    weights: NDArray[np.int16]
    bias: float
    begins: NDArray[np.bool_]

    @classmethod
    def load(cls, surnames: str) -> PersonModel:
        """Read the model of the seeds; ``surnames`` are the characters that begin names."""
        with (
            files("lunheng_seeds.models").joinpath(MODEL).open("rb") as file,
            np.load(file, allow_pickle=False) as arrays,
        ):
            return cls(arrays["weights"], float(arrays["bias"]), surname_flags(surnames))

    def scores(self, codes: Codes) -> tuple[Places, Places, NDArray[np.float64]]:
        """Return starts, ends and scores of all candidates among folded code points."""
        codes = padded(codes)
        starts, ends = candidates(codes, self.begins)
        total = self.weights[features(codes, starts, ends)].sum(axis=0, dtype=np.int64)
        return starts - MARGIN, ends - MARGIN, total / SCALE + self.bias


def surname_flags(surnames: str) -> NDArray[np.bool_]:
    """Return one flag a code point of the basic plane: whether it is a surname."""
    flags = np.zeros(0x10000, np.bool_)
    flags[[ord(surname) for surname in surnames]] = True
    return flags


def candidates(codes: Codes, begins: NDArray[np.bool_]) -> tuple[Places, Places]:
    """Return starts and ends of a surname with one or two Han characters after it."""
    han = (codes >= 0x4E00) & (codes <= 0x9FFF)
    low = np.where(codes < 0x10000, codes, 0)
    at = np.flatnonzero(begins[low[:-2]] & han[1:-1])
    longer = at[han[at + 2]]
    starts = np.concatenate([at, longer])
    ends = np.concatenate([at + 2, longer + 3])
    return starts, ends
