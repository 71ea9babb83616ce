"""The command `lunheng config`: what is in force, and where it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lunheng.cli.configuring import config_options, load_config

if TYPE_CHECKING:
    from lunheng.config import Config
    from lunheng.plugins import PluginEntry


@click.group(epilog="Example: lunheng config show --set plugins.local.jobs=2")
def config() -> None:
    """Show the configuration in force."""


@config.command(epilog="Example: lunheng config show")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@config_options
def show(
    as_json: bool,
    config_file: Path | None,
    assignments: tuple[str, ...],
    plugin_folders: tuple[Path, ...],
) -> None:
    """Print every setting of the chosen stages, its value, and where it was set."""
    from lunheng.plugins import discover
    from lunheng.selection import plain

    chosen = load_config(config_file, assignments, {})
    installed = discover(plugin_folders)
    chosen.check_names(installed)
    lines = [*_stages(chosen), *_settings(chosen, installed)]
    if as_json:
        settings = {key: {"value": plain(value), "origin": origin} for key, value, origin in lines}
        click.echo(json.dumps(settings, ensure_ascii=False, indent=2))
        return
    for key, value, origin in lines:
        click.echo(f"{key} = {json.dumps(plain(value), ensure_ascii=False)}  # {origin}")


def _stages(chosen: Config) -> Iterator[tuple[str, object, str]]:
    """Yield the names of the chosen stages by kind, and the plugins that are disabled."""
    from lunheng.plugins import KINDS

    for kind in KINDS:
        setting = chosen.settings.get(("stages", kind))
        yield f"stages.{kind}", chosen.stages(kind), setting.origin if setting else "default"
    if chosen.disabled:
        yield "plugins.disabled", sorted(chosen.disabled), "lunheng.toml"


def _settings(
    chosen: Config, installed: tuple[PluginEntry, ...]
) -> Iterator[tuple[str, object, str]]:
    """Yield the settings of the chosen plugins that can be imported."""
    from dataclasses import asdict

    from lunheng.errors import PluginError
    from lunheng.plugins import KINDS, choose, import_plugin, settings_type

    for kind in KINDS:
        for name in chosen.stages(kind):
            entry = choose(installed, kind, name)
            try:
                declared = settings_type(import_plugin(entry), entry)
            except PluginError as error:
                click.echo(str(error), err=True)
                continue
            if declared is None:
                continue
            given = chosen.of_plugin(entry)
            for field, value in asdict(chosen.fill(entry, declared)).items():
                origin = given[field].origin if field in given else "default"
                yield f"plugins.{kind}.{name}.{field}", value, origin
