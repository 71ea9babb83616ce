"""What the distributions contain, and that they install."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SOURCE_SUFFIXES = {".py", ".pyx", ".pxd", ".pyi", ".typed"}


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source distribution with the tools of this environment."""
    out = tmp_path_factory.mktemp("sdist")
    subprocess.run(
        [sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", out, REPOSITORY],
        check=True,
        capture_output=True,
    )
    return next(out.glob("lunheng-*.tar.gz"))


def tracked(folder: str) -> set[str]:
    """Return the files that git tracks below ``folder``."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", folder], cwd=REPOSITORY, capture_output=True, text=True
    )
    if listing.returncode:
        pytest.skip("this tree is not a git checkout")
    return set(filter(None, listing.stdout.split("\0")))


def test_sdist_holds_every_source_and_data_file(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = tracked("core") | tracked("seeds") | tracked("plugins/lunheng_plugins")
    assert wanted
    assert wanted <= names
    assert {"setup.py", "pyproject.toml", "LICENSE", "README.md", "README.zh-CN.md"} <= names


def test_sdist_holds_nothing_that_was_built(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        suffixes = {Path(name).suffix for name in archive.getnames()}
    assert suffixes.isdisjoint({".so", ".pyd", ".c", ".cpp", ".pyc"})


@pytest.mark.slow
def test_wheel_from_sdist_runs_in_a_clean_environment(sdist: Path, tmp_path: Path) -> None:
    environment = tmp_path / "env"
    venv.create(environment, with_pip=True)
    binaries = environment / ("Scripts" if sys.platform == "win32" else "bin")
    python = binaries / "python"
    wheels = tmp_path / "wheels"
    subprocess.run(
        [python, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", wheels, sdist], check=True
    )
    wheel = next(wheels.glob("lunheng-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = {
        path.partition("/")[2]
        for path in tracked("core") | tracked("seeds")
        if Path(path).suffix in SOURCE_SUFFIXES or path.startswith("seeds/")
    }
    assert wanted <= names
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True)
    study = tmp_path / "study"
    subprocess.run([binaries / "lunheng", "run", "samples", "-o", study], check=True)
    assert (study / "study.db").is_file()
