"""The open corpus: no field falls behind what was reached in names, amounts, dates and turns."""

from __future__ import annotations

from importlib.resources import as_file, files

import pytest

from lunheng.cli.eval_gold import analyser
from lunheng.evaluate import Outcome, evaluate_folder, tally

FLOORS = {
    "ai": 0.95,
    "cars": 0.90,
    "culture": 0.88,
    "finance": 0.89,
    "health": 0.93,
    "mixed": 0.82,
    "sport": 0.92,
    "work": 0.91,
}
"""Least F1 of entities; about two points below the scores of the day, so that noise passes."""


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    with as_file(files("lunheng_seeds").joinpath("samples")) as folder:
        return evaluate_folder(folder, analyser())


def test_every_field_has_a_floor(outcomes: list[Outcome]) -> None:
    assert {outcome.field for outcome in outcomes} == set(FLOORS)


@pytest.mark.parametrize("field", FLOORS)
def test_entities_of_a_field(outcomes: list[Outcome], field: str) -> None:
    entities = (o for o in outcomes if o.layer == "entities" and o.field == field)
    assert tally(entities).f1 >= FLOORS[field]


@pytest.mark.parametrize(("layer", "floor"), [("turns", 0.98), ("repairs", 0.97)])
def test_layers(outcomes: list[Outcome], layer: str, floor: float) -> None:
    assert tally(o for o in outcomes if o.layer == layer).f1 >= floor
