"""Train a segmenter: from texts with known word boundaries to a model file's arrays.

The model is a linear chain over units with two labels, boundary or none, trained by stochastic
gradients of the conditional likelihood (Lafferty et al. 2001) with AdaGrad steps (Duchi et al.
2011). Words of a list share weights by length and frequency; these are added to the words' own
weights when the table is packed, so that looking them up costs nothing. Training starts from a
share of the weights of a trained model, which knows more text than most gold has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lunheng.native.boundary_training import train_epoch
from lunheng.native.grams import pack_grams
from lunheng.native.units import units_of
from lunheng.text import fold_table
from lunheng.tokenize.codes import FIRST_PLAIN, ID_BITS, NEWLINE, SPACE, character_codes
from lunheng.tokenize.model import SegmenterModel
from lunheng.tokenize.prior import Prior, frequent_words
from lunheng.tokenize.tokenizer import default_model

GIVEN = 2.0
"""Target of a boundary that is not to be learned: at line breaks and spaces."""

_FREQUENCY_CLASSES = 5
_ORDERS = (2, 3, 4)
_MOST_CHARACTERS = (1 << ID_BITS) - 64


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How a segmenter is trained.

    Attributes:
        epochs: passes over all lines with every gram of the vocabulary.
        final_epochs: passes after weak grams are pruned; 0 prunes nothing more than the table.
        rate: AdaGrad step.
        min_count: how often a character, a bigram and a trigram must occur.
        max_grams: places in the table.
        seed: order of the lines.
        start_share: the part of a trained model's weights that training starts from; 0: none.
    """

    epochs: int = 8
    final_epochs: int = 0
    rate: float = 0.1
    min_count: tuple[int, int, int] = (1, 1, 1)
    max_grams: int = 1_000_000
    seed: int = 0
    start_share: float = 0.35


@dataclass(frozen=True, slots=True, eq=False)
class BoundaryText:
    """Lines of text with the wanted probability of a boundary before every character.

    Attributes:
        text: the lines, each with its line break.
        targets: float32, one a code point, 0 to 1; negative: unknown, taken from the units alone.
    """

    text: str
    targets: NDArray[np.float32]

    @classmethod
    def from_words(cls, lines: Iterable[str]) -> BoundaryText:
        """Take lines of words that are separated by spaces.

        >>> BoundaryText.from_words(["大 模型"]).targets.tolist()
        [1.0, 1.0, 0.0, 1.0]
        """
        parts: list[str] = []
        for line in lines:
            parts.extend(line.split())
            parts.append("\n")
        lengths = np.fromiter(map(len, parts), np.int64, len(parts))
        targets = np.zeros(int(lengths.sum()), np.float32)
        targets[np.cumsum(lengths) - lengths] = 1.0
        return cls("".join(parts), targets)


@dataclass(slots=True, eq=False)
class Encoded:
    """Units of a text, their targets, and the lines they make, each after an edge unit."""

    ids: NDArray[np.uint16]
    starts: NDArray[np.int64]
    targets: NDArray[np.float32]
    lines: NDArray[np.int64]


def encode(text: BoundaryText, codes: NDArray[np.uint16]) -> Encoded:
    """Cut a text into units and give each the target at its start."""
    ids, starts32 = units_of("\n" + text.text, codes)
    starts = starts32.astype(np.int64) - 1
    starts[0] = 0
    targets = text.targets[starts]
    breaks = ids == NEWLINE
    given = breaks | (ids == SPACE)
    targets[given] = GIVEN
    targets[1:][given[:-1]] = GIVEN
    ids[breaks] = 0
    edges = np.flatnonzero(breaks)
    lines = np.stack([edges[:-1], np.diff(edges)], axis=1).astype(np.int64)
    return Encoded(ids, starts, targets, np.ascontiguousarray(lines[lines[:, 1] > 1]))


def gram_keys(ids: NDArray[np.uint16], order: int) -> NDArray[np.uint64]:
    """Return the key of the gram that begins at each unit; 0 where it runs across a line break."""
    padded = np.concatenate([ids, np.zeros(order, np.uint16)]).astype(np.uint64)
    keys = np.full(len(ids), order, np.uint64) << np.uint64(60 - ID_BITS * order)
    for place in range(order):
        keys = (keys << np.uint64(ID_BITS)) | padded[place : place + len(ids)]
    across = np.zeros(len(ids), bool)
    for place in range(1, order - 1):
        across |= padded[place : place + len(ids)] == 0
    across |= (padded[: len(ids)] == 0) & (padded[order - 1 : order - 1 + len(ids)] == 0)
    keys[across] = 0
    return keys


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Grams of one order, sorted by key, with their counts and the classes of listed words."""

    keys: NDArray[np.uint64]
    counts: NDArray[np.int64]
    classes: NDArray[np.int32]


def collect_grams(
    keys: NDArray[np.uint64], min_count: int, words: Mapping[int, int]
) -> tuple[Vocabulary, NDArray[np.int32]]:
    """Return the grams that occur often or are listed words, and each unit's gram or -1."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    distinct = ordered[first]
    counts = np.diff(np.flatnonzero(first), append=len(keys))
    listed = np.array(sorted(words), np.uint64)
    often = distinct[(counts >= min_count) & (distinct > 0)] if min_count else distinct[:0]
    kept = np.union1d(often, listed)
    if not len(kept):
        nothing = np.empty(0, np.int64)
        return Vocabulary(kept, nothing, nothing.astype(np.int32)), np.full(len(keys), -1, np.int32)
    place = np.minimum(np.searchsorted(kept, distinct), len(kept) - 1)
    known = kept[place] == distinct
    kept_counts = np.zeros(len(kept), np.int64)
    kept_counts[place[known]] = counts[known]
    classes = np.full(len(kept), -1, np.int32)
    classes[np.searchsorted(kept, listed)] = [words[int(key)] for key in listed]
    rows = np.empty(len(keys), np.int32)
    rows[order] = np.repeat(np.where(known, place, -1).astype(np.int32), counts)
    return Vocabulary(kept, kept_counts, classes), rows


def word_classes(words: Mapping[str, int], codes: NDArray[np.uint16]) -> dict[int, dict[int, int]]:
    """Return for each order the keys of listed words and the class of each."""
    found: dict[int, dict[int, int]] = {order: {} for order in _ORDERS}
    for word, frequency in words.items():
        if len(word) not in found:
            continue
        key = len(word) << (60 - ID_BITS * len(word))
        for character in word:
            code = int(codes[ord(character)])
            if code < FIRST_PLAIN:
                break
            key = key << ID_BITS | code
        else:
            rank = min(_FREQUENCY_CLASSES - 1, int(np.log10(max(1, frequency))))
            known = found[len(word)].get(key, -1)
            number = (len(word) - 2) * _FREQUENCY_CLASSES + rank
            found[len(word)][key] = max(known, number)
    return found


@dataclass(slots=True, eq=False)
class _Trainer:
    """Weights under training: first the codes' rows, then the word classes', then the grams'."""

    codes: NDArray[np.uint16]
    encoded: Encoded
    vocabularies: dict[int, Vocabulary]
    streams: list[NDArray[np.int32]]
    weights: NDArray[np.float32]
    squares: NDArray[np.float32]
    line_weights: NDArray[np.float32]
    bases: dict[int, int] = field(default_factory=dict)

    def epoch(self, rates: tuple[float, float], random: np.random.Generator) -> float:
        order = random.permutation(len(self.encoded.lines))
        return train_epoch(
            self.streams,
            self.weights,
            self.squares,
            self.encoded.targets,
            np.ascontiguousarray(self.encoded.lines[order]),
            np.ascontiguousarray(self.line_weights[order]),
            *rates,
        )

    def rows_of(self, order: int) -> NDArray[np.float32]:
        """Return the weights of an order's grams with what their word class adds."""
        vocabulary = self.vocabularies[order]
        base = self.bases[order]
        rows = self.weights[base : base + len(vocabulary.keys)].copy()
        listed = vocabulary.classes >= 0
        rows[listed] += self.weights[self.bases[0] + vocabulary.classes[listed]]
        return rows

    def strengths(self, order: int) -> NDArray[np.float64]:
        """Return how much each gram matters: its squared weights times how often it occurs."""
        squared = np.square(self.rows_of(order), dtype=np.float64).sum(axis=1)
        strengths: NDArray[np.float64] = squared * (self.vocabularies[order].counts + 1)
        return strengths

    def ranked(self) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.float32]]:
        """Return the numbers, keys and rows of all grams that score, the strongest first."""
        strengths = np.concatenate([self.strengths(order) for order in _ORDERS])
        keys = np.concatenate([self.vocabularies[order].keys for order in _ORDERS])
        rows = np.concatenate([self.rows_of(order) for order in _ORDERS])
        numbers = np.argsort(-strengths, kind="stable")
        numbers = numbers[strengths[numbers] > 0]
        return numbers, keys[numbers], rows[numbers]

    def prune(self, places: int) -> None:
        """Keep the grams that find a place in the table; the others no longer score nor learn."""
        numbers, keys, rows = self.ranked()
        _, placed = _lay_out(keys, np.zeros(rows.shape, np.int8), places)
        weak = np.ones(sum(len(v.keys) for v in self.vocabularies.values()), bool)
        weak[numbers[placed]] = False
        start = 0
        for place, order in enumerate(_ORDERS):
            base, vocabulary = self.bases[order], self.vocabularies[order]
            gone = weak[start : start + len(vocabulary.keys)]
            start += len(vocabulary.keys)
            self.weights[base : base + len(gone)][gone] = 0
            vocabulary.classes[gone] = -1
            rows_used = self.streams[1 + place]
            dead = (rows_used >= 0) & np.append(gone, False)[np.maximum(rows_used - base, -1)]
            rows_used[dead] = -1
            self.streams[1 + len(_ORDERS) + place][dead] = -1


def vocabulary(text: str, words: Mapping[str, int], min_count: int) -> list[str]:
    """Return the folded characters that get codes: of the text, the most frequent first, and words.

    >>> vocabulary("論語論", {"论文": 1}, 1)
    ['文', '论', '语']
    """
    fold = fold_table()
    frequent = [c for c, n in Counter(text).most_common(_MOST_CHARACTERS) if n >= min_count]
    own = [c for c in frequent if fold[ord(c)] == ord(c)]
    folded = {chr(fold[ord(c)]) for c in frequent} | {c for word in words for c in word}
    others = sorted(c for c in folded.difference(own) if fold[ord(c)] == ord(c))
    return [*own, *others][:_MOST_CHARACTERS]


def _start(
    text: BoundaryText,
    words: Mapping[str, int],
    settings: TrainingSettings,
    line_weights: NDArray[np.float32] | None,
    prior: Prior | None,
) -> _Trainer:
    codes = character_codes(fold_table(), vocabulary(text.text, words, settings.min_count[0]))
    encoded = encode(text, codes)
    n_codes = int(codes.max()) + 1
    n_classes = _FREQUENCY_CLASSES * len(_ORDERS)
    units = encoded.ids.astype(np.int32)
    units[units == 0] = -1
    streams, class_streams, vocabularies, bases = [units], [], {}, {0: n_codes}
    base = n_codes + n_classes
    listed = word_classes(words, codes)
    for order, minimum in zip(_ORDERS, (*settings.min_count[1:], 0), strict=True):
        grams, rows = collect_grams(gram_keys(encoded.ids, order), minimum, listed[order])
        class_rows = np.where(rows >= 0, np.append(grams.classes, -1)[rows], -1)
        class_streams.append(np.where(class_rows >= 0, class_rows + n_codes, -1).astype(np.int32))
        streams.append(np.where(rows >= 0, rows + base, -1).astype(np.int32))
        vocabularies[order] = grams
        bases[order] = base
        base += len(grams.keys)
    if line_weights is None:
        line_weights = np.ones(len(encoded.lines), np.float32)
    weights = np.zeros((base, 8), np.float32)
    if prior is not None:
        weights[:n_codes] = prior.characters(codes)
        for order, known in vocabularies.items():
            last = bases[order] + len(known.keys)
            weights[bases[order] : last] = prior.grams(known.keys, order, codes)
    return _Trainer(
        codes,
        encoded,
        vocabularies,
        streams + class_streams,
        weights,
        np.full((base, 8), 1e-2, np.float32),
        line_weights,
        bases,
    )


def train(
    text: BoundaryText,
    words: Mapping[str, int] | None = None,
    settings: TrainingSettings | None = None,
    *,
    start: SegmenterModel | None = None,
    line_weights: NDArray[np.float32] | None = None,
    provenance: Mapping[str, object] | None = None,
    progress: Callable[[int, float, SegmenterModel], bool] | None = None,
) -> SegmenterModel:
    """Train a segmenter.

    Args:
        text: lines with boundaries.
        words: a word list with frequencies, which helps with words that the text lacks; without
            one, `lunheng.tokenize.prior.frequent_words`.
        settings: see `TrainingSettings`.
        start: the model whose weights training starts from; without one the default model.
        line_weights: one a line that is not empty.
        provenance: what the model file says about its origin and licence.
        progress: called after every epoch with its number, log loss a unit and the model so far;
            training ends when it returns false.
    """
    settings = settings or TrainingSettings()
    words = frequent_words() if words is None else words
    share = settings.start_share
    prior = Prior(start or default_model(), share) if share else None
    trainer = _start(text, words, settings, line_weights, prior)
    random = np.random.default_rng(settings.seed)
    total = settings.epochs + settings.final_epochs
    for number in range(total):
        if number == settings.epochs:
            trainer.prune(settings.max_grams)
        rates = tuple(settings.rate * (1 - (number + part) / total) for part in (0, 1))
        loss = trainer.epoch((rates[0], rates[1]), random)
        if progress and not progress(number + 1, loss, _packed(trainer, settings, {})):
            break
    return _packed(trainer, settings, provenance or {})


def _packed(
    trainer: _Trainer, settings: TrainingSettings, provenance: Mapping[str, object]
) -> SegmenterModel:
    """Quantise the weights and lay the grams out, the strongest first."""
    _, keys, rows = trainer.ranked()
    characters = trainer.weights[: trainer.bases[0]]
    peak = max(
        float(np.quantile(np.abs(part), 0.9999)) if part.size else 0.0
        for part in (rows, characters)
    )
    scale = max(peak, 1e-3) / 127
    table, _ = _lay_out(keys, _quantised(rows, scale), settings.max_grams)
    aligned = np.empty(len(table) + 64, np.uint8)
    start = -aligned.ctypes.data % 64
    aligned[start : start + len(table)] = table
    return SegmenterModel(
        trainer.codes,
        _quantised(characters, scale),
        aligned[start : start + len(table)],
        scale,
        provenance,
    )


def _lay_out(
    keys: NDArray[np.uint64], rows: NDArray[np.int8], places: int
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Pack grams, strongest first, into about ``places`` places; say which found one.

    Trigrams that tetragrams begin with are marked, and put in where they are missing.
    """
    long = keys[keys >> np.uint64(60) == 4]
    ids = long & np.uint64((1 << 4 * ID_BITS) - 1)
    wanted = np.unique((ids >> np.uint64(ID_BITS)) | np.uint64(3 << 60))
    missing = np.setdiff1d(wanted, keys)
    every = np.concatenate([missing, keys])
    table, placed = pack_grams(
        every,
        np.concatenate([np.zeros((len(missing), 8), np.int8), rows]),
        np.isin(every, wanted).astype(np.uint8),
        max(1, -(-places // 6)),
    )
    return table, placed[len(missing) :].astype(bool)


def _quantised(weights: NDArray[np.float32], scale: float) -> NDArray[np.int8]:
    rounded: NDArray[np.int8] = np.clip(np.rint(weights / scale), -127, 127).astype(np.int8)
    return rounded
