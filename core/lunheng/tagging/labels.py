"""Spans as labels of characters: begin, inside, end, single, outside; and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

OUTSIDE = "O"


def span_labels(types: Iterable[str]) -> tuple[str, ...]:
    """Return the labels that spans of the given types need.

    >>> span_labels(["PER"])
    ('O', 'B-PER', 'I-PER', 'E-PER', 'S-PER')
    """
    return (OUTSIDE, *(f"{place}-{type_}" for type_ in sorted(types) for place in "BIES"))


def encoded(
    length: int, spans: Iterable[tuple[int, int, str]], labels: Sequence[str]
) -> NDArray[np.uint8]:
    """Return the label of every position, uint8 numbers into ``labels``.

    >>> encoded(4, [(0, 2, "PER"), (3, 4, "PER")], span_labels(["PER"])).tolist()
    [1, 3, 0, 4]
    """
    numbers = {label: number for number, label in enumerate(labels)}
    found = np.full(length, numbers[OUTSIDE], np.uint8)
    for start, end, type_ in spans:
        if end - start == 1:
            found[start] = numbers[f"S-{type_}"]
        else:
            found[start + 1 : end - 1] = numbers[f"I-{type_}"]
            found[start], found[end - 1] = numbers[f"B-{type_}"], numbers[f"E-{type_}"]
    return found


def decoded(numbers: NDArray[np.uint8], labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the spans (start, end, type) that labels of positions stand for.

    >>> list(decoded(np.array([1, 3, 0, 4], np.uint8), span_labels(["PER"])))
    [(0, 2, 'PER'), (3, 4, 'PER')]
    """
    parts = [label.partition("-") for label in labels]
    begins = np.array([kind in ("B", "S") for kind, _, _ in parts])
    finishes = np.array([kind in ("E", "S") for kind, _, _ in parts])
    starts, lasts = np.flatnonzero(begins[numbers]), np.flatnonzero(finishes[numbers])
    if not len(lasts):
        return
    opened = np.searchsorted(starts, lasts, "right")
    starts = np.concatenate([[0], starts])[opened]
    for start, last, number in zip(
        starts.tolist(), lasts.tolist(), numbers[lasts].tolist(), strict=True
    ):
        yield start, last + 1, parts[number][2]


def allowed_bigrams(labels: Sequence[str]) -> NDArray[np.uint8]:
    """Return 1 for each label that may follow a label, begin a sequence, or end it.

    Labels of spans keep to their order; any others may follow one another as they like. The shape
    is (labels + 2, labels): rows are the label before, the beginning, and the end.
    """
    n = len(labels)
    table = np.ones((n + 2, n), np.uint8)
    if OUTSIDE not in labels:
        return table
    for after, label in enumerate(labels):
        kind, _, type_ = label.partition("-")
        inside = kind in ("I", "E")
        for before, previous in enumerate(labels):
            previous_kind, _, previous_type = previous.partition("-")
            opened = previous_kind in ("B", "I")
            table[before, after] = opened == inside and (not opened or previous_type == type_)
        table[n, after] = not inside
        table[n + 1, after] = kind not in ("B", "I")
    return table
