"""Convert text to another script for display, keeping the map of where everything went.

Conversion is by phrase (opencc), so lengths may change; the map is found by aligning both texts
through their folded characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lunheng.documents import Edit
from lunheng.errors import UsageError
from lunheng.extras import require
from lunheng.native.offsets import OffsetMap
from lunheng.text.edits import Cleaned
from lunheng.text.folding import fold

# Names of ours, and of opencc's tables: with Taiwan's and Hong Kong's own words.
TARGETS: Mapping[str, str] = {"t2s": "t2s", "s2t": "s2t", "tw": "s2twp", "hk": "s2hk"}
LONGEST_PHRASE = 24
_STEPS = sorted(
    (
        (before, after)
        for before in range(LONGEST_PHRASE + 1)
        for after in range(LONGEST_PHRASE + 1)
        if before or after
    ),
    key=lambda step: (max(step), abs(step[0] - step[1])),
)


@dataclass(frozen=True, slots=True)
class ScriptConverter:
    """Writes text in another script: ``t2s`` simplified, ``s2t`` traditional, ``tw``, ``hk``.

    It is for showing text to people. To look things up, fold: that is exact and moves nothing.

    Raises:
        UsageError: there is no such target, or opencc is not installed.
    """

    target: str
    _converter: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Load the table."""
        if self.target not in TARGETS:
            raise UsageError(f"expected a script of {', '.join(TARGETS)}, found {self.target!r}")
        converter = require("opencc", "opencc").OpenCC(TARGETS[self.target])
        object.__setattr__(self, "_converter", converter)

    def __reduce__(self) -> tuple[type[ScriptConverter], tuple[str]]:
        return ScriptConverter, (self.target,)

    def convert(self, text: str) -> Cleaned:
        """Return the converted text and the map from the text as it was.

        A character that became another one keeps its place; a phrase that became one of another
        length is mapped as a whole. Lone surrogates become U+FFFD.
        """
        written = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        if len(written) != len(text):
            written = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
        converted: str = self._converter.convert(written)
        edits = list(changed_phrases(fold(written), fold(converted), converted))
        return Cleaned(converted, OffsetMap.from_edits(len(text), edits))


def changed_phrases(before: str, after: str, written: str) -> Iterator[Edit]:
    """Yield the edits between two texts, apart from those that exchange one character for one.

    Args:
        before: the folded text.
        after: the folded text that it was converted to.
        written: the converted text as it is written.
    """
    at, to = 0, 0
    while at < len(before) or to < len(after):
        if before[at : at + 1] == after[to : to + 1]:
            at, to = at + 1, to + 1
            continue
        step = _resume(before, after, at, to)
        if step != (1, 1):
            yield Edit(at, at + step[0], written[to : to + step[1]])
        at, to = at + step[0], to + step[1]


def _resume(before: str, after: str, at: int, to: int) -> tuple[int, int]:
    """Return the least number of characters on both sides after which the texts agree again."""
    for step in _STEPS:
        if _agree(before, after, at + step[0], to + step[1]):
            return step
    rest = len(before) - at, len(after) - to
    several = min(LONGEST_PHRASE, *rest)
    return (several, several) if several else rest


def _agree(before: str, after: str, here: int, there: int) -> bool:
    """Return whether two places say the same: a mark or letter, two ideographs, or the end."""
    if here > len(before) or there > len(after):
        return False
    first = before[here : here + 1]
    if first != after[there : there + 1]:
        return False
    ideograph = "\u3400" <= first < "\uf900" or first >= "\U00020000"
    return not ideograph or before[here + 1 : here + 2] == after[there + 1 : there + 2]
