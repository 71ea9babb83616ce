"""The author's ten minutes: a new project of every kind passes, installs and takes part at once."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from environments import environment, install
from lunheng.authoring import write_project
from lunheng.errors import UsageError
from lunheng.plugins import KINDS
from studies import dump

REPOSITORY = Path(__file__).resolve().parent.parent
ARTICLES = {"readers": "article.note"}


def check_project(kind: str, folder: Path) -> None:
    """Write a project, lint, type, install and test it, and do with it what its README says."""
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
    for command in commands(project):
        lunheng = [python, "-m", "lunheng", "--lang", "en", *shlex.split(command)]
        done = subprocess.run(lunheng, cwd=project, stdout=subprocess.PIPE, text=True, check=True)
        assert "FAILED" not in done.stdout
    tables = dump(project / "study")
    assert {row["path"] for row in tables["sources"]} == {ARTICLES.get(kind, "article.txt")}
    assert not tables["failures"]
    if kind in ("entities", "stance"):
        table = "mentions" if kind == "entities" else "stances"
        assert {row["plugin"] for row in tables[table]} == {name}
    if kind == "reports":
        assert list((project / "study" / "reports").iterdir())


def commands(project: Path) -> list[str]:
    """Return the commands of Lunheng that a project's README names."""
    return re.findall("^    lunheng (.+)$", (project / "README.md").read_text("utf-8"), re.M)


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
        roots = (tmp_path / kind, *(REPOSITORY / name for name in ("core", "plugins", "seeds")))
        environment = {**os.environ, "MYPYPATH": os.pathsep.join(map(str, roots))}
        subprocess.run(strictly, cwd=tmp_path / kind, env=environment, check=True)


@pytest.mark.parametrize("kind", KINDS)
def test_the_readme_names_only_files_that_are_there(tmp_path: Path, kind: str) -> None:
    write_project(f"my-{kind}", kind, tmp_path)
    readme = (tmp_path / "README.md").read_text("utf-8")
    named = set(re.findall(r"[\w/-]+\.(?:txt|note|py|toml)\b", readme)) - {"lunheng.toml"}
    assert len(named) == 2
    assert all((tmp_path / name).is_file() for name in named), named
    assert any(command.startswith("run ") for command in commands(tmp_path))


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
