"""Say in Chinese what errors say in English: ours, click's, and the system's."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import IO, Any

import click

LONGEST = 2000
_FIELD = re.compile(r"\{(\w+)(\??)\}")


def in_chinese(text: str) -> str:
    """Return an English message in Chinese; as it is where no Chinese is known.

    >>> in_chinese("study is in use by another run; wait until it ends.")
    '另一次运行正在用 study；请等它结束。'
    """
    if len(text) > LONGEST:
        return text
    for pattern, chinese in _messages():
        if found := pattern.fullmatch(text):
            fields = {name: in_chinese(value.strip()) for name, value in found.groupdict().items()}
            return chinese.format(**fields)
    return text


class Told(click.ClickException):
    """An error of the command line, shown in Chinese."""

    exit_code = 2

    def __init__(self, error: click.ClickException) -> None:
        super().__init__(in_chinese(error.format_message()))
        self.context = error.ctx if isinstance(error, click.UsageError) else None

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the usage, where it was wrong, and the message."""
        if self.context is not None:
            usage = self.context.get_usage().removeprefix("Usage: ")
            click.echo(f"用法：{usage}", file, err=True)
            click.echo(f"`{self.context.command_path} --help` 有说明。\n", file, err=True)
        click.echo(f"错误：{self.message}", file, err=True)


@cache
def _messages() -> list[tuple[re.Pattern[str], str]]:
    """Return what English messages look like, with their Chinese; the most specific first."""
    table = tomllib.loads(files("lunheng.cli").joinpath("chinese.toml").read_text("utf-8"))
    ordered = sorted(table.items(), key=lambda pair: -len(_FIELD.sub("", pair[0])))
    return [(_pattern(english), chinese) for english, chinese in ordered]


def _pattern(english: str) -> re.Pattern[str]:
    """Return the expression that a message matches whose fields are filled in."""
    parts = []
    for number, part in enumerate(_FIELD.split(english)):
        if number % 3 == 0:
            parts.append(re.escape(part))
        elif number % 3 == 1:
            parts.append(f"(?P<{part}>.+?)")
        elif part:
            parts[-1] = parts[-1].replace(".+?", ".*?")
    return re.compile("".join(parts), re.DOTALL)
