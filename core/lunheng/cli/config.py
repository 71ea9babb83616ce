"""The command `lunheng config`: what is in force, and where it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
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


@config.command(epilog="Example: lunheng config show cues --set plugins.cues.threshold=0.4")
@click.argument("names", nargs=-1, metavar="[PLUGIN]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@config_options
def show(
    names: tuple[str, ...],
    as_json: bool,
    config_file: Path | None,
    assignments: tuple[str, ...],
    plugin_folders: tuple[Path, ...],
) -> None:
    """Print what is in force, and where each value was set.

    These are the chosen stages and their settings, and what is set for other plugins. With the
    names of plugins: all settings of these, chosen or not.

    \b
    The same setting, from the weakest place to the strongest:
      lunheng.toml       [plugins.cues]
                         threshold = 0.4
      the environment    LUNHENG_PLUGINS__CUES__THRESHOLD=0.4
      the command line   --set plugins.cues.threshold=0.4

    \b
    Lists are written with commas or as in TOML; a kind tells apart plugins of one name:
      --set stages.cleaners=controls,punctuation
      --set 'plugins.jsonl.text=["body", "text"]'
      --set plugins.entities.rules.names=names.toml
    """  # noqa: D301 - click takes a backspace for the end of wrapping
    from lunheng.plugins import discover
    from lunheng.selection import plain

    config = load_config(config_file, assignments, {})
    installed = discover(plugin_folders)
    config.check_names(installed)
    shown = _named(names, installed) if names else _in_force(config, installed)
    lines = [*([] if names else _stages(config)), *_settings(config, shown)]
    if as_json:
        settings = {key: {"value": plain(value), "origin": origin} for key, value, origin in lines}
        click.echo(json.dumps(settings, ensure_ascii=False, indent=2))
        return
    for key, value, origin in lines:
        click.echo(f"{key} = {json.dumps(plain(value), ensure_ascii=False)}  # {origin}")


def _stages(config: Config) -> Iterator[tuple[str, object, str]]:
    """Yield the names of the chosen stages by kind, and the plugins that are disabled."""
    from lunheng.config import DISABLED
    from lunheng.plugins import KINDS

    for kind in KINDS:
        setting = config.settings.get(("stages", kind))
        yield f"stages.{kind}", config.stages(kind), setting.origin if setting else "default"
    if config.disabled:
        yield "plugins.disabled", sorted(config.disabled), config.settings[DISABLED].origin


def _named(names: Sequence[str], installed: Sequence[PluginEntry]) -> list[PluginEntry]:
    """Return the plugins of some names.

    Raises:
        UsageError: there is none of a name.
    """
    from lunheng.plugins import named

    return [entry for name in names for entry in named(installed, name)]


def _in_force(config: Config, installed: Sequence[PluginEntry]) -> list[PluginEntry]:
    """Return the chosen plugins, then others for which something is set."""
    from lunheng.plugins import KINDS, choose

    chosen = [choose(installed, kind, name) for kind in KINDS for name in config.stages(kind)]
    return chosen + [e for e in installed if e not in chosen and config.of_plugin(e)]


def _settings(config: Config, entries: Sequence[PluginEntry]) -> Iterator[tuple[str, object, str]]:
    """Yield the settings of plugins; those that cannot be loaded are named on stderr."""
    from dataclasses import asdict

    from lunheng.plugins import import_plugin, settings_type
    from lunheng.trial import attempt, foreign

    trials = attempt([entry for entry in entries if foreign(entry)], config.fill)
    for entry in entries:
        if entry in trials and trials[entry].problem:
            click.echo(f"! {trials[entry].problem}", err=True)
            continue
        declared = settings_type(import_plugin(entry), entry)
        if declared is None:
            continue
        given = config.of_plugin(entry)
        for field, value in asdict(config.fill(entry, declared)).items():
            origin = given[field].origin if field in given else "default"
            chosen = "" if entry.name in config.stages(entry.kind) else ", not chosen"
            yield f"plugins.{entry.key}.{field}", value, origin + chosen
