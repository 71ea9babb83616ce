"""Environments of their own for plugins: they see this one's packages and what is put in."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path


def environment(folder: Path) -> Path:
    """Make an environment that sees this one's packages, and return its interpreter."""
    venv.create(folder)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ours = sysconfig.get_path("purelib")
    (site_packages(python) / "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    return python


def site_packages(python: Path) -> Path:
    """Return where an interpreter has its packages."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    out = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return Path(out.stdout.strip())


def install(project: Path, python: Path, wheels: Path) -> None:
    """Build a project's wheel and unpack it where the interpreter looks."""
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", wheels, project],
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
        wheel.extractall(site_packages(python))
