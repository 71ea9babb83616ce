"""What the model looks at: a text, a target, and where they meet, as hashed features.

The groups: grams of characters and of words of the text and of the target; both crossed; the
window around the target's places; the cue words of both sides; and which of the target's grams
the text has. A group's number is the seed of its hashes.
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Iterable, Sequence
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from lunheng.native.hashed_linear import gram_hashes, pair_hashes, span_hashes
from lunheng.text import PhraseMatcher, fold
from lunheng.tokenize import Tokenizer

Hashes = NDArray[np.uint32]

_WINDOW = 8
_PLACES = 3
_LONGEST_PIECE = 10
_MOST_SUM = 2
_NEGATION_REACH = 4
(
    _CHARACTERS, _WORDS, _TARGET, _TARGET_WORDS, _FACTS, _MET_WORDS, _MET_TARGET, _OWN_WORDS,
    _BEFORE, _AFTER, _AROUND, _TOWARD_WORDS, _TOWARD_TARGET, _FOUND, _MISSING, _PIECES, _MEETING,
    _OWN_CHARACTERS,
) = range(1, 19)  # fmt: skip


class OpinionFeatures:
    """Turns a text and a target into hashed features; immutable, picklable.

    Args:
        tokenizer: cuts both into words; the default one when None.
    """

    __slots__ = ("_kinds", "_matcher", "_polarities", "tokenizer")

    def __init__(self, tokenizer: Tokenizer | None = None) -> None:
        self.tokenizer = tokenizer or Tokenizer()
        cues = _cues()
        self._matcher = PhraseMatcher(tuple(cues))
        self._kinds = np.array([kind for kind, _ in cues.values()], np.uint32)
        self._polarities = np.array([polarity for _, polarity in cues.values()], np.int64)

    def __reduce__(self) -> tuple[type[OpinionFeatures], tuple[Tokenizer]]:
        return type(self), (self.tokenizer,)

    def of(self, text: str, target: str) -> Hashes:
        """Return the features of one text and one target, ascending, each once."""
        return self.of_targets(text, [target])[0]

    def of_targets(self, text: str, targets: Sequence[str]) -> list[Hashes]:
        """Return the features of one text with each of several targets."""
        left = self._side(text)
        shared = [gram_hashes(left.codes, 3, _CHARACTERS), gram_hashes(left.words, 2, _WORDS)]
        own = np.concatenate(
            [gram_hashes(left.codes, 3, _OWN_CHARACTERS), gram_hashes(left.words, 2, _OWN_WORDS)]
        )
        return [
            np.unique(np.concatenate([*shared, *self._toward(left, self._side(target), own)]))
            for target in targets
        ]

    def _side(self, text: str) -> _Side:
        folded = fold(text, case=True)
        codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), np.uint32)
        words = span_hashes(codes, self.tokenizer.spans(folded))
        kinds, total, negated = self._cues_of(folded)
        return _Side(folded, codes, words, kinds, total, negated)

    def _cues_of(self, folded: str) -> tuple[NDArray[np.int64], int, bool]:
        """Return the kinds of the cues, the sum of their signs, and whether any negates.

        A negation shortly before a cue turns its sign.
        """
        rows = self._matcher.find(folded)
        numbers = rows[:, 2]
        kinds, polarities = self._kinds[numbers].astype(np.int64), self._polarities[numbers]
        negators = np.sort(rows[kinds == _NEGATOR, 1])
        starts = rows[:, 0]
        before = np.searchsorted(negators, starts, side="right") - 1
        last = negators[before] if len(negators) else np.zeros(len(starts), np.int32)
        near = (before >= 0) & (starts - last <= _NEGATION_REACH)
        signs = np.where((kinds != _NEGATOR) & near, -polarities, polarities) * (kinds != _NEGATOR)
        total = int(np.clip(signs.sum(), -_MOST_SUM, _MOST_SUM))
        found = np.unique(np.concatenate([kinds, 40 + np.sign(signs[signs != 0])]))
        return found, total, bool(len(negators))

    def _toward(self, text: _Side, target: _Side, own: Hashes) -> Iterable[Hashes]:
        places, share = _meeting(text.folded, target.folded)
        covered = int(4 * share)
        known = np.isin(target.words, text.words)
        words_covered = int(4 * known.mean()) if len(known) else 0
        yield gram_hashes(target.codes, 3, _TARGET)
        yield gram_hashes(target.words, 2, _TARGET_WORDS)
        yield pair_hashes(_facts(text, target, covered, words_covered), _ONE, _FACTS)
        yield pair_hashes(_single(covered), text.words, _MET_WORDS)
        yield pair_hashes(_single(covered), gram_hashes(target.codes, 2, _TARGET), _MET_TARGET)
        yield pair_hashes(_single(zlib.crc32(target.folded.encode())), own, _OWN_WORDS)
        yield pair_hashes(_single(target.total + 3), text.words, _TOWARD_WORDS)
        yield pair_hashes(_single(text.total + 3), target.words, _TOWARD_TARGET)
        yield pair_hashes(_single(words_covered), target.words, _MEETING)
        for longest in (1, 2, 3):
            pieces = gram_hashes(target.codes, longest, _PIECES)
            found = np.isin(pieces, gram_hashes(text.codes, longest, _PIECES))
            yield pair_hashes(_single(longest), pieces[found], _FOUND)
            yield pair_hashes(_single(longest), pieces[~found], _MISSING)
        yield pair_hashes(_single(9), target.words[known], _FOUND)
        yield pair_hashes(_single(9), target.words[~known], _MISSING)
        for start, end in places[:_PLACES]:
            low, high = max(0, start - _WINDOW), end + _WINDOW
            yield gram_hashes(text.codes[low:start], 3, _BEFORE)
            yield gram_hashes(text.codes[end:high], 3, _AFTER)
            yield gram_hashes(text.codes[low:high], 3, _AROUND)


class _Side:
    """A text or a target, folded and cut, with its cues."""

    __slots__ = ("codes", "folded", "kinds", "negated", "total", "words")

    def __init__(
        self,
        folded: str,
        codes: Hashes,
        words: Hashes,
        kinds: NDArray[np.int64],
        total: int,
        negated: bool,
    ) -> None:
        self.folded = folded
        self.codes = codes
        self.words = words
        self.kinds = kinds
        self.total = total
        self.negated = negated


def _facts(text: _Side, target: _Side, covered: int, words_covered: int) -> Hashes:
    """Return small numbers, each a fact of the pair: how far they meet, which way both lean."""
    pairs = 600 + text.kinds[:, None] * 60 + target.kinds[None, :]
    return np.concatenate(
        [
            [
                100 + covered,
                110 + (target.folded in text.folded),
                120 + min(len(target.folded) // 4, 6),
                130 + min(len(text.folded) // 30, 6),
                200 + text.total,
                210 + target.total,
                300 + (text.total + 3) * 10 + target.total + 3,
                5000 + words_covered * 4 + text.negated * 2 + target.negated,
                5100 + words_covered * 8 + covered,
                5200 + (text.total + 3) * 30 + (target.total + 3) * 4 + words_covered,
            ],
            400 + text.kinds,
            500 + target.kinds,
            pairs.ravel(),
        ]
    ).astype(np.uint32)


def _meeting(text: str, target: str) -> tuple[list[tuple[int, int]], float]:
    """Return where the text has the target or its longest pieces, and the share they cover."""
    whole = text.find(target)
    if whole >= 0:
        return [(whole, whole + len(target))], 1.0
    places, covered, start = [], 0, 0
    while start < len(target) - 1:
        end = min(len(target), start + _LONGEST_PIECE)
        while end - start >= 2 and target[start:end] not in text:
            end -= 1
        if end - start >= 2:
            at = text.find(target[start:end])
            places.append((at, at + end - start))
            covered += end - start
            start = end
        else:
            start += 1
    return places, covered / max(1, len(target))


def _single(value: int) -> Hashes:
    return np.array([value], np.uint32)


_ONE = _single(0)
_NEGATOR = 1


def _cues() -> dict[str, tuple[int, int]]:
    """Return the number of its kind and the polarity of every cue word of the seeds."""
    source = files("lunheng_seeds").joinpath("cues", "stance.toml")
    groups = tomllib.loads(source.read_text("utf-8"))["cues"]
    kinds = {"negator": _NEGATOR}
    for group in groups:
        kinds.setdefault(group["class"], len(kinds) + 1)
    return {
        word: (kinds[group["class"]], group["polarity"])
        for group in groups
        if group["class"] != "blocked"
        for word in sorted(group["words"])
    }
