"""The commands `lunheng plugins disable` and `enable`: write it into lunheng.toml."""

from __future__ import annotations

from pathlib import Path

import click

from lunheng.cli.plugins_author import KINDS

_FILE = click.option(
    "--config", "config_file", type=click.Path(path_type=Path, dir_okay=False),
    default="lunheng.toml", show_default=True, help="File to write it into.",
)  # fmt: skip
_KIND = click.option(
    "--kind", type=click.Choice(KINDS), help="Its kind, where several have the name."
)


@click.command(epilog="Example: lunheng plugins disable censored")
@click.argument("name")
@_KIND
@_FILE
def disable(name: str, kind: str | None, config_file: Path) -> None:
    """Leave the plugin NAME out of every run, also where it is chosen."""
    names = _disabled(config_file)
    _write(config_file, sorted({*names, *_keys(name, kind)}))


@click.command(epilog="Example: lunheng plugins enable censored")
@click.argument("name")
@_KIND
@_FILE
def enable(name: str, kind: str | None, config_file: Path) -> None:
    """Let the plugin NAME take part in runs again."""
    gone = _keys(name, kind)
    _write(config_file, [each for each in _disabled(config_file) if each not in gone])


def _keys(name: str, kind: str | None) -> set[str]:
    """Return `kind.name` for every installed plugin that is meant.

    Raises:
        UsageError: there is none.
    """
    from lunheng.plugins import discover, named

    return {entry.key for entry in named(discover(), name, kind)}


def _disabled(config_file: Path) -> list[str]:
    """Return what a file disables now."""
    from lunheng.config import Config

    return sorted(Config.load(config_file).disabled) if config_file.exists() else []


def _write(config_file: Path, names: list[str]) -> None:
    """Write the list into the file, leaving the rest of it as it is, comments too."""
    import tomlkit

    text = config_file.read_text("utf-8") if config_file.exists() else ""
    document = tomlkit.parse(text)
    if "plugins" not in document:
        document["plugins"] = tomlkit.table()
    table = document["plugins"]
    assert isinstance(table, dict)
    table["disabled"] = names
    config_file.write_text(tomlkit.dumps(document), "utf-8")
    click.echo(f"{config_file}: plugins.disabled = {', '.join(names) or '(none)'}", err=True)
