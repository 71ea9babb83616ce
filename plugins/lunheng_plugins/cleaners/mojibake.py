"""Undo text that was decoded in the wrong encoding: scored round trips."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lunheng import hookimpl
from lunheng.documents import Edit
from lunheng.text import CharacterModel

# Windows-1252 shows bytes 80 to 9F as these; where it has none, the Latin-1 control stands.
_WINDOWS = "".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0))
_WINDOWS_BYTES = str.maketrans({char: chr(char.encode("cp1252")[0]) for char in _WINDOWS})
# A byte 80 to BF after one of E2 to E9 begins UTF-8's Chinese; these are such pairs as GBK.
_UTF8_AS_GBK = "".join(
    sorted(
        {
            bytes([lead, trail]).decode("gbk", "ignore")
            for lead in range(0xE2, 0xEA)
            for trail in range(0x80, 0xC0)
        }
        | {"锛"}
    )
)
_WESTERN = re.compile(
    rf"[\x80-\xff{re.escape(_WINDOWS)}]{{3,}}(?:[ ]?[\x80-\xff{re.escape(_WINDOWS)}]+)*"
)
_CHINESE = re.compile(rf"[{_UTF8_AS_GBK}][^\x00-\x7f]{{1,}}(?:\?[^\x00-\x7f]+)*\??")
_LOST = re.compile("(?:锟斤拷|锟斤|烫烫烫+|屯屯屯+)+|\ufffd+")
GAIN = 2.0


@dataclass(frozen=True, slots=True)
class MojibakeCleaner:
    """Restores runs that read better once encoded back and decoded rightly.

    Known ways: UTF-8 or GBK shown as Latin-1 or Windows-1252, UTF-8 shown as GBK. What has
    lost its bytes (锟斤拷, U+FFFD) is flagged.
    """

    model: CharacterModel = field(default_factory=CharacterModel.load)

    def edits(self, text: str) -> Sequence[Edit]:
        """Return an edit for each run restored or flagged."""
        if text.isascii():
            return ()
        found = [Edit(*match.span(), match[0]) for match in _LOST.finditer(text)]
        for pattern, ways in ((_WESTERN, (("latin-1", "utf-8"), ("latin-1", "gb18030"))),
                              (_CHINESE, (("gb18030", "utf-8"),))):  # fmt: skip
            for match in pattern.finditer(text):
                meant = self._meant(match[0], ways)
                if meant != match[0]:
                    found.append(Edit(*match.span(), meant))
        return without_overlap(found)

    def _meant(self, run: str, ways: Sequence[tuple[str, str]]) -> str:
        """Return the best reading of a run: itself, or what one of the ways makes of it."""
        readings = [reading for way in ways if (reading := round_trip(run, *way)) is not None]
        best = max(readings, key=self.model.mean, default=run)
        return best if self.model.mean(best) > self.model.mean(run) + GAIN else run


def round_trip(run: str, shown: str, written: str) -> str | None:
    """Return the run encoded as it was shown and decoded as it was written, or None."""
    if shown == "latin-1":
        run = run.translate(_WINDOWS_BYTES)
    try:
        return run.encode(shown).decode(written)
    except UnicodeError:
        return None


def without_overlap(edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits in order, of overlapping ones the first and longest."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


@hookimpl
def lunheng_cleaners(settings: None) -> MojibakeCleaner:
    """Make the cleaner."""
    return MojibakeCleaner()
