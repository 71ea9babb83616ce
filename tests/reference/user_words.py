"""Which of a user's words are obeyed where, in plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def obeyed(
    text: str, starts: Sequence[int], additions: Sequence[Mapping[str, float]]
) -> list[tuple[int, int]]:
    """Return the spans of the words that are obeyed in a line whose units begin at ``starts``.

    Each addition has words with their weights; of the same word the first one counts. Every
    occurrence that begins and ends where units do is taken in turn, the heavier, then longer, then
    earlier added, then earlier in the text first, unless it overlaps one that was taken.
    """
    edges = [*starts, len(text)]
    words: dict[str, tuple[float, int]] = {}
    for number, addition in enumerate(additions):
        for word, weight in addition.items():
            words.setdefault(word, (weight, number))
    occurrences = []
    for first in range(len(starts)):
        for last in range(first + 1, len(edges)):
            word = text[edges[first] : edges[last]]
            if word in words:
                weight, number = words[word]
                occurrences.append((-weight, first - last, number, first, last))
    taken: set[int] = set()
    spans: list[tuple[int, int]] = []
    for *_, first, last in sorted(occurrences):
        units = set(range(first, last))
        if not taken & units:
            taken |= units
            spans.append((edges[first], edges[last]))
    return sorted(spans)
