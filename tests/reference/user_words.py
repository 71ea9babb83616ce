"""Which of a user's words are obeyed where, in plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def obeyed(text: str, starts: Sequence[int], words: Mapping[str, float]) -> list[tuple[int, int]]:
    """Return the spans of the words that are obeyed in a line whose units begin at ``starts``.

    At every free place the heaviest, then longest word is a candidate; candidates are taken
    heavier, longer, earlier first; where one is lost to another, a shorter may fit the next time.
    """
    edges = [*starts, len(text)]
    taken: set[int] = set()
    spans: list[tuple[int, int]] = []
    while True:
        candidates = []
        for first, start in enumerate(starts):
            fits = []
            for last in range(first + 1, len(edges)):
                if taken & set(range(first, last)):
                    break
                word = text[start : edges[last]]
                if word in words:
                    fits.append((words[word], last - first, -first))
            if fits:
                candidates.append(max(fits))
        lost = False
        for _, length, place in sorted(candidates, reverse=True):
            units = set(range(-place, -place + length))
            if taken & units:
                lost = True
            else:
                taken |= units
                spans.append((edges[-place], edges[-place + length]))
        if not lost:
            return sorted(spans)
