"""Gold annotation: what a raw file should yield, as standoff records beside it.

``NAME.gold.json`` lies beside the raw file and names it. Spans are half-open code points of the
decoded file (in JSONL, of the record's own line), each with the characters found there, so that a
file edited by hand cannot drift from its annotation unnoticed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from lunheng.documents import Attribution, EntityType, Polarity
from lunheng.errors import ReadError

AUTHOR = "作者"
SUFFIX = ".gold.json"
ENTITY_TYPES: tuple[str, ...] = get_args(EntityType)
POLARITIES: tuple[str, ...] = get_args(Polarity)
ATTRIBUTIONS: tuple[str, ...] = get_args(Attribution)
FLAGS = ("past", "hypothetical", "question", "concession", "rhetorical", "ironic", "shared")
REPAIR_CLASSES = (
    "controls",
    "mojibake",
    "misdecoded",
    "html-remnants",
    "pinyin-brackets",
    "punctuation",
    "censored",
)


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """A mention: its place, its characters in the source and its type."""

    start: int
    end: int
    text: str
    type: str


@dataclass(frozen=True, slots=True)
class GoldTurn:
    """A speaker's speech, without the label."""

    start: int
    end: int
    text: str
    speaker: str


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """Words given as someone's, without marks or cue."""

    start: int
    end: int
    text: str
    holder: str
    attribution: str


@dataclass(frozen=True, slots=True)
class GoldStance:
    """A holder's stance toward a target; the span is the evidence."""

    start: int
    end: int
    text: str
    holder: str
    target: str
    polarity: str
    attribution: str
    reporter: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldRepair:
    """Damage at a place: the characters found and those meant; equal ones are flagged only."""

    start: int
    end: int
    text: str
    after: str
    kind: str


@dataclass(frozen=True, slots=True)
class GoldRecord:
    """The annotation of one record of a file; plain files have one, named ``""``."""

    record: str
    entities: tuple[GoldEntity, ...] = ()
    turns: tuple[GoldTurn, ...] = ()
    quotes: tuple[GoldQuote, ...] = ()
    stances: tuple[GoldStance, ...] = ()
    repairs: tuple[GoldRepair, ...] = ()

    def spans(self) -> Iterator[GoldEntity | GoldTurn | GoldQuote | GoldStance | GoldRepair]:
        """Yield every annotated span of the record."""
        for layer in LAYERS:
            yield from getattr(self, layer)


LAYERS: dict[str, type[Any]] = {
    "entities": GoldEntity,
    "turns": GoldTurn,
    "quotes": GoldQuote,
    "stances": GoldStance,
    "repairs": GoldRepair,
}


@dataclass(frozen=True, slots=True)
class Gold:
    """The annotation of one file, with the field it writes about and its genre."""

    source: str
    field: str
    genre: str
    records: tuple[GoldRecord, ...]


def load_gold(path: Path) -> Gold:
    """Read a gold file.

    Raises:
        ReadError: the file is not gold; the message names the file and the key.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        records = tuple(_record(item) for item in data["records"])
        return Gold(data["source"], data["field"], data["genre"], records)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReadError(
            f"{path}: expected gold annotation (see lunheng.gold), found {error!r}; "
            "write it with lunheng.markup"
        ) from error


def _record(item: dict[str, Any]) -> GoldRecord:
    layers = {
        layer: tuple(
            kind(**{key: _tuples(value) for key, value in span.items()})
            for span in item.get(layer, ())
        )
        for layer, kind in LAYERS.items()
    }
    return GoldRecord(record=item["record"], **layers)


def sources(path: Path) -> dict[str, str]:
    """Return the source text of each record of a raw file, by the record's name.

    >>> from importlib.resources import files
    >>> folder = Path(str(files("lunheng_seeds") / "samples"))
    >>> list(sources(folder / "yuancheng-bangong-suibi.txt"))
    ['']
    """
    text = path.read_bytes().decode("utf-8")
    if path.suffix != ".jsonl":
        return {"": text}
    return {str(number): line for number, line in enumerate(text.split("\n"), 1) if line}


def _tuples(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def dump_gold(gold: Gold) -> str:
    """Return a gold file's text: JSON with one annotated span a line."""
    records = ",\n".join(_record_lines(record) for record in gold.records)
    head = {"source": gold.source, "field": gold.field, "genre": gold.genre}
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    return f'{opening}, "records": [\n{records}\n]}}\n'


def _record_lines(record: GoldRecord) -> str:
    layers = []
    for layer in LAYERS:
        rows = ",\n".join(
            json.dumps(_compact(asdict(span)), ensure_ascii=False)
            for span in getattr(record, layer)
        )
        if rows:
            layers.append(f'"{layer}": [\n{rows}\n]')
    return ",\n".join([f'{{"record": {json.dumps(record.record)}', *layers]) + "}"


def _compact(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value not in (None, ())}
