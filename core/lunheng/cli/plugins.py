"""The command `lunheng plugins`: what is installed and in what state; make and check one."""

from __future__ import annotations

import click

from lunheng.cli import LazyGroup

TABLE = {
    "list": ("lunheng.cli.plugins_list:list_plugins", "List plugins, their state and load time."),
}


@click.group(cls=LazyGroup, table=TABLE, epilog="Example: lunheng plugins list --json")
def plugins() -> None:
    """List, make and check plugins."""
