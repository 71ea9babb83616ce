"""Errors on the console in Chinese: every message of the framework has one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import lunheng
from lunheng.cli import main
from lunheng.cli.translating import in_chinese

CORE = Path(lunheng.__file__).parent
# The modules whose errors a user meets on the way of a run, of plugins, settings and studies.
MODULES = (
    *("analyst", "authoring", "batch", "config", "containment", "contracts", "correcting"),
    *("corrections", "database", "dispatching", "extras", "frames", "inputs", "names"),
    *("ordering", "planning", "plugins", "selection", "study", "suggesting", "trial"),
    *("cli/configuring", "cli/retry", "cli/run"),
)
RAISED = {"UsageError", "ConfigError", "StudyError", "PluginError", "ReadError", "BadParameter"}


def said(node: ast.expr, fields: Iterator[str]) -> str | None:
    """Return a message as it is raised, with words for its fields; ``None`` where it is a value."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [said(part, fields) for part in node.values]
        return "".join(part or "" for part in parts)
    return next(fields) if isinstance(node, ast.FormattedValue) else None


def raised(module: str) -> list[str]:
    """Return the messages of a module that are written where they are raised."""
    found = []
    for node in ast.walk(ast.parse((CORE / f"{module}.py").read_text("utf-8"))):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            name = ast.unparse(node.exc.func).rpartition(".")[2]
            words = (f"«{number}»" for number in range(20))
            if name in RAISED and (message := said(node.exc.args[0], words)):
                found.append(message)
    return found


@pytest.mark.parametrize("module", MODULES)
def test_every_message_has_its_chinese_with_all_fields(module: str) -> None:
    for message in raised(module):
        if not re.search("[a-z]", message):
            continue  # what it says is in its fields
        chinese = in_chinese(message)
        assert re.search("[\u4e00-\u9fff]", chinese), message
        assert sorted(re.findall("«[0-9]+»", chinese)) == re.findall("«[0-9]+»", message), chinese


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("articles: cannot be read: Permission denied", "articles：不能读：没有权限"),
        (
            "stance plugin mine 1.0 (mine): failed: ValueError: bad (mine.py:3 in stances)",
            "stance plugin mine 1.0 (mine)：失败：ValueError: bad (mine.py:3 in stances)",
        ),
        ("--set x: expected a list of names, found 3", "--set x：应为一列名字，却是 3"),
        ("what nobody ever said", "what nobody ever said"),
        ("died: killed by SIGSEGV", "已死：被 SIGSEGV 终止"),
        ("in use by " * 1000, "in use by " * 1000),
    ],
)
def test_fields_that_are_messages_are_told_too(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["--lang", "zh", "rum"], "错误：没有 'rum' 这个命令。是不是 'run'？"),
        (["run", "--lang", "zh"], "错误：缺少参数 PATHS"),
        (["run", "x", "--lang=zh", "--jobs", "0"], "错误：'--jobs' 的值不对：0 不在范围"),
        (["run", "x", "--lang", "zh", "--set", "y"], "错误：应为 --set KEY=VALUE，却是 'y'"),
        (["run", "nowhere", "--lang", "zh"], "错误：'nowhere' 处应有文件或文件夹"),
        (["run", "x", "--lang", "zh", "--jbs"], "错误：没有 '--jbs' 这个选项。"),
        (["run", "x", "--lang", "en", "--jobs", "0"], "Error: Invalid value for '--jobs'"),
    ],
)
def test_a_wrong_command_line_is_told_in_the_language_it_asks_for(
    command: list[str], expected: str
) -> None:
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2
    assert expected in result.output
