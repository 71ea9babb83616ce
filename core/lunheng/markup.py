r"""Writing gold by hand: a text with inline marks becomes a raw file and its annotation, and back.

A marked file has a head, then each record's text and notes::

    source: interview.txt
    field: ai
    genre: interview
    === text
    {P老周}：{@老周}我们{D去年}花了{M三百多万}，全{!html-remnants|&nbsp;|}打了水漂。
    === notes
    S 老周 | against | 自研 | 全打了水漂 | turn

``{P…}`` is an entity (P person, O org, R product, W work, L place, M money, Q quantity, D date),
``{@name}`` begins a turn and ``{@}`` ends it early, ``{!kind|before|after}`` is damage with what
was meant, ``\{`` and ``\}`` are braces. The notes are quotes, ``Q holder | attribution | words``,
and stances, ``S holder | polarity | target | evidence | attribution | reporter=…; flags=…``.
Their words are those of the repaired text; ``start~end`` leaves out the middle, and a final
``#2`` asks for the second occurrence.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

from lunheng.documents import Edit
from lunheng.errors import ReadError
from lunheng.gold import (
    LAYERS,
    Gold,
    GoldEntity,
    GoldQuote,
    GoldRecord,
    GoldRepair,
    GoldStance,
    GoldTurn,
)
from lunheng.text import Cleaned, apply_edits

TYPES = {
    "P": "PERSON",
    "O": "ORG",
    "R": "PRODUCT",
    "W": "WORK",
    "L": "PLACE",
    "M": "MONEY",
    "Q": "QTY",
    "D": "DATE",
}
_MARK = re.compile(
    r"\\(?P<brace>[{}])"
    r"|\{!(?P<kind>[a-z-]+)\|(?P<before>[^|]*)\|(?P<after>[^|]*?)(?<!\\)\}"
    r"|\{@(?P<speaker>[^}]*)\}"
    rf"|\{{(?P<type>[{''.join(TYPES)}])"
    r"|(?P<close>\})",
)
_PART = re.compile(r"^=== (text|notes)(?: (.*))?\n", re.MULTILINE)


@dataclass(slots=True)
class _Body:
    """A record's source as it is put together, and what was marked in it."""

    source: str = ""
    entities: list[GoldEntity] = field(default_factory=list)
    starts: list[tuple[str, int]] = field(default_factory=list)
    repairs: list[GoldRepair] = field(default_factory=list)

    def read(self, marked: str) -> None:
        """Append a marked text."""
        opened: tuple[str, int] | None = None
        at = 0
        for mark in _MARK.finditer(marked):
            self.source += marked[at : mark.start()]
            at = mark.end()
            if mark["type"]:
                if opened is not None:
                    raise ReadError(f"an entity inside another at {self.source[-20:]!r}")
                opened = TYPES[mark["type"]], len(self.source)
            elif mark["close"]:
                if opened is None:
                    raise ReadError(f"a closing brace without entity after {self.source[-20:]!r}")
                kind, start = opened
                text = self.source[start:]
                self.entities.append(GoldEntity(start, len(self.source), text, kind))
                opened = None
            else:
                self._read_other(mark)
        self.source += marked[at:]
        if opened is not None:
            raise ReadError(f"an entity is not closed at {self.source[opened[1] :][:20]!r}")

    def _read_other(self, mark: re.Match[str]) -> None:
        if mark["brace"]:
            self.source += mark["brace"]
        elif mark["kind"]:
            start, before = len(self.source), mark["before"]
            self.source += before
            end = len(self.source)
            self.repairs.append(GoldRepair(start, end, before, mark["after"], mark["kind"]))
        else:
            self.starts.append((mark["speaker"], len(self.source)))

    def record(self) -> GoldRecord:
        """Return what was marked, still without the notes."""
        return GoldRecord("", tuple(self.entities), self.turns(), repairs=tuple(self.repairs))

    def turns(self) -> tuple[GoldTurn, ...]:
        """Return the turns: from its mark to the line of the next one, or to an end mark."""
        turns = []
        for number, (speaker, start) in enumerate(self.starts):
            end = len(self.source)
            if number + 1 < len(self.starts):
                following, end = self.starts[number + 1]
                if following:
                    end = self.source.rfind("\n", 0, end)
            if speaker:
                text = self.source[start:end].rstrip()
                start += len(text) - len(text.lstrip())
                text = text.strip()
                turns.append(GoldTurn(start, start + len(text), text, speaker))
        return tuple(turns)


def _find(words: str, repaired: Cleaned) -> tuple[int, int]:
    """Return the source span of words of the repaired text, given as in a note.

    Raises:
        ReadError: the words do not occur, or occur more than once without a number.
    """
    words, _, number = words.partition("#")
    head, _, tail = words.partition("~")
    hits = [match.start() for match in re.finditer(re.escape(head), repaired.text)]
    if len(hits) < int(number or 1) or (not number and len(hits) > 1):
        raise ReadError(f"{words!r} occurs {len(hits)} times; number it with #1, #2, …")
    start = hits[int(number or 1) - 1]
    end = start + len(head)
    if tail:
        if (found := repaired.text.find(tail, end)) < 0:
            raise ReadError(f"{tail!r} does not follow {head!r}")
        end = found + len(tail)
    return repaired.map.to_source(start, end)


def read_markup(marked: str) -> tuple[str, Gold]:
    """Return the raw file and the gold that a marked file stands for.

    Raises:
        ReadError: a mark or note cannot be understood; the message quotes it.
    """
    head, *parts = _PART.split(marked)
    meta = dict(line.split(": ", 1) for line in head.splitlines() if line)
    jsonl = meta["source"].endswith(".jsonl")
    records: list[GoldRecord] = []
    raws: list[str] = []
    for _, columns, content, _, _, notes in zip(*(parts[i::6] for i in range(6)), strict=True):
        body = _Body()
        body.read(content.removesuffix("\n") if jsonl else content)
        record = _with_notes(body.record(), body.source, notes)
        if jsonl:
            line, record = _as_line(json.loads(columns), body.source, record)
            records.append(replace(record, record=str(len(records) + 1)))
            raws.append(line + "\n")
        else:
            records.append(record)
            raws.append(body.source)
    return "".join(raws), Gold(meta["source"], meta["field"], meta["genre"], tuple(records))


def _as_line(columns: dict[str, str], text: str, record: GoldRecord) -> tuple[str, GoldRecord]:
    """Return the JSON object with the text as its last value, and the gold moved into it."""
    line = json.dumps({**columns, "text": text}, ensure_ascii=False)
    widths = [len(json.dumps(char, ensure_ascii=False)) - 2 for char in text]
    places = list(accumulate(widths, initial=len(line) - 2 - sum(widths)))

    def moved(span: Any) -> Any:
        start, end = places[span.start], places[span.end]
        return replace(span, start=start, end=end, text=line[start:end])

    layers = {layer: tuple(map(moved, getattr(record, layer))) for layer in LAYERS}
    return line, GoldRecord("", **layers)


def _with_notes(record: GoldRecord, source: str, notes: str) -> GoldRecord:
    repaired = apply_edits(
        source, [Edit(repair.start, repair.end, repair.after) for repair in record.repairs]
    )
    quotes: list[GoldQuote] = []
    stances: list[GoldStance] = []
    for line in filter(None, notes.splitlines()):
        try:
            cells = [cell.strip() for cell in line[2:].split(" | ")]
            if line.startswith("Q "):
                holder, attribution, words = cells
                start, end = _find(words, repaired)
                quotes.append(GoldQuote(start, end, source[start:end], holder, attribution))
            elif line.startswith("S "):
                stances.append(_stance(cells, repaired, source))
            else:
                raise ReadError("a note begins with 'Q ' or 'S '")
        except (ReadError, ValueError) as error:
            raise ReadError(f"note {line!r}: {error}") from error
    return replace(
        record,
        quotes=tuple(sorted(quotes, key=_place)),
        stances=tuple(sorted(stances, key=_place)),
    )


def _place(span: GoldQuote | GoldStance) -> tuple[int, int]:
    return span.start, span.end


def _stance(cells: list[str], repaired: Cleaned, source: str) -> GoldStance:
    holder, polarity, target, words, attribution, *more = cells
    extra = dict(item.strip().split("=") for item in ";".join(more).split(";") if item.strip())
    start, end = _find(words, repaired)
    return GoldStance(
        start,
        end,
        source[start:end],
        holder,
        target,
        polarity,
        attribution,
        extra.get("reporter"),
        tuple(extra["flags"].split(",")) if "flags" in extra else (),
    )
