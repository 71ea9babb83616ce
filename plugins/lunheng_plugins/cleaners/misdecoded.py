"""Restore runs of double-byte text that were decoded one byte off; flag what stays unsure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lunheng import hookimpl
from lunheng.documents import Edit
from lunheng.text import CharacterModel, fold, script_of
from lunheng_plugins.cleaners.byte_shift import AHEAD, ANCHOR, INSERTED, Charset, Shift, State

# In nats: how much better a reading must be than the characters as they stand, and than the
# next best reading.
GAIN, MARGIN = 6.0, 1.0
LINE = 400


@dataclass(frozen=True, slots=True)
class MisdecodedCleaner:
    """Finds question marks that hide half a character and reads on from there."""

    model: CharacterModel = field(default_factory=CharacterModel.load)
    charset: Charset = field(default_factory=Charset.load)

    def edits(self, text: str) -> Sequence[Edit]:
        """Return an edit for each run restored or flagged."""
        anchors = list(ANCHOR.finditer(text))
        if not anchors:
            return ()
        shift = Shift.over(text, self.model, self.charset)
        simplified = script_of(text) == "simplified"
        found: list[Edit] = []
        for anchor in anchors:
            if found and anchor.start() < found[-1].end:
                continue
            before = repaired_line(text, anchor.start(), found)
            readings = shift.readings(anchor, before)
            if readings and (edit := self._decide(text, anchor, before, readings)):
                if simplified and edit.text != text[edit.start : edit.end]:
                    edit = Edit(edit.start, edit.end, simplify(edit.text))
                found.append(edit)
        return found

    def _decide(
        self, text: str, anchor: re.Match[str], before: str, readings: Sequence[State]
    ) -> Edit | None:
        """Return the best reading if it is surely one, the run itself if it is torn but unsure."""
        best = readings[0]
        start, end = anchor.start(), best.at
        reached = max(state.at for state in readings)
        stood = self.model.scores(before[-1:] + INSERTED.sub("", text[start : reached + AHEAD]))
        if best.score < float(stood[1:].sum()) + GAIN:
            return None
        others = (state for state in readings if fold(state.text) != fold(best.text))
        rival = next(others, None)
        sure = rival is None or best.score - rival.score >= MARGIN
        return Edit(start, end, best.text if sure else text[start:end])


def repaired_line(text: str, at: int, edits: Sequence[Edit]) -> str:
    """Return the line up to ``at`` with the edits made and the scraper's insertions out."""
    start = max(text.rfind("\n", 0, at) + 1, at - LINE)
    pieces: list[str] = []
    for edit in edits[-8:]:
        if edit.end > start and edit.start >= start:
            pieces += text[start : edit.start], edit.text
            start = edit.end
    return INSERTED.sub("", "".join([*pieces, text[start:at]]))


def simplify(text: str) -> str:
    """Return the text with its characters, though not its punctuation, simplified."""
    return "".join(fold(char) if "\u3400" <= char <= "\u9fff" else char for char in text)


@hookimpl
def lunheng_cleaners(settings: None) -> MisdecodedCleaner:
    """Make the cleaner."""
    return MisdecodedCleaner()
