"""Logs of a run that nobody watches."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from commands import PLAIN_OPTIONS, STAGE_OPTIONS, call
from studies import write

CRASH = ("--set", "stages.entities=plain,trouble", "--set", "plugins.local.jobs=1")


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write(tmp_path / "in", a_txt="甲支持新能源\n", b_txt="TROUBLE-crash 乙支持快充\n")


def test_a_run_is_logged_as_json(articles: Path, tmp_path: Path) -> None:
    options = ("--log-level", "info", "--log-format", "json")
    run = ("run", articles, "-o", tmp_path / "study", "--quiet", *PLAIN_OPTIONS, *CRASH)
    result = call(*options, *run)
    logged = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]
    events = {line["event"]: line for line in logged if line["logger"] == "lunheng.run"}
    assert events["begin"]["files"] == 2
    lost = events["worker_lost"]
    assert (lost["level"], lost["stage"]) == ("warning", "entities.trouble")
    assert (events["end"]["documents"], events["end"]["failures"]) == (2, 1)
    assert events["end"]["seconds"]["stance.plain"] >= 0
    assert "step" not in events


def test_lines_for_people_have_level_and_fields(articles: Path, tmp_path: Path) -> None:
    run = ("run", articles / "a.txt", "-o", tmp_path / "study", "--quiet", *STAGE_OPTIONS)
    logged = call("--log-level", "debug", *run).stderr
    assert "INFO    lunheng.run: begin files=1" in logged
    assert "DEBUG   lunheng.run: step" in logged
    assert "lunheng.run" not in call("--log-level", "warning", *run).stderr
    assert "lunheng.run" not in call(*run).stderr


def test_logging_is_left_as_it_was() -> None:
    before = (list(logging.getLogger().handlers), logging.getLogger().level)
    call("--log-level", "debug", "frames", "show")
    assert (list(logging.getLogger().handlers), logging.getLogger().level) == before
