"""Plugins: found without importing them, loaded one by one, contained whatever they do."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lunheng import hookspecs
from lunheng.config import Config
from lunheng.errors import PluginError, UsageError
from lunheng.plugins import (
    KINDS,
    PluginEntry,
    api_version,
    choose,
    code_hash,
    deprecations,
    discover,
    import_plugin,
    load,
)

HEAD = "from lunheng import hookimpl\n"
GOOD = (
    HEAD
    + """
class Nothing:
    def edits(self, text):
        return ()

@hookimpl
def lunheng_cleaners(settings):
    return Nothing()
"""
)


def loose(folder: Path, source: str, name: str = "mine") -> PluginEntry:
    (folder / f"{name}.py").write_text(source, "utf-8")
    return choose(discover([folder]), "cleaners", name)


def test_discovery_imports_no_plugin() -> None:
    code = (
        "import sys\nfrom lunheng.plugins import discover\nassert discover()\n"
        "print(*[m for m in sys.modules if m.startswith('lunheng_plugins')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""


def test_every_kind_has_a_built_in() -> None:
    assert {entry.kind for entry in discover() if entry.distribution == "lunheng"} == set(KINDS)


def test_a_loose_file_is_a_plugin(tmp_path: Path) -> None:
    entry = loose(tmp_path, GOOD)
    stage = load(entry, Config().fill)
    assert stage.made.edits("文") == ()
    assert (entry.kind, entry.name, entry.loose) == ("cleaners", "mine", True)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("import no_such_module\n" + GOOD, "cannot be imported: ModuleNotFoundError"),
        ("1/0\n" + GOOD, "cannot be imported: ZeroDivisionError"),
        ("raise SystemExit(3)\n" + GOOD, "cannot be imported: SystemExit: 3"),
        (GOOD.replace("(settings)", "(setting)"), "does not fit its hooks: PluginValidationError"),
        (GOOD.replace("@hookimpl\n", ""), "expected a hook lunheng_cleaners marked"),
        (GOOD + "@hookimpl\ndef lunheng_cleaner(settings): ...\n", "does not fit its hooks"),
        (GOOD.replace("edits", "edit"), "found Nothing without edits"),
        (GOOD.replace("return Nothing()", "return None"), "found None"),
        (GOOD.replace("return Nothing()", "raise OSError('disk')"), "failed: OSError: disk"),
        (GOOD + "LUNHENG_API = 99\n", "expected plugin API 1, found 99"),
        (GOOD + "@hookimpl\ndef lunheng_settings(): return 3\n", "expected a dataclass"),
        (GOOD + "@hookimpl\ndef lunheng_settings(): 1/0\n", "lunheng_settings failed"),
    ],
)
def test_what_is_wrong_is_named_with_plugin_and_version(
    tmp_path: Path, source: str, complaint: str
) -> None:
    entry = loose(tmp_path, source)
    with pytest.raises(PluginError) as caught:
        load(entry, Config().fill)
    assert str(caught.value).startswith(f"cleaners plugin mine ({tmp_path} {entry.version})")
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("1/0\n" + GOOD, "mine.py:1 in <module>"),
        (
            GOOD.replace("return Nothing()", "import json\n    json.loads('')"),
            "mine.py:10 in lunheng_cleaners",
        ),
    ],
)
def test_the_line_of_the_plugins_own_code_is_named(tmp_path: Path, source: str, place: str) -> None:
    with pytest.raises(PluginError, match=re.escape(str(tmp_path / place))):
        load(loose(tmp_path, source), Config().fill)


def test_the_line_is_named_where_the_folder_is_a_relative_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text("1/0\n" + GOOD, "utf-8")
    with pytest.raises(PluginError, match=re.escape(str(tmp_path / "mine.py:1"))):
        load(choose(discover([Path()]), "cleaners", "mine"), Config().fill)


def test_an_installed_plugins_file_is_named_as_python_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "my_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "stage.py").write_text(GOOD.replace("return Nothing()", "1 / 0"), "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    entry = PluginEntry("cleaners", "mine", "my_package.stage", "my-package", "2.1")
    with pytest.raises(PluginError) as caught:
        load(entry, Config().fill)
    expected = "ZeroDivisionError: division by zero (my_package/stage.py:9 in lunheng_cleaners)"
    assert str(caught.value).endswith(expected)


def test_ctrl_c_in_a_plugin_is_not_swallowed(tmp_path: Path) -> None:
    entry = loose(tmp_path, "raise KeyboardInterrupt\n" + GOOD)
    with pytest.raises(KeyboardInterrupt):
        load(entry, Config().fill)


def test_an_unknown_name_is_wrong_use_and_the_nearest_is_named() -> None:
    with pytest.raises(UsageError, match="Did you mean 'linear'"):
        choose(discover(), "tokenizers", "linaer")


def test_a_loose_file_that_is_wrong_is_named_where_it_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "notes.py").write_text("no hooks, not even Python", "utf-8")
    entry = loose(tmp_path, GOOD + "def (")
    assert [each.name for each in discover([tmp_path]) if each.loose] == ["mine"]
    with pytest.raises(PluginError, match=r"cannot be imported: SyntaxError: .*mine\.py:\d+\)$"):
        load(entry, Config().fill)


def distribution(folder: Path, name: str, entries: str) -> None:
    """Write what an installer leaves of a distribution."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(entries, "utf-8")


def test_a_distribution_with_broken_entry_points_is_named_and_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distribution(tmp_path, "broken-ours", "[lunheng.stance]\nmine\n")
    distribution(tmp_path, "broken-theirs", "[console_scripts]\ntheirs\n")
    distribution(tmp_path, "good", "[lunheng.stance]\ngood = nowhere:stage\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = {entry.name: entry for entry in discover()}
    assert "good" in found
    assert "broken-theirs" not in found
    with pytest.raises(PluginError, match=r"broken-ours .*entry_points\.txt cannot be read"):
        load(found["broken-ours"], Config().fill)


@pytest.mark.parametrize(
    ("spoken", "written", "advice"),
    [
        ((2, 3), "1", r"expected plugin API 2 to 3, found 1\. The plugin is too old: `pip install"),
        ((2, 3), "4", r"Lunheng is older than the plugin: `pip install --upgrade lunheng`"),
        ((2, 3), "'3'", r"found '3'\. LUNHENG_API is to be a number"),
        ((2, 3), "2", ""),
    ],
)
def test_a_plugin_of_another_api_version_is_told_the_way_out(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoken: tuple[int, int],
    written: str,
    advice: str,
) -> None:
    monkeypatch.setattr(hookspecs, "OLDEST_API_VERSION", spoken[0])
    monkeypatch.setattr(hookspecs, "API_VERSION", spoken[1])
    entry = loose(tmp_path, GOOD + f"LUNHENG_API = {written}\n")
    if not advice:
        assert api_version(import_plugin(entry)) == int(written)
        return
    with pytest.raises(PluginError, match=advice):
        import_plugin(entry)


def test_a_hook_that_is_going_to_be_replaced_works_and_names_its_successor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warning = DeprecationWarning("lunheng_cleaners: use lunheng_repairers, same signature")
    options = {**hookspecs.lunheng_cleaners.lunheng_spec, "warn_on_impl": warning}  # type: ignore[attr-defined]
    monkeypatch.setattr(hookspecs.lunheng_cleaners, "lunheng_spec", options)
    with pytest.warns(DeprecationWarning, match="use lunheng_repairers") as caught:
        manager = import_plugin(loose(tmp_path, f'"""Written for the old hook."""\n{GOOD}'))
    assert caught[0].filename == str(tmp_path / "mine.py")
    assert deprecations(manager) == [str(warning)]


def test_the_code_hash_follows_the_source(tmp_path: Path) -> None:
    before = code_hash(loose(tmp_path, GOOD))
    assert before == code_hash(loose(tmp_path, GOOD))
    assert before != code_hash(loose(tmp_path, GOOD + "# changed\n"))


@pytest.mark.parametrize(
    ("suffixes", "complaint"),
    [
        ('".txt"', "found .txt"),
        ("None", "found None"),
        ('(".TXT",)', "found ('.TXT',)"),
        ("(3,)", "found (3,)"),
        ("property(lambda self: 1 / 0)", "ZeroDivisionError"),
    ],
)
def test_a_reader_of_wrong_suffixes_is_refused(
    tmp_path: Path, suffixes: str, complaint: str
) -> None:
    source = GOOD.replace("edits(self, text)", "read(self, data, path)").replace(
        "class Nothing:", f"class Nothing:\n    suffixes = {suffixes}\n"
    )
    (tmp_path / "mine.py").write_text(source.replace("_cleaners", "_readers"), "utf-8")
    with pytest.raises(PluginError, match="does not fit its stage: ") as caught:
        load(choose(discover([tmp_path]), "readers", "mine"), Config().fill)
    assert complaint in str(caught.value)
