"""The options by which commands that run stages are configured."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from lunheng.config import Config

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

ENCODING = "lunheng.encoding"


def _note_encoding(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    """Keep the encoding for ``load_config``, if there is such a one."""
    if value is None:
        return
    try:
        ctx.meta[ENCODING] = codecs.lookup(value).name
    except LookupError:
        raise click.BadParameter(
            f"expected an encoding such as utf-8, gb18030 or big5, found {value!r}"
        ) from None


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
        help="Set what lunheng.toml could; may be repeated. Such as stages.stance=my-stance,"
        " stages.cleaners=controls,punctuation or plugins.cues.threshold=0.4;"
        " `lunheng config show --help` tells more.",
    ),
    click.option(
        "--encoding",
        expose_value=False,
        callback=_note_encoding,
        help="Encoding of the text files; default: found out for each file.",
    ),
    click.option(
        "--plugin-dir",
        "plugin_folders",
        multiple=True,
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder with plugins as loose Python files; may be repeated.",
    ),
)


def config_options(command: Decorated) -> Decorated:
    """Add ``--config``, ``--set``, ``--encoding`` and ``--plugin-dir`` to a command."""
    return reduce(lambda inner, option: option(inner), reversed(_OPTIONS), command)


def load_config(
    config_file: Path | None, assignments: Sequence[str], shorthands: Mapping[str, object]
) -> Config:
    """Return the configuration in force; ``shorthands`` are options that stand for a key.

    Raises:
        ConfigError: a setting has no meaning.
    """
    from lunheng.config import Config

    context = click.get_current_context(silent=True)
    encoding = context.meta.get(ENCODING) if context else None
    shorthands = {**shorthands, "plugins.readers.*.encoding": encoding}
    given = [f"{key}={value}" for key, value in shorthands.items() if value not in (None, "", ())]
    return Config.load(config_file, os.environ, [*assignments, *given])
