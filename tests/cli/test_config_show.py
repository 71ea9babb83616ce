"""``config show``: what is in force and from where, also for plugins that are not chosen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import call, call_plain


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_is_in_force_and_from_where() -> None:
    Path("lunheng.toml").write_text("[plugins.stance.plain]\nword = '赞成'\n", "utf-8")
    result = call_plain("config", "show")
    as_json = call_plain("config", "show", "--json")
    assert 'plugins.stance.plain.word = "赞成"  # lunheng.toml:2:1' in result.stdout
    assert 'stages.engines = ["serial"]  # --set stages.engines=serial' in result.stdout
    assert json.loads(as_json.stdout)["plugins.stance.plain.word"]["value"] == "赞成"


def test_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUNHENG_PLUGINS__CUES__THRESHOLD", "0.4")
    monkeypatch.setenv("LUNHENG_STAGES__CLEANERS", "controls,punctuation")
    lines = call("config", "show").stdout.splitlines()
    assert "plugins.stance.cues.threshold = 0.4  # LUNHENG_PLUGINS__CUES__THRESHOLD" in lines
    assert 'stages.cleaners = ["controls", "punctuation"]  # LUNHENG_STAGES__CLEANERS' in lines


def test_a_plugin_that_is_not_chosen_is_shown_by_name_or_when_something_is_set() -> None:
    shown = call("config", "show", "local", "--set", "stages.engines=serial").stdout
    assert "plugins.engines.local.jobs = 0  # default, not chosen\n" in shown
    assert "stages." not in shown
    options = ("--set", "stages.engines=serial", "--set", "plugins.local.jobs=3")
    everything = call("config", "show", *options).stdout
    assert "plugins.engines.local.jobs = 3  # --set plugins.local.jobs=3, not chosen" in everything
    assert "plugins.engines.local" not in call("config", "show", *options[:2]).stdout


def test_disabled_plugins_are_shown_with_their_place() -> None:
    Path("lunheng.toml").write_text("[plugins]\ndisabled = ['reports.html']\n", "utf-8")
    line = 'plugins.disabled = ["reports.html"]  # lunheng.toml:2:1'
    assert line in call("config", "show").stdout


def test_a_plugin_that_cannot_be_loaded_is_named_and_the_others_shown(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("1/0\ndef lunheng_stance(settings): ...\n", "utf-8")
    result = call("config", "show", "bad", "local", "--plugin-dir", tmp_path)
    assert "bad.py:1 in <module>" in result.stderr
    assert "plugins.engines.local.jobs" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["locale"], "Did you mean 'local'?"),
        (["--set", "plugins.local.job=1"], "Did you mean 'jobs'?"),
        (["--set", "plugins.cue.threshold=1"], "Did you mean 'cues'?"),
        (["--set", "plugins.disabled=html"], "found 'html'"),
    ],
)
def test_a_wrong_name_is_refused_with_the_nearest(arguments: list[str], message: str) -> None:
    result = call("config", "show", *arguments)
    assert (result.exit_code, message in result.stderr) == (2, True), result.stderr
