"""The documentation's examples run as they are written, and print what the pages say.

On a page, a fence with a title is a file; ``console`` fences are commands (lines after ``$``) and
what they print; ``python`` fences are one program, and a ``text`` fence right after one is what
that part prints. In both, ``…`` stands for anything in its line, alone on a line for any lines.
``<!-- needs: NAME … -->`` names the modules without which a page is skipped, ``<!-- slow -->``
marks it so. A Chinese page has the programs, files and commands of its English twin.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
ENGLISH, CHINESE = REPOSITORY / "docs" / "en", REPOSITORY / "docs" / "zh"
PAGES = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")])
TWINS = [
    (REPOSITORY / "README.md", REPOSITORY / "README.zh-CN.md"),
    *((page, CHINESE / page.relative_to(ENGLISH)) for page in sorted(ENGLISH.rglob("*.md"))),
]
IN_ENGLISH_ONLY = ("reference/", "index-format.md")
FENCE = re.compile(
    r'^```(?P<kind>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<body>.*?)^```$(?P<next>\n+```text$)?',
    re.MULTILINE | re.DOTALL,
)
NEEDS = re.compile(r"^<!-- needs: (.+) -->$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
PART = "\x1e"
ANY = "…\n"


class Fence(NamedTuple):
    """One code block: its language, its file name or nothing, its text, and what it prints."""

    kind: str
    title: str
    body: str
    prints: str | None


class Command(NamedTuple):
    """A command line and what it prints, or nothing where the page does not say."""

    line: str
    prints: str


def by_path(page: Path) -> str:
    return page.relative_to(REPOSITORY).as_posix()


def fences(page: Path) -> list[Fence]:
    """Return the code blocks of a page."""
    text = page.read_text("utf-8")
    found = []
    for match in FENCE.finditer(text):
        shown = FENCE.match(text, match.end() - len("```text")) if match["next"] else None
        prints = shown["body"] if shown else None
        found.append(Fence(match["kind"], match["title"] or "", match["body"], prints))
    return found


def program(page: Path) -> list[Fence]:
    """Return the parts of the program that a page's Python fences are."""
    return [fence for fence in fences(page) if fence.kind == "python" and not fence.title]


def commands(page: Path) -> Iterator[Command]:
    """Yield the commands of a page."""
    for fence in fences(page):
        if fence.kind == "console":
            for part in re.split(r"^\$ ", fence.body, flags=re.MULTILINE)[1:]:
                line, _, prints = part.partition("\n")
                yield Command(line, prints)


def files(page: Path) -> dict[str, str]:
    """Return the files of a page by name."""
    return {fence.title: fence.body for fence in fences(page) if fence.title}


def with_marks(pages: list[Path]) -> list[object]:
    """Return pages as parameters, the slow ones marked."""
    return [
        pytest.param(
            page,
            marks=[pytest.mark.slow] if "<!-- slow -->" in page.read_text("utf-8") else [],
            id=by_path(page),
        )
        for page in pages
    ]


def assert_shown(shown: str, printed: str, what: str) -> None:
    """Check what a page shows against what was printed; spaces at lines' ends do not matter."""
    tidy = re.sub(r"[ \t]+$", "", printed, flags=re.MULTILINE)
    parts = re.sub(r"[ \t]+$", "", shown, flags=re.MULTILINE).split(ANY)
    pattern = "(?:.*\n)*".join(re.escape(part).replace("…", ".*") for part in parts)
    assert re.fullmatch(pattern, tidy), f"{what} prints\n{printed}\nand the page shows\n{shown}"


@pytest.mark.parametrize(
    "page",
    with_marks([p for p in PAGES if CHINESE not in p.parents and (program(p) or any(commands(p)))]),
)
def test_the_examples_of_a_page_run(page: Path, tmp_path: Path) -> None:
    needs = NEEDS.search(page.read_text("utf-8"))
    for module in needs[1].split() if needs else ():
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    for name, body in files(page).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(body, "utf-8")
    tools = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": tools, "LC_ALL": "C.UTF-8"}
    environment |= {"PYTHONUTF8": "1", "COLUMNS": "100", "PYTHONPATH": str(tmp_path)}
    for command in commands(page):
        ran = subprocess.run(
            ["bash", "-c", command.line] if os.name == "posix" else command.line,
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            shell=os.name != "posix",
        )
        assert ran.returncode == 0, command.line
        if command.prints.strip():
            assert_shown(command.prints, ran.stdout, command.line)
    parts = program(page)
    if parts:
        script = tmp_path / "page_program.py"
        separator = f"print({PART!r}, end='', flush=True)\n"
        script.write_text(separator.join(part.body for part in parts), "utf-8")
        warnings = "default" if needs else "error"
        ran = subprocess.run(
            [sys.executable, "-W", warnings, script],
            cwd=tmp_path,
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for part, printed in zip(parts, ran.stdout.split(PART), strict=True):
            if part.prints is not None:
                assert_shown(part.prints, printed, part.body)


@pytest.mark.parametrize("pair", TWINS, ids=lambda pair: by_path(pair[0]))
def test_chinese_pages_show_the_same_examples(pair: tuple[Path, Path]) -> None:
    english, chinese = pair
    if english.is_relative_to(ENGLISH):
        name = english.relative_to(ENGLISH).as_posix()
        if name.startswith(IN_ENGLISH_ONLY):
            assert not chinese.exists()
            return
    programs = [
        [(ast.dump(ast.parse(part.body)), part.prints) for part in program(page)] for page in pair
    ]
    assert programs[0] == programs[1]
    typed = [
        [
            command._replace(line=command.line.replace("--lang zh ", ""))
            for command in commands(page)
        ]
        for page in pair
    ]
    assert typed[0] == typed[1]
    assert files(english) == files(chinese)
    needs = [NEEDS.findall(page.read_text("utf-8")) for page in pair]
    assert needs[0] == needs[1]


@pytest.mark.parametrize("page", PAGES, ids=by_path)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        there = page.parent / target
        if page.is_relative_to(CHINESE) and not there.exists():
            there = ENGLISH / page.parent.relative_to(CHINESE) / target
        assert there.resolve().exists(), target
