"""Find text that was decoded one byte off, and what it was.

Some scrapers insert commas and pinyin into a page's GBK bytes without minding where a character
begins. Where the pair of bytes they look for lies across two characters, the insertion tears both
apart; the decoder makes a question mark of the first half and of an ASCII byte, and reads on one
byte off, up to the next ASCII character.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from lunheng.documents import Edit
from lunheng.native.byteshift import ShiftSearch
from lunheng.native.gbk import GbkCandidates, GbkTables
from lunheng.text.anchoring import AnchoredPattern
from lunheng.text.folding import fold, fold_table
from lunheng.text.plausibility import CharacterModel
from lunheng.text.scripts import script_of
from lunheng.text.variants import variants as read_variants

MARKS = "，。！？；：、…—·～％“”‘’「」『』《》〈〉（）【】"
SEPARATORS = "，！？；、。：,!?;:"
TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
PINYIN = rf"[a-zü]{{0,5}}[{TONED}][a-zü]{{0,4}}"
_ANCHOR = AnchoredPattern(
    rf"(?<![?？])[?？](?![?？]{{2}})(?:(?=[?？]?[{SEPARATORS}])|({PINYIN})[)）])",
    [("?？", SEPARATORS + "?？" + string.ascii_lowercase + "ü" + TONED)],
)
_INSERTED = re.compile(rf"[(（]{PINYIN}[)）]|,(?=[{SEPARATORS}])")
_TORN_SOUND = AnchoredPattern(
    rf"[?？]({PINYIN})[)）]", [("?？", string.ascii_lowercase + "ü" + TONED)]
)
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_PRIVATE_RUN = re.compile("[?？][^\x00-\x7f]{0,20}[\ue000-\uf8ff][^\x00-\x7f]{0,20}[@-~?]?")
# ！ is A3 A1 and 。 A1 A3: what must stand before a separator's first byte to make the other's.
_FIRST_HALVES = dict.fromkeys("。、", 0xA3) | dict.fromkeys("，！？；：,!?;:", 0xA1)
# In nats: a bracket of a sound that nothing else in the text has; how much better a reading must
# be than what stands there, and than the next best reading; when that is beyond doubt, also of
# dropped characters; and how unlikely a character makes a reading doubtful all the same.
UNHEARD, GAIN, MARGIN, SURE, UNDROPPED, ODD = 3.0, 6.0, 1.0, 2.0, 4.5, -10.0
LINE = 400
# How many question marks may turn out whole before the rest of the text is left alone.
PATIENCE = 64


def is_han(char: str) -> bool:
    """Return whether a character is a Chinese one that GBK can write."""
    return "\u3400" <= char <= "\u9fff"


def gbk_tables() -> GbkTables:
    """Lay out GBK's characters and bytes, and the variants that share a fold."""
    trails = [*range(0x40, 0x7F), *range(0x80, 0xFF)]
    pairs = [lead << 8 | trail for lead in range(0x81, 0xFF) for trail in trails]
    data = np.array(pairs, ">u2").tobytes()
    written = np.frombuffer(data.decode("gb18030").encode("utf-16-le"), np.uint16)
    codes = np.zeros(65536, np.uint16)
    codes[written] = pairs
    fold_to = fold_table()[:65536]
    allowed = np.zeros(65536, bool)
    allowed[0x3400:0xA000] = True
    allowed[[ord(mark) for mark in MARKS]] = True
    characters = np.zeros((256, 256), np.uint16)
    characters.ravel()[pairs] = np.where(allowed[written], written, 0)
    folding = np.flatnonzero((fold_to != np.arange(65536)) & (codes > 0) & allowed)
    folding = folding[(fold_to[folding] < 65536)]
    folding = folding[codes[fold_to[folding]] > 0]
    ends = np.concatenate([folding, fold_to[folding]])
    variants = codes[np.concatenate([fold_to[folding], folding])]
    order = np.argsort(ends, kind="stable")
    start = np.searchsorted(ends[order], np.arange(65537)).astype(np.int32)
    simplified = np.zeros(65536, np.uint8)
    simplified[[ord(c) for c in read_variants("scripts")["simplified"] if c < "\U00010000"]] = 1
    return GbkTables(characters, codes, start, variants[order], simplified, fold_to)


@dataclass(frozen=True, slots=True)
class ByteShift:
    """Restores text that was decoded one byte off.

    >>> ByteShift().edits("他說：「走吧?！?/p>")
    [Edit(start=6, end=12, text='。」')]
    """

    model: CharacterModel = field(default_factory=CharacterModel.load)
    tables: GbkTables = field(default_factory=gbk_tables)
    candidates: GbkCandidates = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Lay out the candidates of each byte."""
        object.__setattr__(self, "candidates", GbkCandidates(self.tables, self.model.table))

    def edits(self, text: str) -> Sequence[Edit]:
        """Return an edit for each torn run: what it was, or, where that is unsure, itself."""
        anchors = list(_ANCHOR.finditer(text))
        if not anchors:
            return []
        script = script_of(text)
        sounds = scraper_sounds(text)
        search = ShiftSearch(self.candidates, text, sounds, script == "traditional")
        drops = _PRIVATE.search(text) is None
        damaged = _Damaged(text, self.model, search, sounds, drops)
        found: list[Edit] = []
        patience = PATIENCE + len(text) // LINE
        for anchor in anchors:
            if found and anchor.start() < found[-1].end:
                continue
            edit = damaged.edit(anchor, repaired_line(text, anchor.start(), found))
            if edit is not None:
                found.append(simplify(edit) if script == "simplified" else edit)
            elif not (patience := patience - 1):
                break
        return found


@dataclass(frozen=True, slots=True)
class _Damaged:
    """A damaged text: what it says of itself, and the search for what its torn runs were.

    ``drops``: it has lost characters of private use.
    """

    text: str
    model: CharacterModel
    search: ShiftSearch
    sounds: dict[str, str]
    drops: bool

    def edit(self, anchor: re.Match[str], before: str) -> Edit | None:
        """Return the edit for the run that begins at an anchor, None if nothing is torn there."""
        where = (anchor.start(), before, *self._beginnings(anchor, before))
        drops = False
        reading = self.search.read(*where)
        if self.drops and (reading is None or self._doubtful(before, reading[0], reading[2])):
            drops = True
            reading = self.search.read(*where, drops=True)
        if reading is not None and reading[3] >= GAIN and reading[2] < SURE:
            reading = self.search.read(*where, drops=drops, wide=True)
        if reading is None or reading[3] < GAIN:
            return self._flag(anchor.start())
        meant, end, margin, _ = reading
        whole = self.text[anchor.start() : end]
        return Edit(anchor.start(), end, meant if margin >= MARGIN else whole)

    def _flag(self, at: int) -> Edit | None:
        """Return an edit that changes nothing if characters of private use tell of damage."""
        run = _PRIVATE_RUN.match(self.text, at)
        return Edit(at, run.end(), run[0]) if run else None

    def _doubtful(self, before: str, meant: str, margin: float) -> bool:
        """Whether characters that were dropped would perhaps explain a run better."""
        return margin < UNDROPPED or self.worst(before, meant) < ODD

    def worst(self, before: str, meant: str) -> float:
        """Return the score of a reading's least likely character."""
        return float(self.model.scores(before[-1:] + meant)[len(before[-1:]) :].min())

    def _beginnings(
        self, anchor: re.Match[str], before: str
    ) -> tuple[list[tuple[int, int, float]], int, int]:
        """Return the readings of the question mark, as ``ShiftSearch.read`` wants them."""
        at, text = anchor.start(), self.text
        if anchor[1] is not None:
            return _within_bracket(anchor, before, self.sounds), -1, 0
        separator = text[at + 2 : at + 3]
        torn = text[at + 1] in "?？" and separator in _FIRST_HALVES
        begun = [(at + 1, -1, 0.0)]
        return (begun, at + 2, _FIRST_HALVES[separator]) if torn else (begun, -1, 0)


def _within_bracket(
    anchor: re.Match[str], before: str, sounds: dict[str, str]
) -> list[tuple[int, int, float]]:
    """Return where to begin when a bracket tore the character of its sound apart.

    That character lies across the one before the bracket, whose second byte is its first, and
    the lost one, whose first byte is its second.
    """
    lead = before[-1:].encode("gb18030", "ignore")[1:]
    coded = (char.encode("gbk") for char in sounds.get(anchor[1], ""))
    seconds = sorted({data[1] for data in coded if data[:1] == lead})
    if seconds:
        return [(anchor.end(), second, 0.0) for second in seconds]
    return [(anchor.end(), -1, -UNHEARD)] if lead else []


def scraper_sounds(text: str) -> dict[str, str]:
    """Return the characters that bear pinyin brackets in a text, by those sounds that are torn."""
    sounds: dict[str, str] = {}
    for sound in {match[1] for match in _TORN_SOUND.finditer(text)}:
        pieces = *text.split(f"({sound})")[:-1], *text.split(f"（{sound}）")[:-1]
        marked = sorted({piece[-1] for piece in pieces if piece})
        sounds[sound] = "".join(c for c in marked if is_han(c) and c.encode("gbk", "ignore"))
    return sounds


def repaired_line(text: str, at: int, edits: Sequence[Edit]) -> str:
    """Return the line up to ``at`` with the edits made and the scraper's insertions out."""
    start = max(text.rfind("\n", 0, at) + 1, at - LINE)
    pieces: list[str] = []
    for edit in edits[-8:]:
        if edit.start >= start:
            pieces += text[start : edit.start], edit.text
            start = edit.end
    return _INSERTED.sub("", "".join([*pieces, text[start:at]]))


def simplify(edit: Edit) -> Edit:
    """Return the edit with its characters, though not its punctuation, simplified."""
    meant = "".join(fold(char) if is_han(char) else char for char in edit.text)
    return Edit(edit.start, edit.end, meant)
