"""Correcting a study: the analyst has the last word, through every rerun, and can take it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lunheng.correcting import correct, export, import_corrections, resolve
from lunheng.corrections import CorrectionsFile, Decision
from lunheng.errors import ConfigError, StudyError, UsageError
from lunheng.evaluate import evaluate_folder
from lunheng.gold import load_gold
from lunheng.recording import Recording
from lunheng.study import CORRECTIONS, Study
from studies import analyse, dump, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(
        tmp_path / "in", a_txt="甲(jià)支持开(kài)源路线，\n也支持新能源\n", b_txt="支持快充\n"
    )


@pytest.fixture
def study(tmp_path: Path, folder: Path) -> Path:
    analyse([folder], tmp_path / "study")
    return tmp_path / "study"


def stances(study: Path, **equals: object) -> list[dict[str, Any]]:
    with Study.open(study) as opened:
        return list(opened.rows("stances", **equals))


def name_of(study: Path, target: str) -> str:
    (row,) = [row for row in stances(study) if row["target"] == target]
    return str(row["stance_id"])


def decide(study: Path, about: str, verdict: str, /, **to: str) -> None:
    decision = Decision(name_of(study, about), verdict, to)  # type: ignore[arg-type]
    with Study.open(study) as opened:
        judged = resolve(opened, [decision])
    correct(study, lambda file: file.judge(*judged))


def positions(study: Path) -> set[tuple[object, ...]]:
    with Study.open(study) as opened:
        return {
            (row["holder"], row["target"], row["favor"], row["against"])
            for row in opened.rows("positions")
        }


def said(study: Path) -> set[tuple[object, ...]]:
    return {
        (r["holder"], r["target"], r["polarity"], r["origin"], r["verdict"]) for r in stances(study)
    }


def test_a_verdict_stands_in_the_tables_and_through_reruns(study: Path, folder: Path) -> None:
    assert {row["origin"] for row in stances(study)} == {"machine"}
    decide(study, "开源路线", "changed", holder="林若海", polarity="against")
    decide(study, "快充", "rejected")
    decide(study, "新能源", "confirmed")
    expected = {
        ("林若海", "开源路线", "against", "human", "changed"),
        ("", "新能源", "favor", "human", "confirmed"),
    }
    for options in ({}, {"fresh": True}):
        analyse([folder], study, **options)  # type: ignore[arg-type]
        assert said(study) == expected
        assert positions(study) == {("林若海", "开源路线", 0, 1), ("", "新能源", 1, 0)}
    (changed,) = stances(study, verdict="changed")
    assert (changed["evidence"], changed["plugin"]) == ("支持开源路线", "analyst")
    assert changed["holder_start"] is None
    with Study.open(study) as opened:
        assert opened.count("stances") == 2
        place = slice(changed["source_start"], changed["source_end"])
        assert opened.source(changed["doc_id"])[place] == "支持开(kài)源路线"


def test_what_is_taken_back_is_as_if_it_had_never_been(study: Path) -> None:
    before = dump(study)
    name = name_of(study, "开源路线")
    decide(study, "开源路线", "changed", target="闭源")
    assert dump(study) != before
    correct(study, lambda file: file.forget(name))
    assert dump(study) == before


def test_the_analyst_is_heard_where_the_machine_no_longer_is(study: Path, folder: Path) -> None:
    decide(study, "新能源", "confirmed")
    decide(study, "开源路线", "changed", polarity="against")
    decide(study, "快充", "rejected")
    analyse([folder], study, "plugins.stance.plain.word=从来没有")
    assert said(study) == {
        ("", "新能源", "favor", "human", "confirmed"),
        ("", "开源路线", "against", "human", "changed"),
    }
    assert {row["evidence"] for row in stances(study)} == {"支持新能源", "支持开源路线"}


def test_a_machine_that_has_learned_is_not_counted_twice(study: Path, folder: Path) -> None:
    decide(study, "开源路线", "changed", target="源路线")
    analyse([folder], study, "plugins.stance.plain.word=支持开")
    assert said(study) == {("", "源路线", "favor", "human", "confirmed")}


def test_a_correction_follows_its_words_into_an_edited_file(study: Path, folder: Path) -> None:
    decide(study, "开源路线", "rejected")
    decide(study, "新能源", "confirmed")
    write(folder, a_txt="前言。\n甲(jià)支持开(kài)源路线，\n也支持新能源\n")
    analyse([folder], study, prune=True)
    assert ("", "新能源", "favor", "human", "confirmed") in said(study)
    assert "开源路线" not in {row["target"] for row in stances(study)}


def test_a_correction_without_its_text_is_kept_and_named(study: Path, folder: Path) -> None:
    decide(study, "快充", "rejected")
    (folder / "b.txt").unlink()
    analyse([folder], study, prune=True)
    (idle,) = correct(study).judgements.idle
    assert idle.words == "支持快充"
    assert len(CorrectionsFile.read(study / CORRECTIONS).write().stances) == 1


def test_names_are_corrected_with_their_aliases(study: Path) -> None:
    decide(study, "开源路线", "changed", holder="老林")
    correct(study, lambda file: file.name("林若海", ["老林"], "PERSON"))
    assert ("林若海", "开源路线", 1, 0) in positions(study)


def test_an_edited_file_is_seen(study: Path) -> None:
    with Study.open(study) as opened:
        assert opened.corrected
    (study / CORRECTIONS).write_text('ignore = ["甲"]\n', "utf-8")
    with Study.open(study) as opened:
        assert not opened.corrected
    correct(study)
    with Study.open(study) as opened:
        assert opened.corrected


def test_what_cannot_be_applied_leaves_the_file_as_it_was(study: Path) -> None:
    (study / CORRECTIONS).write_text('ignore = ["甲"]\n', "utf-8")

    def spoil(file: CorrectionsFile) -> None:
        file.name("")

    with pytest.raises(ConfigError):
        correct(study, spoil)
    with Recording.open(study), pytest.raises(StudyError, match="in use"):
        correct(study, lambda file: file.ignore("乙"))
    assert (study / CORRECTIONS).read_text("utf-8") == 'ignore = ["甲"]\n'


def test_decisions_of_a_report_are_taken_over(study: Path, tmp_path: Path) -> None:
    prepared = {
        "stance": [
            {"id": name_of(study, "快充"), "verdict": "rejected"},
            {"id": name_of(study, "开源路线"), "verdict": "changed", "to": {"target": "开源路线"}},
        ],
        "name": [{"name": "林若海"}],
    }
    path = tmp_path / "decisions.json"
    path.write_text(json.dumps(prepared), "utf-8")
    with Study.open(study) as opened:
        change, unknown = import_corrections(opened, path)
    correct(study, change)
    with Study.open(study) as opened:
        held = opened.corrections()
    assert [c.verdict for c in held.stances] == ["rejected", "confirmed"]  # it changed nothing
    assert [name.name for name in held.names.names] == ["林若海"]
    other = tmp_path / "other.toml"
    (study / CORRECTIONS).rename(other)
    with Study.open(study) as opened:
        change, unknown = import_corrections(opened, other)
    assert unknown == []
    correct(study, change)
    with Study.open(study) as opened:
        assert opened.corrections().stances == held.stances


def test_strange_stances_are_named(study: Path) -> None:
    with Study.open(study) as opened, pytest.raises(UsageError, match="found nope, neither"):
        resolve(opened, [Decision("nope", "confirmed"), Decision("neither", "rejected")])


def test_what_was_decided_trains_and_scores(study: Path, tmp_path: Path) -> None:
    decide(study, "快充", "changed", polarity="against")
    decide(study, "开源路线", "confirmed")
    with Study.open(study) as opened:
        done = export(opened, tmp_path / "data")
    assert (done.examples, len(done.gold), done.unfinished) == (2, 1, 1)
    lines = (tmp_path / "data" / "training.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"text": "甲支持开源路线，", "target": "开源路线", "stance": "favor"},
        {"text": "支持快充", "target": "快充", "stance": "against"},
    ]
    (record,) = load_gold(done.gold[0]).records
    assert [(s.text, s.holder, s.polarity) for s in record.stances] == [
        ("支持快充", "作者", "against")
    ]
    outcomes = evaluate_folder(tmp_path / "data", lambda path: iter(()), None)
    assert [o.verdict for o in outcomes if o.layer == "stances"] == ["missed"]
