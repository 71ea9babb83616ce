"""Promises about the Cython sources that the compiler itself does not keep."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from Cython.Compiler import Options

REPOSITORY = Path(__file__).resolve().parent.parent
NATIVE = REPOSITORY / "core" / "lunheng" / "native"
MODULES = sorted(NATIVE.glob("*.pyx"))
DIRECTIVE = re.compile(r"^#\s*cython:\s*(.+)$|@cython\.(\w+)\(|with cython\.(\w+)\(", re.MULTILINE)


def by_name(path: Path) -> str:
    return path.stem


def directives(source: str) -> set[str]:
    """Return the names of the compiler directives that a source sets."""
    found = set()
    for header, decorator, block in DIRECTIVE.findall(source):
        if header:
            found.update(part.partition("=")[0].strip() for part in header.split(","))
        found.update(name for name in (decorator, block) if name)
    return found


@pytest.mark.parametrize("module", MODULES, ids=by_name)
def test_directives_exist(module: Path) -> None:
    known = set(Options.get_directive_defaults()) | {
        "cclass",
        "ccall",
        "freelist",
        "locals",
        "returns",
    }
    assert directives(module.read_text("utf-8")) <= known


@pytest.mark.parametrize("module", MODULES, ids=by_name)
def test_every_module_has_its_header_and_its_types(module: Path) -> None:
    assert module.with_suffix(".pxd").is_file()
    assert module.with_suffix(".pyi").is_file()


def test_compiler_has_no_complaint(tmp_path: Path) -> None:
    """One process compiles all modules, which then read each other's headers once."""
    build = f"""
from Cython.Build import cythonize
cythonize("core/lunheng/native/*.pyx", include_path=["core"], build_dir={str(tmp_path)!r},
          force=True, quiet=True, language_level=3)
"""
    run = subprocess.run(
        [sys.executable, "-c", build], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert not re.search("performance hint|warning", run.stderr), run.stderr
    assert len(list(tmp_path.rglob("*.c"))) == len(MODULES)
