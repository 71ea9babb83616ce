"""A plugin that hangs or crashes while it is imported harms neither its command nor another's."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from lunheng import children, trial
from lunheng.batch import Options, Summary, run
from lunheng.config import Config
from lunheng.errors import ConfigError, PluginError
from lunheng.plugins import discover
from lunheng.trial import LIMIT, attempt
from studies import PLAIN, STAGES, Notes, dump, write

GOOD = """
from lunheng import hookimpl

class Nothing:
    def mentions(self, document):
        return ()

@hookimpl
def lunheng_entities(settings):
    return Nothing()
"""
DEEDS = {
    "import nowhere": "cannot be imported: ModuleNotFoundError: No module named 'nowhere'",
    "raise SystemExit(3)": "cannot be imported: SystemExit: 3",
    "while True: pass": "cannot be loaded: no end within 2 seconds (LUNHENG_LOAD_SECONDS)",
    "import time; time.sleep(99)": "cannot be loaded: no end within 2 seconds",
    "import ctypes; ctypes.string_at(0)": "cannot be loaded: the process killed by SIGSEGV",
    "import os; os._exit(7)": "cannot be loaded: the process exited with code 7",
    "import os; os.abort()": "cannot be loaded: the process killed by SIGABRT",
    "raise KeyboardInterrupt": "cannot be loaded: the process exited with code 1",
    "x = [bytearray(1 << 28) for _ in iter(int, 1)]": "MemoryError",
    "input()": "cannot be imported: EOFError",
}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals have other names there")


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "SECONDS", 2)
    monkeypatch.setattr(children, "MEMORY", 1 << 30)


def analyse_with(folder: Path, source: str, *assignments: str) -> tuple[Summary, Notes]:
    """Analyse one text with a plugin of this source for the entities, into ``folder``/study."""
    write(folder / "plugins", bad_py=source)
    articles = write(folder / "in", a_txt="甲支持新能源\n")
    notes = Notes()
    config = Config.load(None, {}, [*PLAIN, "stages.entities=bad", *assignments])
    options = Options(plugin_folders=(STAGES, folder / "plugins"))
    return run([str(articles)], folder / "study", config, options, notes), notes


@pytest.mark.parametrize(("deed", "message"), DEEDS.items(), ids=[*DEEDS])
def test_what_goes_wrong_while_importing_is_named_and_passed_over(
    tmp_path: Path, deed: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "no end" not in message:
        monkeypatch.setenv(LIMIT, "60")
    if "bytearray" in deed and not sys.platform.startswith("linux"):
        pytest.skip("only Linux counts the memory that is reserved")
    summary, notes = analyse_with(tmp_path, f"{deed}\n{GOOD}", "plugins.local.jobs=1")
    tables = dump(tmp_path / "study")
    (failure,) = tables["failures"]
    assert (failure["path"], failure["stage"], failure["plugin"]) == ("", "entities", "bad")
    assert message in failure["message"]
    assert f"{failure['plugin']} ({tmp_path / 'plugins'} {failure['version']})" in str(notes.notes)
    assert (summary.analysed, len(tables["stances"])) == (1, 1)


def test_a_stage_that_hangs_while_it_is_made_is_no_other_case(tmp_path: Path) -> None:
    endless = GOOD.replace("    return Nothing()", "    while True: ...")
    summary, _ = analyse_with(tmp_path, endless, "stages.engines=serial")
    assert (summary.failures, summary.counts["stances"]) == (1, 1)


def test_strict_stops_at_a_plugin_that_crashes_while_it_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUNHENG_STRICT", "1")
    with pytest.raises(PluginError, match=r"bad \(.*killed by SIGSEGV"):
        analyse_with(tmp_path, f"import ctypes; ctypes.string_at(0)\n{GOOD}")


def test_those_behind_a_plugin_that_fails_are_loaded_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, a_py=GOOD, b_py=f"1/0\n{GOOD}", c_py=f"import os; os._exit(0)\n{GOOD}")
    write(tmp_path, d_py=GOOD, e_py=f"while True: ...\n{GOOD}", f_py=GOOD)
    entries = [entry for entry in discover([tmp_path]) if entry.loose]
    trials = attempt(entries, Config().fill, seconds=1)
    assert [entry.name for entry in trials] == [*"abcdef"]
    assert [entry.name for entry, found in trials.items() if not found.problem] == [*"adf"]
    assert all(0 < found.seconds < 30 for found in trials.values())


def test_a_plugin_that_was_not_chosen_is_never_imported(tmp_path: Path) -> None:
    write(tmp_path, slow_py=f"open({str(tmp_path / 'imported')!r}, 'w')\n{GOOD}")
    articles = write(tmp_path / "in", a_txt="甲支持新能源\n")
    options = Options(plugin_folders=(STAGES, tmp_path))
    run([str(articles)], tmp_path / "study", Config.load(None, {}, PLAIN), options, Notes())
    assert not (tmp_path / "imported").exists()


def test_nothing_built_in_is_tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a child process was started")

    monkeypatch.setattr("lunheng.selection.attempt", refuse)
    articles = write(tmp_path / "in", a_txt="甲支持新能源\n")
    config = Config.load(None, {}, ["stages.engines=serial"])
    run([str(articles)], tmp_path / "study", config, Options(), Notes())


def test_the_limit_is_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIMIT, "soon")
    with pytest.raises(ConfigError, match="LUNHENG_LOAD_SECONDS: expected a number"):
        attempt([], Config().fill)


def test_what_a_plugin_says_while_it_is_tried_is_said_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    analyse_with(tmp_path, f"print('hello')\n{GOOD}", "stages.engines=serial")
    assert capfd.readouterr().out.count("hello") == 1


def test_a_slow_plugin_is_given_its_time(tmp_path: Path) -> None:
    begun = time.monotonic()
    summary, _ = analyse_with(
        tmp_path, f"import time; time.sleep(0.3)\n{GOOD}", "stages.engines=serial"
    )
    assert summary.failures == 0
    assert time.monotonic() - begun >= 0.6, "once to try it, once to use it"
