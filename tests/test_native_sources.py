"""Promises about the Cython sources that the compiler itself does not keep."""

from __future__ import annotations

import os
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
    """A process a core compiles its share of the modules, whose headers it reads once."""
    shares = min(os.cpu_count() or 1, 4)
    builds = [_compiling(MODULES[first::shares], tmp_path / str(first)) for first in range(shares)]
    for build, (_, complaints) in [(build, build.communicate()) for build in builds]:
        assert build.returncode == 0, complaints
        assert not re.search("performance hint|warning", complaints), complaints
    assert len(list(tmp_path.rglob("*.c"))) == len(MODULES)


def _compiling(modules: list[Path], out: Path) -> subprocess.Popen[str]:
    """Begin to compile some modules to C."""
    sources = [str(module.relative_to(REPOSITORY)) for module in modules]
    build = f"""
from Cython.Build import cythonize
cythonize({sources!r}, include_path=["core"], build_dir={str(out)!r},
          force=True, quiet=True, language_level=3)
"""
    return subprocess.Popen(
        [sys.executable, "-c", build], cwd=REPOSITORY, stderr=subprocess.PIPE, text=True
    )
