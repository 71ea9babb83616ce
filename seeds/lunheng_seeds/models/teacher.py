"""Say how sure wapic's model is of each word boundary: marginals of its linear chain.

The package only returns the likeliest words. Its model file (PyPI ``wapic-cws-model``, MIT) is a
conditional random field over characters with the labels B, M, E, S: named feature strings and
sparse weights. Forward and backward sums over it (Lafferty et al. 2001) run over many lines at
once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LABELS = 4
BEGINS = (0, 3)
"""The labels B and S, of characters that begin a word."""

PLACES = ((-2,), (-1,), (0,), (1,), (2,), (-1, 0), (0, 1), (-2, -1), (1, 2), (-1, 1))
"""The characters that each of the file's templates ``u00`` to ``u09`` looks at."""

TRANSITIONS = "b"
BEFORE, AFTER = 0x110000, 0x110010
"""Characters one place before a line and one after it; the next ones count on from there."""

CHARACTERS_AT_ONCE = 1_000_000
FEATURE = re.compile(r"u(\d\d):(_x[-+]\d|.)(?:/(_x[-+]\d|.))?", re.DOTALL)


def character(name: str) -> int:
    """Return the code point of a feature's character, ``_x-1`` being the one before a line."""
    if len(name) == 1:
        return ord(name)
    distance = int(name[2:])
    return BEFORE - distance if distance < 0 else AFTER + distance


def feature_key(name: str) -> int:
    """Return the key of a feature: its template and its characters."""
    found = FEATURE.fullmatch(name)
    if not found:
        raise ValueError(f"expected a feature such as 'u05:中/国', found {name!r}")
    second = character(found[3]) if found[3] else 0
    return int(found[1]) + 1 << 44 | character(found[2]) << 22 | second


def read_strings(data: bytes, at: int) -> tuple[list[str], int]:
    """Read the table of strings at ``at``; also return where it ends."""
    head = re.compile(rb"#TrieBin#(\d+)\n").match(data, at)
    if not head:
        raise ValueError(f"expected a table of strings at byte {at} of wapic's model")
    strings, at = [], head.end()
    for _ in range(int(head[1])):
        length = data[at] | data[at + 1] << 8
        strings.append(data[at + 2 : at + 2 + length].decode())
        at += 2 + length
    return strings, at


def read_weights(data: bytes, at: int, count: int) -> NDArray[np.float32]:
    """Read the sparse weights at ``at``: how far on each one is, in 7 bits a byte, and a float."""
    head = re.compile(rb"#ModelBin32#(\d+)\n").match(data, at)
    if not head:
        raise ValueError(f"expected weights at byte {at} of wapic's model")
    places = np.empty(int(head[1]), np.int64)
    values = np.empty(len(places), np.int64)
    at, place = head.end(), -1
    for number in range(len(places)):
        shift = 0
        while data[at] > 0x7F:
            place += (data[at] & 0x7F) << shift
            shift += 7
            at += 1
        place += data[at] << shift
        places[number], values[number] = place, at + 1
        at += 5
    weights = np.zeros(count, np.float32)
    floats = np.frombuffer(data, np.uint8)[values[:, np.newaxis] + np.arange(4)]
    weights[places] = np.ascontiguousarray(floats).view("<f4").ravel()
    return weights


@dataclass(frozen=True, slots=True, eq=False)
class Teacher:
    """The weights of a chain over characters, looked up by the keys of features.

    Attributes:
        keys: uint64, a hash table with open addressing, its size a power of two; 0 where free.
        weights: float32 of shape (len(keys), 4), what each feature adds for each label.
        transitions: float64 of shape (4, 4), from a label to the next.
    """

    keys: NDArray[np.uint64]
    weights: NDArray[np.float32]
    transitions: NDArray[np.float64]

    @classmethod
    def load(cls, path: Path) -> Teacher:
        """Read wapic's model file."""
        data = path.read_bytes()
        labels, at = read_strings(data, data.index(b"#TrieBin#"))
        if labels != ["B", "M", "E", "S"]:
            raise ValueError(f"expected the labels B, M, E, S in {path}, found {labels}")
        names, at = read_strings(data, at)
        pairs = names.index(TRANSITIONS)
        flat = read_weights(data, at, LABELS * (len(names) - 1) + LABELS * LABELS)
        first = LABELS * pairs
        transitions = flat[first : first + LABELS * LABELS].reshape(LABELS, LABELS)
        rows = np.delete(flat, np.s_[first : first + LABELS * LABELS]).reshape(-1, LABELS)
        keys = np.array([feature_key(name) for name in names if name != TRANSITIONS], np.uint64)
        table = np.zeros(1 << (4 * len(keys)).bit_length(), np.uint64)
        weights = np.zeros((len(table), LABELS), np.float32)
        places, left = slots(keys, len(table)), np.arange(len(keys))
        while len(left):
            free = left[table[places[left]] == 0]
            table[places[free]] = keys[free]
            won = table[places[left]] == keys[left]
            weights[places[left[won]]] = rows[left[won]]
            left = left[~won]
            places[left] = (places[left] + 1) % len(table)
        return cls(table, weights, transitions.astype(np.float64))

    def found(self, keys: NDArray[np.uint64]) -> NDArray[np.float32]:
        """Return the weights of features, zeros for those that the model lacks."""
        places, left = slots(keys, len(self.keys)), np.arange(len(keys))
        while len(left):
            held = self.keys[places[left]]
            left = left[(held != keys[left]) & (held != 0)]
            places[left] = (places[left] + 1) % len(self.keys)
        return self.weights[places]

    def scores(self, lines: NDArray[np.uint64]) -> NDArray[np.float32]:
        """Return what the features of lines add for each label, of shape (n, longest, 4).

        ``lines`` has two more columns at either end, for what lies around a line.
        """
        width = lines.shape[1] - 4
        total = np.zeros((lines.shape[0] * width, LABELS), np.float32)
        for number, places in enumerate(PLACES):
            keys = np.full(len(total), number + 1 << 44, np.uint64)
            for shift, place in zip((22, 0), places, strict=False):
                keys |= lines[:, 2 + place : 2 + place + width].ravel() << np.uint64(shift)
            total += self.found(keys)
        return total.reshape(-1, width, LABELS)

    def beginnings(self, lines: list[str]) -> NDArray[np.float32]:
        """Return the probability that a word begins at each character of all lines together."""
        lengths = np.fromiter(map(len, lines), np.int64, len(lines))
        ends = np.cumsum(lengths)
        result = np.empty(int(ends[-1]), np.float32)
        order = np.argsort(lengths, kind="stable")
        while len(order):
            # The longest come first, so that lines done together are about as long.
            count = max(1, CHARACTERS_AT_ONCE // int(lengths[order[-1]]))
            taken, order = order[-count:], order[:-count]
            found = self.of_lines([lines[number] for number in taken], lengths[taken])
            inside = np.arange(found.shape[1]) < lengths[taken][:, np.newaxis]
            starts = (ends - lengths)[taken]
            result[(starts[:, np.newaxis] + np.arange(found.shape[1]))[inside]] = found[inside]
        return result

    def of_lines(self, lines: list[str], lengths: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the same for lines of about one length, of shape (n, longest)."""
        n, longest = len(lines), int(lengths.max())
        padded = np.full((n, longest + 4), 0, np.uint64)
        padded[:, :2] = [BEFORE + 2, BEFORE + 1]
        inside = np.arange(longest) < lengths[:, np.newaxis]
        padded[:, 2:-2][inside] = np.frombuffer("".join(lines).encode("utf-32-le"), "<u4")
        for distance in (1, 2):
            padded[np.arange(n), lengths + 1 + distance] = AFTER + distance
        scores = self.scores(padded).astype(np.float64)
        factors = np.exp(scores - scores.max(axis=2, keepdims=True))
        # Beyond a line's end nothing is known, which leaves its last character as it is.
        steps = np.exp(self.transitions)
        forward, backward = np.empty_like(factors), np.ones_like(factors)
        forward[:, 0] = factors[:, 0]
        for place in range(1, longest):
            ahead = forward[:, place - 1] @ steps * factors[:, place]
            forward[:, place] = ahead / ahead.sum(axis=1, keepdims=True)
        for place in range(longest - 2, -1, -1):
            behind = (backward[:, place + 1] * factors[:, place + 1]) @ steps.T
            behind /= behind.sum(axis=1, keepdims=True)
            backward[:, place] = np.where(inside[:, place + 1, np.newaxis], behind, 1.0)
        marginals = forward * backward
        begun: NDArray[Any] = marginals[:, :, BEGINS].sum(axis=2) / marginals.sum(axis=2)
        return begun.astype(np.float32)


def slots(keys: NDArray[np.uint64], size: int) -> NDArray[np.int64]:
    """Return where the search for each key begins in a table of ``size`` places."""
    mixed = keys * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    places: NDArray[Any] = (mixed >> np.uint64(32)) & np.uint64(size - 1)
    return places.astype(np.int64)
