"""Undo text that was decoded in the wrong encoding: scored round trips."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lunheng import hookimpl
from lunheng.documents import Edit
from lunheng.text import AnchoredPattern, CharacterModel

# Windows-1252 shows bytes 80 to 9F as these; where it has none, the Latin-1 control stands.
_WINDOWS = "".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0))
_WINDOWS_BYTES = str.maketrans({char: chr(char.encode("cp1252")[0]) for char in _WINDOWS})
_LATIN = "".join(map(chr, range(0x80, 0x100)))


def shown_as_gbk(leads: Sequence[int], trails: Sequence[int]) -> str:
    """Return the characters that GBK makes of a first and a second byte."""
    pairs = (bytes([lead, trail]) for lead in leads for trail in trails)
    return "".join(sorted({pair.decode("gb18030", "ignore") for pair in pairs} - {""}))


# The first two bytes of UTF-8's Chinese, seen as GBK, and the third with what may follow it: an
# ASCII character or another first byte.
_FIRST = shown_as_gbk(range(0xE2, 0xF0), range(0x80, 0xC0))
_SECOND = shown_as_gbk(range(0x81, 0xC0), [*range(0x40, 0x7F), 0xC2, 0xC3, *range(0xE2, 0xF0)])
_LOST = AnchoredPattern(
    "(?:锟斤拷|锟斤|烫烫烫+|屯屯屯+)+|\ufffd+",
    [("锟", "斤"), ("烫", "烫"), ("屯", "屯"), ("\ufffd", "")],
)


class Way(NamedTuple):
    """How text came to be shown wrongly.

    ``run`` matches what may have come about so, ``least`` characters or more.
    """

    run: AnchoredPattern
    shown: str
    written: str
    least: int


_WESTERN = AnchoredPattern(
    rf"[{_LATIN}{re.escape(_WINDOWS)}]{{2,}}(?: ?[{_LATIN}{re.escape(_WINDOWS)}]+)*",
    [(_LATIN, _LATIN + _WINDOWS)],
)
WAYS = (
    Way(_WESTERN, "latin-1", "utf-8", 2),
    Way(_WESTERN, "latin-1", "gb18030", 4),
    Way(AnchoredPattern(r"[^\x00-\x7f]+", [(_FIRST, _SECOND)]), "gbk", "utf-8", 3),
)
# In nats: how much likelier the text must be that was meant than the characters that stand.
GAIN = 8.0
WINDOW, LONGEST_CHARACTER = 32, 4


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
        found = [(0.0, Edit(*match.span(), match[0])) for match in _LOST.finditer(text)]
        for way in WAYS:
            found += self._restored(text, way)
        return without_overlap(found)

    def _restored(self, text: str, way: Way) -> Iterator[tuple[float, Edit]]:
        """Yield what came about in one way, with the gain of reading it so."""
        reached = 0
        for start in way.run.pairs.find(text):
            if start < reached:
                continue
            end, meant = longest_reading(text, start, way)
            if end - start < way.least or not meant.strip("\ufffd"):
                continue
            gain = self._total(meant) - self._total(text[start:end])
            if gain >= GAIN:
                yield gain, Edit(start, end, meant.replace("\xa0", " ").replace("\ufeff", ""))
                reached = end

    def _total(self, text: str) -> float:
        return float(self.model.scores(text).sum())


def longest_reading(text: str, start: int, way: Way) -> tuple[int, str]:
    """Return where the longest run ends that can be read in a way, and what was meant by it."""
    size, taken, meant = WINDOW, 0, ""
    while run := way.run.pattern.match(text, start, start + size):
        data = encoded_prefix(run[0], way.shown)
        meant, taken = decoded_prefix(data, way.written)
        if len(run[0]) < size or taken + LONGEST_CHARACTER < len(data):
            break
        size *= 2
    width = 2 if way.shown == "gbk" else 1
    end = start + taken // width
    if taken % width or (width == 2 and text[end : end + 1] in _FIRST and lost_at(text, end + 1)):
        # Half of this character belongs to one whose other bytes are lost.
        end += 1 + lost_at(text, end + 1)
        meant += "\ufffd"
    return end, meant


def lost_at(text: str, place: int) -> bool:
    """Return whether what stands at a place is what decoders make of a byte they cannot read."""
    return text.startswith(("?", "\ufffd"), place)


def encoded_prefix(run: str, shown: str) -> bytes:
    """Return the bytes of a run up to the first character that has none of a fixed number."""
    if shown == "latin-1":
        run = run.translate(_WINDOWS_BYTES)
    try:
        return run.encode(shown)
    except UnicodeEncodeError as error:
        return run[: error.start].encode(shown)


def decoded_prefix(data: bytes, written: str) -> tuple[str, int]:
    """Return the text of the bytes up to the first wrong one, and how many those are."""
    try:
        return data.decode(written), len(data)
    except UnicodeDecodeError as error:
        return data[: error.start].decode(written), error.start


def without_overlap(found: Sequence[tuple[float, Edit]]) -> list[Edit]:
    """Return the edits in order, of two that overlap the one with the greater gain."""
    kept: list[tuple[float, Edit]] = []
    for gain, edit in sorted(found, key=lambda pair: pair[1].start):
        if not kept or edit.start >= kept[-1][1].end:
            kept.append((gain, edit))
        elif gain > kept[-1][0]:
            kept[-1] = gain, edit
    return [edit for _, edit in kept]


@hookimpl
def lunheng_cleaners(settings: None) -> MojibakeCleaner:
    """Make the cleaner."""
    return MojibakeCleaner()
