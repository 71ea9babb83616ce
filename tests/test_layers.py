"""The layers of ARCHITECTURE.md: imports go down only."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
CORE = REPOSITORY / "core" / "lunheng"
PLUGINS = REPOSITORY / "plugins" / "lunheng_plugins"

LIBRARY = ("text", "tokenize", "tagging", "index", "corpus", "integrations")
RECORDS = {"lunheng.documents", "lunheng.errors", "lunheng.extras"}
FRAMEWORK_PACKAGES = {"pluggy", "click", "rich", "jinja2", "lunheng_plugins"}


def imports(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports at run time, wherever in the file."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.unparse(branch.test)
        for node in ast.walk(branch)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def sources(*folders: Path) -> list[Path]:
    """Return the Python files below the folders."""
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


@pytest.mark.parametrize(
    "path",
    sources(*(CORE / name for name in LIBRARY)),
    ids=lambda p: p.relative_to(CORE).as_posix(),
)
def test_library_uses_native_and_records_only(path: Path) -> None:
    allowed = ("lunheng.native", *(f"lunheng.{name}" for name in LIBRARY))
    for module in imports(path):
        assert module.partition(".")[0] not in FRAMEWORK_PACKAGES
        if module.startswith("lunheng."):
            assert module in RECORDS or module.startswith(allowed), module


@pytest.mark.parametrize(
    "path",
    [p for p in sources(CORE) if p.parent != CORE / "cli" and p.name != "__main__.py"],
    ids=lambda p: p.relative_to(CORE).as_posix(),
)
def test_core_knows_no_plugin_and_no_command_line(path: Path) -> None:
    for module in imports(path):
        assert not module.startswith(("lunheng_plugins", "lunheng.cli"))


@pytest.mark.parametrize("path", sources(PLUGINS), ids=lambda p: p.relative_to(PLUGINS).as_posix())
def test_plugins_use_the_public_api(path: Path) -> None:
    for module in imports(path):
        assert not module.startswith(("lunheng.native", "lunheng.cli", "lunheng.pipeline"))


def test_no_two_test_files_have_one_name() -> None:
    """They are imported by their bare names, so that one would hide the other."""
    names = Counter(path.name for path in (REPOSITORY / "tests").rglob("*.py"))
    assert [name for name, number in names.items() if number > 1 and name != "conftest.py"] == []
