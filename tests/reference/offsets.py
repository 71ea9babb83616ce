"""An offset map in plain Python: which source character each target character came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lunheng.documents import Edit


@dataclass(frozen=True)
class Alignment:
    """``origin[t]`` is the source character that went over as target character t, or None."""

    source_length: int
    origin: tuple[int | None, ...]

    @classmethod
    def from_edits(cls, source_length: int, edits: Sequence[Edit]) -> Alignment:
        origin: list[int | None] = []
        at = 0
        for edit in edits:
            origin += range(at, edit.start)
            origin += [None] * len(edit.text)
            at = edit.end
        return cls(source_length, (*origin, *range(at, source_length)))

    def then(self, other: Alignment) -> Alignment:
        return Alignment(
            self.source_length, tuple(None if m is None else self.origin[m] for m in other.origin)
        )

    def inverse(self) -> Alignment:
        back: list[int | None] = [None] * self.source_length
        for target, source in enumerate(self.origin):
            if source is not None:
                back[source] = target
        return Alignment(len(self.origin), tuple(back))

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        first = self._first(start)
        return (first, first) if start == end else (first, self._last(end))

    def to_target(self, start: int, end: int) -> tuple[int, int] | None:
        first, last = self.inverse().to_source(start, end)
        return None if start < end and first >= last else (first, last)

    def _first(self, start: int) -> int:
        """Where a span begins that begins at target character ``start``."""
        if start == len(self.origin):
            return self.source_length
        if (kept := self.origin[start]) is not None:
            return kept
        before = [source for source in self.origin[:start] if source is not None]
        return before[-1] + 1 if before else 0

    def _last(self, end: int) -> int:
        """Where a span ends whose last target character is ``end - 1``."""
        if (kept := self.origin[end - 1]) is not None:
            return kept + 1
        after = [source for source in self.origin[end:] if source is not None]
        return after[0] if after else self.source_length
