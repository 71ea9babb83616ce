"""The group of commands: lazy, helpful, and with agreed exit codes."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec

import click
import pytest
from click.testing import CliRunner

from lunheng.cli import COMMANDS, lang_option, main

EXISTING = [name for name, (home, _) in COMMANDS.items() if find_spec(home.split(":")[0])]


def test_help_loads_neither_numpy_nor_rich_nor_plugins() -> None:
    code = (
        "import sys\nfrom lunheng.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    tops = {name.split(".")[0] for name in ran.stderr.split()}
    assert tops.isdisjoint({"numpy", "rich", "pluggy", "lunheng_plugins", "sqlite3"})
    assert all(name in ran.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", EXISTING)
def test_every_command_has_help_with_an_example(name: str) -> None:
    home = COMMANDS[name][0]
    module, attribute = home.split(":")
    command = getattr(import_module(module), attribute)
    shown = CliRunner().invoke(main, [name, "--help"])
    assert isinstance(command, click.Command)
    assert shown.exit_code == 0
    assert "Example" in shown.output


def test_an_unknown_command_is_wrong_use_and_the_nearest_is_named() -> None:
    result = CliRunner().invoke(main, ["tokenise"])
    assert result.exit_code == 2
    assert "'tokenize'" in result.output


@pytest.mark.parametrize(
    ("before", "after", "expected"), [("en", "zh", "zh"), ("zh", None, "zh"), (None, "en", "en")]
)
def test_lang_is_taken_from_the_nearest_place(
    before: str | None, after: str | None, expected: str
) -> None:
    @click.command()
    @lang_option
    def show(lang: str) -> None:
        click.echo(lang)

    group = click.Group(
        "group", params=[click.Option(["--lang"])], commands={"show": show}, callback=lambda lang: 0
    )
    args = (["--lang", before] if before else []) + ["show"] + (["--lang", after] if after else [])
    result = CliRunner().invoke(group, args, env={"LANG": "de_DE.UTF-8"})
    assert result.output.strip() == expected
