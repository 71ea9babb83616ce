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
    places = _places(line, text)

    def moved(span: Any) -> Any:
        start, end = places[span.start], places[span.end]
        return replace(span, start=start, end=end, text=line[start:end])

    layers = {layer: tuple(map(moved, getattr(record, layer))) for layer in LAYERS}
    return line, GoldRecord("", **layers)


def _places(line: str, text: str) -> list[int]:
    """Return where each character of the text, and its end, lies in the line that it closes."""
    widths = [len(json.dumps(char, ensure_ascii=False)) - 2 for char in text]
    return list(accumulate(widths, initial=len(line) - 2 - sum(widths)))


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


def write_markup(raw: str, gold: Gold) -> str:
    """Return the marked file that :func:`read_markup` makes ``raw`` and ``gold`` of."""
    parts = [f"source: {gold.source}\nfield: {gold.field}\ngenre: {gold.genre}\n"]
    jsonl = gold.source.endswith(".jsonl")
    lines = raw.splitlines() if jsonl else [raw]
    for record in gold.records:
        if jsonl:
            columns, text, record = _from_line(lines[int(record.record) - 1], record)
            parts.append(f"=== text {columns}\n{_marked(text, record)}\n")
        else:
            text = raw
            parts.append(f"=== text\n{_marked(text, record)}")
        parts.append(f"=== notes\n{_notes(text, record)}")
    return "".join(parts)


def _from_line(line: str, record: GoldRecord) -> tuple[str, str, GoldRecord]:
    """Return a JSON line's other columns, its text, and the gold moved into the text."""
    columns = json.loads(line)
    text = columns.pop("text")
    offsets = {place: offset for offset, place in enumerate(_places(line, text))}

    def moved(span: Any) -> Any:
        start, end = offsets[span.start], offsets[span.end]
        return replace(span, start=start, end=end, text=text[start:end])

    layers = {layer: tuple(map(moved, getattr(record, layer))) for layer in LAYERS}
    return json.dumps(columns, ensure_ascii=False), text, GoldRecord(record.record, **layers)


def _marked(source: str, record: GoldRecord) -> str:
    """Return the source with its entities, turns and repairs marked."""
    codes = {name: code for code, name in TYPES.items()}
    marks: list[tuple[int, int, str]] = []
    for entity in record.entities:
        marks += (entity.start, 3, "{" + codes[entity.type]), (entity.end, 0, "}")
    for number, turn in enumerate(record.turns):
        marks.append((turn.start, 2, f"{{@{turn.speaker}}}"))
        following = [other.start for other in record.turns[number + 1 : number + 2]]
        natural = source.rfind("\n", 0, following[0]) if following else len(source)
        if len(source[:natural].rstrip()) != turn.end:
            marks.append((turn.end, 1, "{@}"))
    pieces: list[str] = []
    at = 0
    damage = {repair.start: repair for repair in record.repairs}
    for place, _, mark in sorted([*marks, *((start, 4, "") for start in damage)]):
        pieces.append(_escaped(source[at:place]))
        at = place
        pieces.append(mark)
        if not mark:
            repair = damage[place]
            pieces.append(f"{{!{repair.kind}|{repair.text}|{repair.after}}}")
            at = repair.end
    return "".join([*pieces, _escaped(source[at:])])


def _escaped(text: str) -> str:
    return re.sub(r"[{}]", r"\\\g<0>", text)


def _notes(source: str, record: GoldRecord) -> str:
    """Return the quotes and stances, each in a line."""
    repaired = apply_edits(
        source, [Edit(repair.start, repair.end, repair.after) for repair in record.repairs]
    )
    lines = [
        f"Q {quote.holder} | {quote.attribution} | {_words(quote, repaired)}\n"
        for quote in record.quotes
    ]
    for stance in record.stances:
        extra = [f"reporter={stance.reporter}"] if stance.reporter else []
        extra += [f"flags={','.join(stance.flags)}"] if stance.flags else []
        cells = [stance.holder, stance.polarity, stance.target, _words(stance, repaired)]
        cells += [stance.attribution, *(["; ".join(extra)] if extra else [])]
        lines.append(f"S {' | '.join(cells)}\n")
    return "".join(lines)


def _words(span: GoldQuote | GoldStance, repaired: Cleaned) -> str:
    """Return the words of a span with their number where they occur more than once."""
    place = repaired.map.to_target(span.start, span.end)
    words = repaired.text[slice(*place)] if place else ""
    starts = [match.start() for match in re.finditer(re.escape(words), repaired.text)]
    if not place or place[0] not in starts:
        raise ReadError(f"{span.text!r} at {span.start} cannot be given as words of a note")
    return words if len(starts) == 1 else f"{words}#{starts.index(place[0]) + 1}"
