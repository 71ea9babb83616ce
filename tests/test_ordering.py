"""The order of stages comes from what they need; what is unmet is said, with the way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from lunheng.config import Config
from lunheng.errors import ConfigError, PluginError
from lunheng.ordering import check_requires, ordered, unmet
from lunheng.plugins import PluginEntry, Stage, discover
from lunheng.selection import select_stages
from studies import PLAIN, SERIAL, STAGES, analyse, dump, write

KINDS = ("readers", "cleaners", "tokenizers", "entities", "quotes", "stance")
NAMES = """
from lunheng import hookimpl
from lunheng.documents import Mention

class Extractor:
    def mentions(self, document):
        at = document.text.find("新能源")
        found = f"{{len(document.quotes)}} quotes, {{len(document.mentions)}} mentions before"
        return [Mention(at, at + 3, "新能源", "PRODUCT", found)] if at >= 0 else []

@hookimpl
def lunheng_requires():
    return {requires}

@hookimpl
def lunheng_entities(settings):
    return Extractor()
"""


def stage(key: str, *requires: str) -> Stage:
    kind, _, name = key.partition(".")
    return Stage(PluginEntry(kind, name, name, name, "1"), object(), None, 0.0, requires)


def order(*stages: Stage) -> list[str]:
    """Return the calls of stages as ``name>field``, in order."""
    kinds: dict[str, tuple[Stage, ...]] = {}
    for each in stages:
        kinds[each.entry.kind] = (*kinds.get(each.entry.kind, ()), each)
    return [f"{call.stage.entry.name}>{call.field}" for call in ordered(kinds)]


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        (
            [stage("stance.s"), stage("quotes.q"), stage("entities.e"), stage("tokenizers.t")],
            "t>tokens q>turns e>mentions q>quotes s>stances",
        ),
        (
            [stage("entities.e", "quotes"), stage("quotes.q"), stage("stance.s")],
            "q>turns q>quotes e>mentions s>stances",
        ),
        (
            [stage("entities.e", "entities.f"), stage("entities.f"), stage("quotes.q")],
            "q>turns f>mentions e>mentions q>quotes",
        ),
        (
            [stage("entities.e", "mentions"), stage("entities.f"), stage("entities.g")],
            "f>mentions g>mentions e>mentions",
        ),
        (
            [stage("stance.s", "stances"), stage("stance.r", "stance.q"), stage("stance.q")],
            "q>stances r>stances s>stances",
        ),
        (
            [stage("quotes.q", "mentions", "tokens"), stage("entities.e"), stage("tokenizers.t")],
            "t>tokens q>turns e>mentions q>quotes",
        ),
    ],
)
def test_needs_come_first_and_else_the_usual_order(stages: list[Stage], expected: str) -> None:
    assert order(*stages) == expected.split()


def test_stages_that_wait_for_each_other_are_named() -> None:
    with pytest.raises(ConfigError, match=r"entities\.e \(needs quotes\), quotes\.q \(needs ment"):
        order(stage("entities.e", "quotes"), stage("quotes.q", "mentions"))


class Tagging:
    """A tokenizer's object that knows parts of speech."""

    def tags(self) -> None:
        """Do nothing."""


def test_tags_come_from_a_tokenizer_that_knows_them() -> None:
    asking, words = stage("stance.s", "tags"), stage("tokenizers.t")
    kinds = {"stance": (asking,), "tokenizers": (words,)}
    calls = ordered(kinds)
    assert str(unmet(calls[-1], calls)) == "needs tags"
    calls = ordered({**kinds, "tokenizers": (replace(words, made=Tagging()),)})
    assert unmet(calls[-1], calls) is None
    assert str(unmet(calls[-1], calls, calls[:1])) == "needs tags, and tokenizers.t failed"


@pytest.mark.parametrize(
    ("kind", "requires"),
    [
        ("stance", ["words"]),
        ("stance", ["entities"]),
        ("stance", ["entities."]),
        ("stance", ["reports.html"]),
        ("stance", "quotes"),
        ("stance", [3]),
        ("stance", None),
        ("stance", ["stance.me"]),
        ("quotes", ["stances"]),
        ("quotes", ["stance.cues"]),
        ("cleaners", ["tokens"]),
        ("reports", ["stances"]),
    ],
)
def test_needs_that_cannot_be_are_refused(kind: str, requires: Sequence[str]) -> None:
    with pytest.raises(PluginError, match=r"plugin me .*expected from lunheng_requires"):
        check_requires(requires, PluginEntry(kind, "me", "me", "me", "1"))


def names(folder: Path, requires: str, name: str = "more") -> Path:
    """Write an extractor as a loose file, with the shared small stages beside it."""
    write(folder, **{f"{name}_py": NAMES.format(requires=requires)})
    return folder


def select(folder: Path, *assignments: str) -> None:
    config = Config.load(None, {}, [*PLAIN, SERIAL, *assignments])
    select_stages(config, discover([STAGES, folder]), KINDS)


@pytest.mark.parametrize(
    ("requires", "assignments", "advice"),
    [
        ("['tokens']", ["stages.tokenizers=[]"],
         r"needs tokens, .*set by --set stages.tokenizers=\[\]\): choose one of linear, plain, for"
         r" example with --set stages.tokenizers=linear"),
        ("['entities.plain']", [],
         r"needs entities.plain, .*choose one of plain, .*--set stages.entities=more,plain"),
        ("['quotes']", ["plugins.disabled=quotes.plain"],
         r"needs quotes, .*plain is disabled; `lunheng plugins enable plain`"),
        ("['entities.nobody']", [], r"needs entities.nobody, .*: install one"),
    ],
)  # fmt: skip
def test_what_is_not_chosen_is_wrong_use_and_says_what_to_choose(
    tmp_path: Path, requires: str, assignments: list[str], advice: str
) -> None:
    with pytest.raises(ConfigError, match=advice):
        select(names(tmp_path, requires), "stages.entities=more", *assignments)


def run(tmp_path: Path, text: str, *assignments: str) -> dict[str, list[dict[str, object]]]:
    """Analyse one text with the stages in ``tmp_path`` and return the study's tables."""
    articles = write(tmp_path / "in", a_txt=text)
    analyse([articles], tmp_path / "study", *assignments, folders=(tmp_path,))
    return dump(tmp_path / "study")


def test_two_extractors_add_to_each_other_in_their_order(tmp_path: Path) -> None:
    names(tmp_path, "['quotes', 'entities.plain']")
    text = "Acme说：“支持新能源”\n"
    tables = run(tmp_path, text, "stages.entities=more,plain")
    found = {row["text"]: (row["name"], row["plugin"]) for row in tables["mentions"]}
    assert found == {
        "Acme": ("Acme", "plain"),
        "新能源": ("1 quotes, 1 mentions before", "more"),
    }
    assert tables["failures"] == []


def test_on_a_document_where_a_stage_fails_those_that_need_it_are_passed_over(
    tmp_path: Path,
) -> None:
    names(tmp_path, "['mentions']")
    tables = run(tmp_path, "TROUBLE-raise 支持新能源\n", "stages.entities=trouble,more")
    assert {row["plugin"]: row["message"] for row in tables["failures"]} == {
        "trouble": next(r["message"] for r in tables["failures"] if r["plugin"] == "trouble"),
        "more": "needs mentions, and entities.trouble failed",
    }
    assert tables["mentions"] == []
    assert len(tables["stances"]) == 1


def test_a_stage_whose_need_cannot_be_loaded_fails_once_not_on_every_document(
    tmp_path: Path,
) -> None:
    names(tmp_path, "['entities.broken']")
    write(tmp_path, broken_py="1/0\ndef lunheng_entities(settings): ...\n")
    tables = run(tmp_path, "支持新能源\n", "stages.entities=broken,more")
    assert [(row["path"], row["plugin"]) for row in tables["failures"]] == [
        ("", "broken"),
        ("", "more"),
    ]
    assert "these could not be loaded: entities plugin broken" in str(tables["failures"][1])
