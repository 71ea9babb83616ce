"""Score a segmenter against gold words: precision, recall, F1, and recall of unknown words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SegmentationScores:
    """Counts of words, by their places in the text; spaces count as none.

    Attributes:
        right: words found with both ends as in the gold.
        found: words found.
        gold: words in the gold.
        unknown_right: gold words that the known words lack, and that were found.
        unknown: gold words that the known words lack.
    """

    right: int
    found: int
    gold: int
    unknown_right: int
    unknown: int

    @property
    def precision(self) -> float:
        """Return the share of found words that are right; 1 if none was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Return the share of gold words that were found; 1 if there are none."""
        return self.right / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        total = self.found + self.gold
        return 2 * self.right / total if total else 1.0

    @property
    def unknown_recall(self) -> float:
        """Return the share of unknown gold words that were found; 1 if there are none."""
        return self.unknown_right / self.unknown if self.unknown else 1.0


def evaluate(
    cut: Callable[[str], Iterable[str]],
    lines: Iterable[str],
    known: Collection[str] | None = None,
) -> SegmentationScores:
    """Cut every line's text, without its spaces, and compare with its words.

    Args:
        cut: a segmenter.
        lines: gold words separated by spaces.
        known: words of the training text; without it no word counts as unknown.

    >>> scores = evaluate(lambda text: [text[:2], text[2:]], ["改变 世界", "你 好吗"])
    >>> round(scores.precision, 2), round(scores.recall, 2), scores.right
    (0.5, 0.5, 2)
    """
    right = found = gold = unknown_right = unknown = 0
    for line in lines:
        words = line.split()
        wanted = _places(words)
        given = _places(cut("".join(words)))
        hits = wanted.keys() & given.keys()
        right += len(hits)
        found += len(given)
        gold += len(wanted)
        if known is not None:
            strange = {place for place, word in wanted.items() if word not in known}
            unknown += len(strange)
            unknown_right += len(strange & hits)
    return SegmentationScores(right, found, gold, unknown_right, unknown)


def _places(words: Iterable[str]) -> dict[tuple[int, int], str]:
    places: dict[tuple[int, int], str] = {}
    start = 0
    for word in words:
        places[start, start + len(word)] = word
        start += len(word)
    return places
