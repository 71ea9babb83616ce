"""The command `lunheng plugins list`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lunheng.cli.configuring import config_options, load_config

if TYPE_CHECKING:
    from lunheng.config import Config
    from lunheng.plugins import PluginEntry

COLUMNS = ("kind", "name", "state", "version", "api", "milliseconds", "distribution")
SECONDS = 10.0


@click.command("list", epilog="Example: lunheng plugins list --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@config_options
def list_plugins(
    as_json: bool,
    config_file: Path | None,
    assignments: tuple[str, ...],
    plugin_folders: tuple[Path, ...],
) -> None:
    """List installed plugins: kind, name, state, version, API version and load time.

    The state is `chosen`, `available`, `disabled`, `shadowed` (another of that name comes first),
    `unset` (a setting is missing or does not fit) or `failing`, both with the reason. Each plugin
    is loaded for this, those from elsewhere in a process of their own first, which may take 10
    seconds.
    """
    from lunheng.plugins import discover
    from lunheng.trial import attempt, foreign

    config = load_config(config_file, assignments, {})
    states: dict[PluginEntry, str] = {}
    first: set[str] = set()
    for entry in discover(plugin_folders):
        chosen = "chosen" if entry.name in config.stages(entry.kind) else "available"
        known = "shadowed" if entry.key in first else chosen
        states[entry] = "disabled" if entry.key in config.disabled else known
        first.add(entry.key)
    tried = [e for e, state in states.items() if foreign(e) and state in ("chosen", "available")]
    trials = attempt(tried, config.fill, SECONDS)
    rows = [
        _row(entry, state, trials[entry].problem if entry in trials else "", config)
        for entry, state in states.items()
    ]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        _show(rows)


def _row(entry: PluginEntry, state: str, problem: str, config: Config) -> dict[str, Any]:
    """Return what there is to say about one plugin."""
    from lunheng.errors import ConfigError, PluginError
    from lunheng.plugins import load

    row: dict[str, Any] = {
        "kind": entry.kind,
        "name": entry.name,
        "state": state,
        "version": entry.version,
        "api": None,
        "milliseconds": None,
        "distribution": entry.distribution,
        "requires": [],
        "deprecated": [],
        "reason": None,
    }
    if state in ("disabled", "shadowed"):
        return row
    try:
        if problem:
            raise PluginError(problem)
        stage = load(entry, config.fill)
    except ConfigError as error:
        return {**row, "state": "unset", "reason": str(error)}
    except PluginError as error:
        return {**row, "state": "failing", "reason": str(error)}
    row["api"] = stage.api
    row["milliseconds"] = round(stage.seconds * 1000, 1)
    return {**row, "requires": list(stage.requires), "deprecated": list(stage.deprecated)}


def _show(rows: list[dict[str, Any]]) -> None:
    """Print the plugins as a table, the reasons of failures and what is deprecated below it."""
    lines = [COLUMNS, *([_cell(row[column]) for column in COLUMNS] for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(COLUMNS))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
    for row in rows:
        if row["state"] == "unset":
            asked = row["reason"].removesuffix(".")
            click.echo(f"{row['kind']}.{row['name']} is not set up: {asked}.", err=True)
        elif row["reason"]:
            click.echo(f"! {row['reason']}", err=True)
        for message in row["deprecated"]:
            click.echo(f"! {row['kind']} plugin {row['name']}: deprecated: {message}", err=True)


def _cell(value: object) -> str:
    """Return a value as a table shows it."""
    return "-" if value is None else str(value)
