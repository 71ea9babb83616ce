"""The example plugins are distributions of their own: they install, hold to their contract, run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from environments import environment, install
from studies import dump

EXAMPLES = Path(__file__).resolve().parent.parent / "plugins" / "examples"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a folder and the interpreter of an environment that has the examples."""
    folder = tmp_path_factory.mktemp("examples")
    python = environment(folder / "env")
    for project in sorted(EXAMPLES.iterdir()):
        copy = shutil.copytree(project, folder / project.name)
        install(copy, python, folder / "wheels" / project.name)
    pytest_all = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib"]
    subprocess.run([*pytest_all, "."], cwd=folder, check=True)
    return folder, python


def test_a_study_made_and_written_with_them(installed: tuple[Path, Path]) -> None:
    place, python = installed
    lunheng = [python, "-m", "lunheng", "--lang", "en"]
    (place / "a.txt").write_text("林若海认为：“星河科技支持开源。”\n", "utf-8")
    chosen = ["--set", "stages.tokenizers=rjieba", "--set", "plugins.rjieba.hmm=false"]
    subprocess.run([*lunheng, "run", "a.txt", *chosen], cwd=place, check=True)
    trace = subprocess.run(
        [*lunheng, "run", "a.txt", "--debug", *chosen],
        cwd=place,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert "认为" in next(line for line in trace.stdout.splitlines() if line.startswith("tokens"))
    subprocess.run([*lunheng, "report", "study", "--to", "tsv"], cwd=place, check=True)
    stances = (place / "study" / "reports" / "stances.tsv").read_text("utf-8-sig")
    assert stances.count("\n") == len(dump(place / "study")["stances"]) + 1
