"""Score what the pipeline found in a text against its gold annotation; pure functions.

Both sides are compared in the source with the gold repairs made, so that damage at the edge of a
name decides nothing. An entity is right with the same type at exactly the same place, a turn with
the same speaker and speech, a quote with the same holder and most of the same words. A stance is
right with the same holder and polarity when half of the shorter evidence overlaps. A repair is
right when the cleaned text has at its place what gold says, but for spaces and width.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from lunheng.documents import Document, Edit
from lunheng.errors import ReadError, UsageError
from lunheng.gold import AUTHOR, SUFFIX, GoldRecord, GoldStance, load_gold, sources
from lunheng.tagging.evaluation import Tally
from lunheng.text import apply_edits, fold

Verdict = Literal["right", "missed", "spurious"]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One annotation's fate: right, missed (gold only) or spurious (found only)."""

    layer: str
    label: str
    verdict: Verdict
    text: str
    detail: str = ""
    article: str = ""
    field: str = ""


def tally(outcomes: Iterable[Outcome]) -> Tally:
    """Count outcomes."""
    verdicts = [outcome.verdict for outcome in outcomes]
    return Tally(verdicts.count("right"), verdicts.count("missed"), verdicts.count("spurious"))


class _Item(NamedTuple):
    """An annotation of either side; ``key`` must be equal, ``place`` lies in repaired text."""

    key: tuple[str, ...]
    place: Place | None
    label: str
    text: str
    detail: str = ""


class _Texts:
    """The source, the cleaned text, and the repaired text that both sides are moved to."""

    def __init__(self, record: GoldRecord, source: str, document: Document) -> None:
        repairs = [Edit(repair.start, repair.end, repair.after) for repair in record.repairs]
        self.repaired, self._map = apply_edits(source, repairs)
        self.document = document

    def of_gold(self, start: int, end: int) -> Place | None:
        """Return the place of a source span."""
        place = self._map.to_target(start, end)
        return place and self._stripped(*place)

    def of_found(self, start: int, end: int) -> Place | None:
        """Return the place of a span of the document's cleaned text."""
        return self.of_gold(*self.document.source_map.to_source(start, end))

    def _stripped(self, start: int, end: int) -> Place:
        words = self.repaired[start:end]
        start += len(words) - len(words.lstrip())
        return start, start + len(words.strip())


def score(record: GoldRecord, source: str, document: Document) -> list[Outcome]:
    """Compare one document with its gold.

    Args:
        record: the gold of the record that the document was made from.
        source: the text that gold's offsets refer to.
        document: as the pipeline returns it; its source must be ``source``.

    Raises:
        UsageError: the document was made from another text.
    """
    if document.source != source:
        raise UsageError(
            f"{document.path}: expected a document of the annotated source "
            f"({len(source)} characters), found one of {len(document.source)}"
        )
    texts = _Texts(record, source, document)
    return [
        *_entities(record, texts),
        *_turns(record, texts),
        *_quotes(record, texts),
        *_stances(record, texts),
        *_repairs(record, document),
    ]


def miss(record: GoldRecord) -> list[Outcome]:
    """Return the outcomes of a record that the pipeline gave nothing for."""
    labels = {
        "entities": "type",
        "turns": "",
        "quotes": "attribution",
        "stances": "polarity",
        "repairs": "kind",
    }
    return [
        Outcome(layer, getattr(span, label, "turn"), "missed", span.text)
        for layer, label in labels.items()
        for span in getattr(record, layer)
    ]


def _entities(record: GoldRecord, texts: _Texts) -> Iterator[Outcome]:
    gold = [
        _Item((entity.type,), texts.of_gold(entity.start, entity.end), entity.type, entity.text)
        for entity in record.entities
    ]
    found = [
        _Item((mention.type,), texts.of_found(mention.start, mention.end), mention.type, text)
        for mention in texts.document.mentions
        for text in [texts.document.text[mention.start : mention.end]]
    ]
    return _outcomes("entities", gold, found, lambda left, right: float(left == right))


def _turns(record: GoldRecord, texts: _Texts) -> Iterator[Outcome]:
    gold = [
        _Item((fold(turn.speaker),), texts.of_gold(turn.start, turn.end), "turn", turn.text)
        for turn in record.turns
    ]
    found = [
        _Item(
            (fold(turn.speaker),),
            texts.of_found(turn.start, turn.end),
            "turn",
            texts.document.text[turn.start : turn.end],
            turn.speaker,
        )
        for turn in texts.document.turns
    ]
    return _outcomes("turns", gold, found, lambda left, right: float(left == right))


def _quotes(record: GoldRecord, texts: _Texts) -> Iterator[Outcome]:
    gold = [
        _Item(
            (fold(quote.holder),),
            texts.of_gold(quote.start, quote.end),
            quote.attribution,
            quote.text,
            quote.holder,
        )
        for quote in record.quotes
    ]
    found = [
        _Item(
            (fold(quote.holder),),
            texts.of_found(quote.start, quote.end),
            quote.attribution,
            texts.document.text[quote.start : quote.end],
            quote.holder,
        )
        for quote in texts.document.quotes
    ]
    return _outcomes("quotes", gold, found, lambda left, right: _overlap(left, right, max))


def _stances(record: GoldRecord, texts: _Texts) -> Iterator[Outcome]:
    gold = [
        _Item(
            (_gold_holder(stance), stance.polarity),
            texts.of_gold(stance.start, stance.end),
            stance.polarity,
            stance.text,
            f"{stance.holder} → {stance.target} ({stance.attribution})",
        )
        for stance in record.stances
    ]
    found = [
        _Item(
            (AUTHOR if stance.holder_type == "author" else fold(stance.holder), stance.polarity),
            texts.of_found(stance.start, stance.end),
            stance.polarity,
            texts.document.text[stance.start : stance.end],
            f"{stance.holder or AUTHOR} → {stance.target} ({stance.attribution})",
        )
        for stance in texts.document.stances
    ]
    return _outcomes("stances", gold, found, lambda left, right: _overlap(left, right, min))


def _gold_holder(stance: GoldStance) -> str:
    return AUTHOR if stance.holder == AUTHOR else fold(stance.holder)


def _overlap(left: Place, right: Place, measure: Callable[[int, int], int]) -> float:
    """Return the shared share of the shorter (``min``) or longer (``max``); 0 below a half."""
    shared = min(left[1], right[1]) - max(left[0], right[0])
    share = shared / max(measure(left[1] - left[0], right[1] - right[0]), 1)
    return share if share >= 0.5 else 0.0


def _outcomes(
    layer: str,
    gold: Sequence[_Item],
    found: Sequence[_Item],
    likeness: Callable[[Place, Place], float],
) -> Iterator[Outcome]:
    """Pair both sides one to one, the likest first."""
    pairs = sorted(
        (-like, i, j)
        for i, left in enumerate(gold)
        for j, right in enumerate(found)
        if left.key == right.key and left.place and right.place
        if (like := likeness(left.place, right.place))
    )
    taken: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in taken and j not in taken.values():
            taken[i] = j
    for i, item in enumerate(gold):
        verdict: Verdict = "right" if i in taken else "missed"
        yield Outcome(layer, item.label, verdict, item.text, item.detail)
    for j, item in enumerate(found):
        if j not in taken.values():
            yield Outcome(layer, item.label, "spurious", item.text, item.detail)


def _repairs(record: GoldRecord, document: Document) -> Iterator[Outcome]:
    right: list[Place] = []
    found = [
        (repair.source_start, repair.source_end, repair)
        for repair in document.repairs
        if repair.source_start is not None and repair.source_end is not None
    ]
    for repair in record.repairs:
        place = repair.start, repair.end
        target = document.source_map.to_target(*place)
        result = document.text[slice(*target)] if target else ""
        done = _plain(result) == _plain(repair.after) and any(
            _touch(place, (start, end)) for start, end, _ in found
        )
        if done:
            right.append(place)
        detail = f"expected {repair.after!r}, found {result!r}"
        yield Outcome("repairs", repair.kind, "right" if done else "missed", repair.text, detail)
    damaged = [(repair.start, repair.end) for repair in record.repairs]
    for start, end, one in found:
        # A flag changes nothing, so that it is no false alarm wherever something is damaged.
        places = damaged if one.before == one.after else right
        if not any(_touch(place, (start, end)) for place in places):
            yield Outcome("repairs", one.cleaner, "spurious", one.before, f"became {one.after!r}")


def _touch(left: Place, right: Place) -> bool:
    """Tell whether two spans share a character, or an insertion lies within or at the other."""
    if left[0] == left[1] or right[0] == right[1]:
        return left[0] <= right[1] and right[0] <= left[1]
    return left[0] < right[1] and right[0] < left[1]


def _plain(text: str) -> str:
    return "".join(fold(text).split())


Analyse = Callable[[Path], Iterable[Document]]


def evaluate_folder(folder: Path, analyse: Analyse, article: str | None = None) -> list[Outcome]:
    """Score every annotated file of a folder.

    Args:
        folder: holds raw files, each with its ``NAME.gold.json``.
        analyse: returns the documents of a file, one a record.
        article: score only the file of this name, with or without suffix.

    Raises:
        UsageError: the folder has no such annotated file.
        ReadError: a gold file cannot be read or names a missing source.
    """
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    golds = [(path, load_gold(path)) for path in paths]
    if article is not None:
        golds = [pair for pair in golds if article in (pair[1].source, Path(pair[1].source).stem)]
    if not golds:
        names = ", ".join(path.name.removesuffix(SUFFIX) for path in paths) or "none"
        raise UsageError(
            f"{folder}: expected files *{SUFFIX}"
            f"{f' for {article!r}' if article else ''}, found {names}"
        )
    outcomes: list[Outcome] = []
    for path, gold in golds:
        raw = folder / gold.source
        if not raw.is_file():
            raise ReadError(f"{path}: its source {gold.source!r} is not in {folder}; put it there")
        outcomes += _evaluate_file(raw, gold.field, gold.records, analyse)
    return outcomes


def _evaluate_file(
    raw: Path, field: str, records: Sequence[GoldRecord], analyse: Analyse
) -> Iterator[Outcome]:
    documents = {document.record: document for document in analyse(raw)}
    texts: Mapping[str, str] = sources(raw)
    for record in records:
        document = documents.get(record.record)
        found = score(record, texts[record.record], document) if document else miss(record)
        for one in found:
            yield Outcome(one.layer, one.label, one.verdict, one.text, one.detail, raw.name, field)
