"""Write a complete plugin project that works at once: code, tests, README, CI."""

from __future__ import annotations

import keyword
import re
from importlib.resources import files
from pathlib import Path
from string import Template

from lunheng.errors import UsageError
from lunheng.plugins import KINDS
from lunheng.testing import CONTRACTS

WHAT = {
    "readers": "a reader of one file format",
    "cleaners": "a cleaner that repairs one kind of damage",
    "tokenizers": "a word segmenter",
    "entities": "an extractor of names, amounts and dates",
    "quotes": "an extractor of turns and quotations",
    "stance": "a stance tagger",
    "reports": "a report writer",
    "engines": "an engine that runs the analysis",
}
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def write_project(name: str, kind: str, folder: Path) -> list[Path]:
    """Write the project of a plugin into a new or empty folder and return the files' paths.

    Raises:
        UsageError: the name cannot be a plugin's, the kind is none, or the folder is in use.
    """
    module = name.replace("-", "_")
    if not _NAME.fullmatch(name) or keyword.iskeyword(module):
        raise UsageError(f"expected a name such as my-stance, found {name!r}")
    if kind not in KINDS:
        raise UsageError(f"expected a kind of {', '.join(KINDS)}; found {kind!r}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty; choose another folder with --output")
    article = "article.note" if kind == "readers" else "article.txt"
    fields = {
        "name": name,
        "article": article,
        "chosen": f"text,{name}" if kind == "readers" else name,
        "stages": f'["text", "{name}"]' if kind == "readers" else f'"{name}"',
        "kind": kind,
        "module": module,
        "distribution": name if name.startswith("lunheng-") else f"lunheng-{name}",
        "class": "".join(part.capitalize() for part in name.split("-")),
        "contract": CONTRACTS[kind].__name__,
        "what": WHAT[kind],
    }
    places = {
        "pyproject.toml": "pyproject.toml",
        "README.md": "reports.md" if kind == "reports" else "README.md",
        article: "article.txt",
        f"{module}.py": f"{kind}.py",
        f"tests/test_{module}.py": "test.py",
        ".github/workflows/ci.yml": "ci.yml",
    }
    written = []
    for place, template in places.items():
        text = files("lunheng").joinpath("scaffold", f"{template}.tmpl").read_text("utf-8")
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(text).substitute(fields), "utf-8")
        written.append(path)
    return written
