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

    The state is `chosen`, `available`, `disabled`, `shadowed` (another of that name comes first)
    or `failing`, then with the reason. Each plugin is loaded for this.
    """
    from lunheng.plugins import discover

    config = load_config(config_file, assignments, {})
    rows = []
    first: set[tuple[str, str]] = set()
    for entry in discover(plugin_folders):
        shadowed = (entry.kind, entry.name) in first
        first.add((entry.kind, entry.name))
        rows.append(_row(entry, config, shadowed))
    for row in rows:
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
    if not as_json:
        _show(rows)


def _row(entry: PluginEntry, config: Config, shadowed: bool) -> dict[str, Any]:
    """Return what there is to say about one plugin."""
    from lunheng.errors import PluginError
    from lunheng.hookspecs import API_VERSION
    from lunheng.plugins import load

    row: dict[str, Any] = {
        "kind": entry.kind,
        "name": entry.name,
        "state": "available",
        "version": entry.version,
        "api": API_VERSION,
        "milliseconds": None,
        "distribution": entry.distribution,
        "reason": None,
    }
    if f"{entry.kind}.{entry.name}" in config.disabled:
        return {**row, "state": "disabled"}
    if shadowed:
        return {**row, "state": "shadowed"}
    try:
        row["milliseconds"] = round(load(entry, config.fill).seconds * 1000, 1)
    except PluginError as error:
        return {**row, "state": "failing", "api": None, "reason": str(error)}
    if entry.name in config.stages(entry.kind):
        row["state"] = "chosen"
    return row


def _show(rows: list[dict[str, Any]]) -> None:
    """Print the plugins as a table, the reasons of failures below it."""
    lines = [COLUMNS, *([_cell(row[column]) for column in COLUMNS] for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(COLUMNS))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
    for row in rows:
        if row["reason"]:
            click.echo(row["reason"], err=True)


def _cell(value: object) -> str:
    """Return a value as a table shows it."""
    return "-" if value is None else str(value)
