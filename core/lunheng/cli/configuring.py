"""The options by which commands that run stages are configured."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from lunheng.config import Config

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Configuration file; default: lunheng.toml here, when there is one.",
    ),
    click.option(
        "--set",
        "assignments",
        multiple=True,
        metavar="KEY=VALUE",
        help="Set what lunheng.toml could, such as stages.stance=my-stance"
        " or plugins.cues.threshold=0.4.",
    ),
    click.option(
        "--plugin-dir",
        "plugin_folders",
        multiple=True,
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder with plugins as loose Python files.",
    ),
)


def config_options(command: Decorated) -> Decorated:
    """Add ``--config``, ``--set`` and ``--plugin-dir`` to a command."""
    return reduce(lambda inner, option: option(inner), reversed(_OPTIONS), command)


def load_config(
    config_file: Path | None, assignments: Sequence[str], shorthands: Mapping[str, object]
) -> Config:
    """Return the configuration in force; ``shorthands`` are options that stand for a key.

    Raises:
        ConfigError: a setting has no meaning.
    """
    from lunheng.config import Config

    given = [f"{key}={value}" for key, value in shorthands.items() if value not in (None, "", ())]
    return Config.load(config_file, os.environ, [*assignments, *given])
