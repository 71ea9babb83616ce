"""The catalogue: the same fields in both languages, and no key asked for that is not there."""

from __future__ import annotations

import re
import string
import tomllib
from importlib.resources import files

import pytest

PACKAGE = files("lunheng_plugins.reports")
TABLES = tomllib.loads(PACKAGE.joinpath("messages.toml").read_text("utf-8"))
ASKED = re.compile(r"\bsay\(\s*[\"'](\w+)[\"']\s*[,)]")


def fields(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


@pytest.mark.parametrize("key", TABLES)
def test_both_languages_fill_the_same_fields(key: str) -> None:
    assert set(TABLES[key]) == {"zh", "en"}
    assert fields(TABLES[key]["zh"]) == fields(TABLES[key]["en"])


def test_every_key_that_is_asked_for_exists() -> None:
    folders = [PACKAGE, PACKAGE / "templates", PACKAGE / "templates" / "js"]
    sources = [
        item.read_text("utf-8")
        for folder in folders
        for item in folder.iterdir()
        if item.name.endswith((".py", ".j2", ".js"))
    ]
    asked = {key for source in sources for key in ASKED.findall(source)}
    assert len(asked) > 80
    assert asked <= set(TABLES)
