"""A plugin can fail, the run cannot: everything a stage may do wrong on one document."""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

import pytest

from lunheng.batch import Options, run
from lunheng.config import Config
from lunheng.errors import PluginError
from lunheng_plugins.engines.local import LocalEngine, LocalSettings
from studies import PLAIN, SERIAL, STAGES, Notes, analyse, dump, write

TROUBLE = "stages.entities=trouble"
LOCAL = ("stages.engines=local", "plugins.local.jobs=2")
IMPATIENT = "plugins.local.seconds=2"
MEMORY = "plugins.local.memory_mb=300"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return tmp_path / "study"


def articles(folder: Path, deed: str) -> Path:
    """Write three articles of which the second makes the extractor misbehave."""
    return write(
        folder, a_txt="甲支持新能源\n", b_txt=f"乙支持快充 TROUBLE-{deed}\n", c_txt="丙支持换电\n"
    )


def check(study: Path, message: str) -> None:
    """Check that only that stage on only that document is missing, and that it is named."""
    tables = dump(study)
    assert [row["evidence"] for row in tables["stances"]] == [
        "支持新能源",
        "支持快充",
        "支持换电",
    ]
    (failure,) = tables["failures"]
    assert Path(failure["path"]).name == "b.txt"
    assert (failure["stage"], failure["plugin"]) == ("entities", "trouble")
    assert failure["version"]
    assert message in failure["message"]


@pytest.mark.parametrize(
    ("deed", "message"),
    [
        ("raise", "trouble.py:"),
        ("raise", "ZeroDivisionError: division by zero"),
        ("exit", "SystemExit: 3"),
        ("recurse", "RecursionError"),
        ("none", "expected a sequence of Mention records, found NoneType"),
        ("many", "expected at most 1076 records for 19 characters, found 10000000"),
        ("endless", "expected a sequence of Mention records, found callable_iterator"),
        ("beyond", "record 0: expected a mention in ascending order within [0, 21]"),
        ("backwards", "found '[3, 1)'"),
        ("float", "found '[0.0, 1)'"),
        ("flood", "record 0: expected name of at most 10000 characters, found '10000000'"),
        ("surrogate", "expected name without lone surrogates"),
    ],
)
def test_a_wrong_deed_is_recorded_and_passed_over(
    tmp_path: Path, study: Path, deed: str, message: str
) -> None:
    summary = analyse([articles(tmp_path / "in", deed)], study, TROUBLE)
    assert summary.failures == 1
    check(study, message)


@pytest.mark.parametrize(
    ("deed", "message"),
    [
        ("crash", "died: killed by SIGSEGV"),
        ("leave", "died: exited with code 7"),
        ("spin", "time: no result within 2 seconds"),
        ("hoard", "emory"),
        ("raise", "ZeroDivisionError"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals have other names there")
def test_a_lost_worker_costs_one_stage_on_one_document(
    tmp_path: Path, study: Path, deed: str, message: str
) -> None:
    notes = Notes()
    folder = articles(tmp_path / "in", deed)
    limit = (IMPATIENT,) if deed == "spin" else ()
    summary = analyse([folder], study, TROUBLE, *LOCAL, MEMORY, *limit, notes=notes)
    assert (summary.failures, summary.analysed) == (1, 3)
    check(study, message)
    if "killed" in message:
        assert notes.about("worker_lost")[0]["stage"] == "entities.trouble"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="lifts Linux's own limit")
def test_a_hoarder_is_stopped_where_the_system_does_not() -> None:
    """Memory that is counted by the watching parent only: the worker is told no limit."""
    engine = LocalEngine(LocalSettings(jobs=1, memory_mb=50))
    lost = list(engine.map(_hold_mapped_memory, [1]))
    assert [(each.reason, each.item) for each in lost] == [("memory", 1)]  # type: ignore[union-attr]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="workers are forked on Linux")
def test_what_a_worker_inherits_and_drops_does_not_offset_what_it_takes() -> None:
    cycle: list[object] = [bytearray(b"x" * (600 << 20))]
    cycle.append(cycle)
    del cycle
    lost = list(LocalEngine(LocalSettings(jobs=1, memory_mb=50)).map(_collect_and_hold, [1]))
    gc.collect()
    assert [each.reason for each in lost] == ["memory"]  # type: ignore[union-attr]


def _collect_and_hold(item: int) -> list[int]:
    gc.collect()
    return _hold_mapped_memory(item)


def _hold_mapped_memory(item: int) -> list[int]:
    """Raise this process's own limit, then hold much memory."""
    resource = pytest.importorskip("resource")
    infinite = resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_AS, (infinite, infinite))
    held = bytearray(b"x" * (200 << 20))
    time.sleep(30)
    return [len(held)]


def test_a_record_is_lost_not_its_file(tmp_path: Path, study: Path) -> None:
    lines = "".join(f"甲|我支持第{n}种\n" for n in range(30))
    lines += "乙|TROUBLE-crash 我支持快充\n" + "丙|我支持换电\n" + "丁|TROUBLE-leave 我支持开源\n"
    folder = write(tmp_path / "in", a_lines=lines)
    summary = analyse([folder], study, TROUBLE, *LOCAL)
    assert (summary.documents, summary.failures) == (33, 2)
    assert len(dump(study)["stances"]) == 33


def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    folder = articles(tmp_path / "in", "crash")
    for jobs in (1, 2, 3):
        analyse([folder], tmp_path / f"s{jobs}", TROUBLE, *LOCAL, f"plugins.local.jobs={jobs}")
    assert dump(tmp_path / "s1") == dump(tmp_path / "s2") == dump(tmp_path / "s3")


def test_spawned_workers_give_the_same(tmp_path: Path) -> None:
    folder = articles(tmp_path / "in", "raise")
    spawned = ("stages.engines=local", "plugins.local.jobs=1", "plugins.local.start=spawn")
    analyse([folder], tmp_path / "one", TROUBLE)
    analyse([folder], tmp_path / "two", TROUBLE, *spawned)
    assert dump(tmp_path / "one") == dump(tmp_path / "two")


@pytest.mark.parametrize(
    ("engine", "deed"),
    [((), "raise"), (LOCAL, "raise"), (LOCAL, "crash")],
    ids=["serial-raise", "local-raise", "local-crash"],
)
def test_strict_stops_the_run(
    tmp_path: Path,
    study: Path,
    engine: tuple[str, ...],
    deed: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LUNHENG_STRICT", "1")
    with pytest.raises(PluginError, match="trouble"):
        analyse([articles(tmp_path / "in", deed)], study, TROUBLE, *engine)


def test_a_plugin_that_cannot_be_loaded_is_named_and_passed_over(
    tmp_path: Path, study: Path
) -> None:
    notes = Notes()
    folder = articles(tmp_path / "in", "none")
    broken = tmp_path / "broken"
    write(broken, names_py="import nowhere\ndef lunheng_entities(settings): ...\n")
    config = Config.load(None, {}, [*PLAIN, SERIAL, "stages.entities=names"])
    options = Options(plugin_folders=(STAGES, broken))
    summary = run([str(folder)], study, config, options, notes)
    (failure,) = dump(study)["failures"]
    assert (failure["path"], failure["stage"], failure["plugin"]) == ("", "entities", "names")
    assert "No module named 'nowhere'" in failure["message"]
    assert summary.counts["stances"] == 3
    assert "names" in str(notes.about("plugin_failed"))


@pytest.mark.parametrize(
    ("deed", "message"),
    [
        ("at-once", r"failed: OSError: no cluster"),
        ("raise", r"failed: OSError: the cluster is gone"),
        ("keep", r"never came to the end of \S+b\.txt"),
        ("rubbish", r"expected an item and an output, found 3"),
    ],
)
def test_an_engine_that_fails_is_named_and_what_was_done_stays(
    tmp_path: Path, study: Path, deed: str, message: str
) -> None:
    folder = articles(tmp_path / "in", "none")
    engine = ("stages.engines=engines", f"plugins.engines.engines.deed={deed}")
    with pytest.raises(PluginError, match=rf"engines plugin engines \(.* {message}"):
        analyse([folder], study, *engine)
    done = len(dump(study)["documents"])
    assert done == {"at-once": 0, "raise": 1, "keep": 2, "rubbish": 1}[deed]
    assert analyse([folder], study).analysed == 3 - done
