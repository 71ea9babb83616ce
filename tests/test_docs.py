"""The documentation's examples run: Python blocks as programs, console blocks as typed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")])
FENCE = re.compile(r"^```(python|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def by_path(page: Path) -> str:
    return page.relative_to(REPOSITORY).as_posix()


def blocks(page: Path, kind: str) -> list[str]:
    """Return the contents of a page's fences of one kind."""
    return [body for name, body in FENCE.findall(page.read_text("utf-8")) if name == kind]


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=by_path)
def test_python_examples_run(page: Path, tmp_path: Path) -> None:
    script = tmp_path / "page.py"
    script.write_text("\n".join(blocks(page, "python")), "utf-8")
    subprocess.run([sys.executable, "-W", "error", script], cwd=tmp_path, check=True)


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "console")], ids=by_path)
def test_console_examples_run(page: Path, tmp_path: Path) -> None:
    tools = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for block in blocks(page, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                command = line.removeprefix("$ ")
                subprocess.run(
                    command, shell=True, cwd=tmp_path, check=True, env={**os.environ, "PATH": tools}
                )


@pytest.mark.parametrize("page", PAGES, ids=by_path)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists(), target
