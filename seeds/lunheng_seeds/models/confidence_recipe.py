"""Make ``confidence.toml``: ``python -m lunheng_seeds.models.confidence_recipe OUTPUT GOLD…``.

GOLD are folders of annotated articles, as `lunheng eval gold` scores them. Every stance that
the cue tagger proposes there, asserted or not, is an example: right when gold has one of the same
holder and polarity in its words, and three fifths of that when the targets share no two
characters. The weights are those of a logistic regression, held near zero and near the tagger's own
sum of cues, so that a few hundred examples do not overrule it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lunheng.cli.eval_gold import analyser
from lunheng.documents import Document, Stance
from lunheng.frames import load_frames, shipped_frames
from lunheng.gold import AUTHOR, SUFFIX, GoldStance, load_gold
from lunheng.text import fold
from lunheng_plugins.stance.cues import CueTagger

SUM = "strength"
SUM_PRIOR, SUM_HOLD = 3.0, 200.0
"""Where the weight of the sum of cues is held, and how firmly."""
HOLD = 6.0
LEAST_SEEN = 6
OTHER_TARGET = 0.6
STEPS = 50

Example = tuple[dict[str, float], float]


def main(arguments: Sequence[str]) -> None:
    """Learn from the folders and write the weights."""
    output, *folders = arguments
    learned = [example for folder in folders for example in examples(Path(folder))]
    seen = Counter(name for features, _ in learned for name in features)
    names = sorted(name for name, count in seen.items() if count >= LEAST_SEEN)
    bias, *weights = fitted(*matrices(learned, names), names).round(3).tolist()
    lines = [f"bias = {bias}", "", "[weights]"]
    lines += [f'"{name}" = {weight}' for name, weight in zip(names, weights, strict=True)]
    Path(output).write_text("\n".join(lines) + "\n", "utf-8")


def examples(folder: Path) -> Iterator[Example]:
    """Yield the features and the rightness of all that is proposed for a folder's articles."""
    tagger = CueTagger.of((), load_frames(shipped_frames()))
    analyse = analyser()
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        gold = load_gold(path)
        documents = {document.record: document for document in analyse(folder / gold.source)}
        for record in gold.records:
            document = documents[record.record]
            for stance, features in tagger.measured(document):
                yield features, rightness(document, stance, record.stances)


def rightness(document: Document, stance: Stance, gold: Sequence[GoldStance]) -> float:
    """Return 1 for a stance that gold has, less when its target is another, else 0."""
    start, end = document.source_map.to_source(stance.start, stance.end)
    holder = AUTHOR if stance.holder_type == "author" else fold(stance.holder)
    best = 0.0
    for one in gold:
        shared = min(end, one.end) - max(start, one.start)
        if 2 * shared < min(end - start, one.end - one.start) or one.polarity != stance.polarity:
            continue
        if (one.holder if one.holder == AUTHOR else fold(one.holder)) == holder:
            best = max(best, 1.0 if alike(one.target, stance.target) else OTHER_TARGET)
    return best


def alike(left: str, right: str) -> bool:
    """Tell whether one name is part of the other, or both have two characters in a row."""
    left, right = fold(left).lower(), fold(right).lower()
    pairs = {left[i : i + 2] for i in range(len(left) - 1)}
    return left in right or right in left or any(pair in right for pair in pairs)


def matrices(
    learned: Sequence[Example], names: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the examples' features, the bias first, and their rightness."""
    column = {name: number for number, name in enumerate(names, 1)}
    features = np.zeros((len(learned), len(names) + 1))
    features[:, 0] = 1.0
    for row, (found, _) in enumerate(learned):
        for name, value in found.items():
            if name in column:
                features[row, column[name]] = value
    return features, np.array([right for _, right in learned])


def fitted(
    features: NDArray[np.float64], right: NDArray[np.float64], names: Sequence[str]
) -> NDArray[np.float64]:
    """Return the weights by Newton's method."""
    prior, hold = np.zeros(features.shape[1]), np.full(features.shape[1], HOLD)
    hold[0] = 0.01
    prior[1 + names.index(SUM)], hold[1 + names.index(SUM)] = SUM_PRIOR, SUM_HOLD
    weights = np.zeros_like(prior)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (chance - right) + hold * (weights - prior)
        bend = (features.T * (chance * (1 - chance))) @ features + np.diag(hold)
        weights -= np.linalg.solve(bend, slope)
    return weights


if __name__ == "__main__":
    main(sys.argv[1:])
