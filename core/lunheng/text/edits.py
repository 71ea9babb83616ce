"""Apply edits to a text, keeping the map of where everything went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lunheng.documents import Edit
from lunheng.errors import UsageError
from lunheng.native.offsets import OffsetMap


class Cleaned(NamedTuple):
    """A text after its edits, and the map from the text before them."""

    text: str
    map: OffsetMap


def narrow(text: str, edit: Edit) -> Edit:
    """Return the edit without what it leaves unchanged at its two ends."""
    before, after = text[edit.start : edit.end], edit.text
    shorter = min(len(before), len(after))
    head = 0
    while head < shorter and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shorter - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    if not head and not tail:
        return edit
    return Edit(edit.start + head, edit.end - tail, after[head : len(after) - tail])


def apply_edits(text: str, edits: Sequence[Edit]) -> Cleaned:
    """Return the text with its edits made, and the map from the text as it was.

    Args:
        text: the text that the edits' offsets refer to.
        edits: in ascending order, without overlap; one that changes nothing is a mere flag.

    Raises:
        UsageError: edits overlap, are out of order, or reach beyond the text.

    >>> apply_edits("O(shè)pen", [Edit(1, 6, "")]).text
    'Open'
    """
    if not edits:
        return Cleaned(text, OffsetMap.identity(len(text)))
    parts: list[str] = []
    narrowed: list[Edit] = []
    at, length = 0, len(text)
    for edit in edits:
        start, end, meant = edit
        if not at <= start <= end <= length:
            raise UsageError(
                f"expected an edit within [{at}, {length}), after the one before, got {edit}"
            )
        parts += text[at:start], meant
        at = end
        narrowed.append(narrow(text, edit) if meant else edit)
    parts.append(text[at:])
    return Cleaned("".join(parts), OffsetMap.from_edits(len(text), narrowed))
