"""The command `lunheng plugins`: what is installed and in what state; make and check one."""

from __future__ import annotations

import click

from lunheng.cli import LazyGroup

TABLE = {
    "list": ("lunheng.cli.plugins_list:list_plugins", "List plugins, their state and load time."),
    "new": ("lunheng.cli.plugins_author:new", "Write a complete plugin project."),
    "check": ("lunheng.cli.plugins_author:check", "Run the contract of its kind on a plugin."),
    "trace": ("lunheng.cli.plugins_author:trace", "Show each call of a plugin on a text."),
    "disable": ("lunheng.cli.plugins_switch:disable", "Leave a plugin out of every run."),
    "enable": ("lunheng.cli.plugins_switch:enable", "Let a plugin take part again."),
}


@click.group(cls=LazyGroup, table=TABLE, epilog="Example: lunheng plugins list --json")
def plugins() -> None:
    """List, make and check plugins."""
