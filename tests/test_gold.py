"""The gold format, and every sample article's annotation against its source."""

from __future__ import annotations

from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest

from lunheng.errors import ReadError
from lunheng.gold import (
    ATTRIBUTIONS,
    AUTHOR,
    ENTITY_TYPES,
    FLAGS,
    POLARITIES,
    REPAIR_CLASSES,
    SUFFIX,
    GoldRecord,
    dump_gold,
    load_gold,
    sources,
)

SAMPLES = Path(str(files("lunheng_seeds") / "samples"))
GOLD_FILES = sorted(SAMPLES.glob(f"*{SUFFIX}"))


def annotated() -> list[tuple[str, str, GoldRecord]]:
    """Return every record of the samples: its name, its source, its gold."""
    rows = []
    for path in GOLD_FILES:
        gold = load_gold(path)
        texts = sources(SAMPLES / gold.source)
        assert set(texts) == {record.record for record in gold.records}, path
        rows += [
            (f"{gold.source}:{record.record}", texts[record.record], record)
            for record in gold.records
        ]
    return rows


RECORDS = [pytest.param(source, record, id=name) for name, source, record in annotated()]


def test_every_raw_file_has_its_gold() -> None:
    raw = {path.name for path in SAMPLES.iterdir() if not path.name.endswith(SUFFIX)}
    assert {load_gold(path).source for path in GOLD_FILES} == raw


@pytest.mark.parametrize(("source", "record"), RECORDS)
def test_text_is_at_its_place(source: str, record: GoldRecord) -> None:
    for span in record.spans():
        assert source[span.start : span.end] == span.text
    for layer in (record.entities, record.turns, record.quotes, record.stances):
        for span in layer:
            assert span.text == span.text.strip()
            assert span.text


@pytest.mark.parametrize(("source", "record"), RECORDS)
def test_entities_turns_and_repairs_do_not_overlap(source: str, record: GoldRecord) -> None:
    for layer in (record.entities, record.turns, record.repairs):
        for left, right in pairwise(layer):
            assert left.end <= right.start, (left, right)


@pytest.mark.parametrize(("source", "record"), RECORDS)
def test_classes_are_known(source: str, record: GoldRecord) -> None:
    assert {entity.type for entity in record.entities} <= set(ENTITY_TYPES)
    assert {quote.attribution for quote in record.quotes} <= set(ATTRIBUTIONS)
    assert {repair.kind for repair in record.repairs} <= set(REPAIR_CLASSES)
    for stance in record.stances:
        assert stance.polarity in POLARITIES
        assert stance.attribution in ATTRIBUTIONS
        assert set(stance.flags) <= set(FLAGS)


@pytest.mark.parametrize(("source", "record"), RECORDS)
def test_a_turns_label_is_used_twice(source: str, record: GoldRecord) -> None:
    speakers = [turn.speaker for turn in record.turns]
    assert all(speakers.count(speaker) >= 2 for speaker in speakers)


def test_dump_and_load_agree(tmp_path: Path) -> None:
    for path in GOLD_FILES:
        copy = tmp_path / path.name
        copy.write_text(dump_gold(load_gold(path)), "utf-8")
        assert copy.read_text("utf-8") == path.read_text("utf-8")


def test_foreign_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.gold.json"
    path.write_text("[]", "utf-8")
    with pytest.raises(ReadError, match=r"x\.gold\.json: expected gold annotation"):
        load_gold(path)


@pytest.mark.parametrize(("source", "record"), RECORDS)
def test_holders_are_named_in_the_text(source: str, record: GoldRecord) -> None:
    undamaged = source
    for repair in reversed(record.repairs):
        undamaged = undamaged[: repair.start] + repair.after + undamaged[repair.end :]
    for holder in {item.holder for item in (*record.quotes, *record.stances)}:
        assert holder == AUTHOR or holder in undamaged
    for stance in record.stances:
        assert stance.target
        assert stance.reporter in (None, AUTHOR) or stance.reporter in undamaged
