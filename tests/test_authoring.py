"""The author's ten minutes: a new project of every kind passes, installs and takes part at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from environments import environment, install
from lunheng.authoring import write_project
from lunheng.errors import UsageError
from lunheng.plugins import KINDS
from studies import dump

ARTICLE = (
    "星河科技的下一步\n\n林若海：我支持开源，也看好快充。\n\n记者：“换电”呢？\n\n"
    "林若海：我反对换电。\n"
)


def check_project(kind: str, folder: Path) -> None:
    """Write a project, lint, type, install and test it, and run Lunheng with it."""
    name = f"my-{kind}"
    project = folder / "project"
    write_project(name, kind, project)
    for tool in (["ruff", "check", "."], ["ruff", "format", "--check", "."]):
        subprocess.run([sys.executable, "-m", *tool], cwd=project, check=True)
    python = environment(folder / "env")
    install(project, python, folder / "wheels")
    subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=project, check=True
    )
    lunheng = [python, "-m", "lunheng", "--lang", "en"]
    checked = subprocess.run(
        [*lunheng, "plugins", "check", name], cwd=folder, capture_output=True, text=True, check=True
    )
    assert "FAILED" not in checked.stdout
    (folder / "a.txt").write_text(ARTICLE, "utf-8")
    (folder / "b.note").write_text(ARTICLE, "utf-8")
    chosen = f"stages.{kind}={name}" if kind != "readers" else f"stages.readers=text,{name}"
    paths = ["a.txt", *(["b.note"] if kind == "readers" else [])]
    others = ["--set", "stages.cleaners=punctuation"] if kind != "cleaners" else []
    if kind != "reports":
        run = [*lunheng, "run", *paths, "--set", chosen, *others]
        subprocess.run(run, cwd=folder, check=True)
        tables = dump(folder / "study")
        assert {row["path"] for row in tables["sources"]} == set(paths)
        if kind in ("entities", "stance"):
            table = "mentions" if kind == "entities" else "stances"
            assert {row["plugin"] for row in tables[table]} == {name}
    else:
        subprocess.run([*lunheng, "run", *paths, *others], cwd=folder, check=True)
        subprocess.run([*lunheng, "report", "study", "--to", name], cwd=folder, check=True)
        assert list((folder / "study" / "reports").iterdir())


def test_a_new_stance_plugin_works_at_once(tmp_path: Path) -> None:
    check_project("stance", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "stance"])
def test_a_new_plugin_of_every_kind_works_at_once(tmp_path: Path, kind: str) -> None:
    check_project(kind, tmp_path)


@pytest.mark.slow
def test_new_plugins_of_all_kinds_are_typed(tmp_path: Path) -> None:
    for kind in KINDS:
        write_project(f"my-{kind}", kind, tmp_path / kind)
        tests = tmp_path / kind / "tests" / f"test_my_{kind}.py"
        checked = [f"{tmp_path / kind}/my_{kind}.py", str(tests)]
        strictly = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", *checked]
        environment = {**os.environ, "MYPYPATH": str(tmp_path / kind)}
        subprocess.run(strictly, cwd=tmp_path / kind, env=environment, check=True)


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("My Stance", "stance", "expected a name such as my-stance"),
        ("class", "stance", "expected a name such as my-stance"),
        ("../up", "stance", "expected a name such as my-stance"),
        ("my-stance", "stances", "expected a kind of readers"),
    ],
)
def test_wrong_use_is_refused(tmp_path: Path, name: str, kind: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        write_project(name, kind, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    with pytest.raises(UsageError, match="is not empty"):
        write_project("my-stance", "stance", tmp_path)
