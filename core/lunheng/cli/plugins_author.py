"""The commands for plugin authors and for those who test a plugin: new, check, trace."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from lunheng.cli.configuring import config_options, load_config

KINDS = (
    "readers",
    "cleaners",
    "tokenizers",
    "entities",
    "quotes",
    "stance",
    "reports",
    "engines",
)


@click.command(epilog="Example: lunheng plugins new my-stance --kind stance")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What kind of stage it is.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder; default: NAME.")
def new(name: str, kind: str, output: Path | None) -> None:
    """Write a complete plugin project: entry point, typed code, tests, README, CI."""
    from lunheng.authoring import write_project

    for path in write_project(name, kind, output or Path(name)):
        click.echo(path)


@click.command(epilog="Example: lunheng plugins check my-stance --kind stance")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), help="Its kind, where several have the name.")
@click.option(
    "--plugin-dir", "plugin_folders", multiple=True, type=click.Path(path_type=Path),
    help="Folder with plugins as loose Python files.",
)  # fmt: skip
def check(name: str, kind: str | None, plugin_folders: tuple[Path, ...]) -> None:
    """Run the contract of its kind on the plugin NAME; exit code 1 when it breaks it."""
    from lunheng.plugins import discover, named
    from lunheng.testing import check_plugin

    good = True
    for entry in named(discover(plugin_folders), name, kind):
        click.echo(str(entry))
        for result in check_plugin(entry):
            good = good and not result.problem
            click.echo(f"  {'FAILED' if result.problem else 'ok':6}  {result.name}")
            if result.problem:
                click.echo(f"          {result.problem}")
    sys.exit(0 if good else 1)


@click.command(epilog="Example: lunheng plugins trace article.txt")
@click.argument("path")
@config_options
def trace(
    path: str,
    config_file: Path | None,
    assignments: tuple[str, ...],
    plugin_folders: tuple[Path, ...],
) -> None:
    """Print each call of a plugin on the texts at PATH: milliseconds, stage, what it added."""
    from lunheng.analyst import KINDS as ANALYST_KINDS
    from lunheng.cli.analysing import read_sources
    from lunheng.cli.debugging import SHOWN, added
    from lunheng.plugins import discover
    from lunheng.selection import select_stages

    config = load_config(config_file, assignments, {})
    selection = select_stages(config, discover(plugin_folders), ANALYST_KINDS)
    for file, source in read_sources(selection, [path]):
        click.echo(f"# {file} {source.record}".rstrip())
        begun = time.perf_counter()
        for stage, before, after, failures in added(selection, source, file):
            now = time.perf_counter()
            counts = {n: len(getattr(after, n)) - len(getattr(before, n)) for n in SHOWN}
            found = ", ".join(f"{count} {name}" for name, count in counts.items() if count > 0)
            click.echo(f"{(now - begun) * 1000:9.2f} ms  {stage:28}  {found}".rstrip())
            for failure in failures:
                click.echo(f"{'':14}! {failure.entry}: {failure.message}")
            begun = time.perf_counter()
