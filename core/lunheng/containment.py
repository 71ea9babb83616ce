"""Contain what a plugin does wrong, and say which plugin, which version and which line it was."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import walk_tb
from types import FrameType
from typing import TYPE_CHECKING

from lunheng.errors import ConfigError, LunhengError, PluginError

if TYPE_CHECKING:
    from lunheng.plugins import PluginEntry


def strict() -> bool:
    """Say whether failures of plugins are to stop everything (``LUNHENG_STRICT=1``)."""
    return os.environ.get("LUNHENG_STRICT") == "1"


def describe(error: BaseException) -> str:
    """Return an exception as one line for a message: its type, and what it says."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:500]}" if text else type(error).__name__


def explain(error: BaseException, entry: PluginEntry) -> str:
    """Return what a plugin raised as one line, with the line of the plugin's code it came from.

    An error of ours says by itself what was expected.
    """
    if isinstance(error, LunhengError):
        return str(error)
    place = _place(error, entry)
    return f"{describe(error)} ({place})" if place else describe(error)


@contextmanager
def contained(entry: PluginEntry, doing: str) -> Iterator[None]:
    """Turn whatever a plugin raises into a PluginError that names it; let Ctrl-C through.

    Raises:
        PluginError: the plugin raised; the exception is its cause.
    """
    try:
        yield
    except (KeyboardInterrupt, ConfigError):
        raise
    except BaseException as error:
        raise PluginError(f"{entry}: {doing}: {explain(error, entry)}") from error


def _place(error: BaseException, entry: PluginEntry) -> str:
    """Return the innermost line of the plugin's own code that an exception passed."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_short(error.filename)}:{error.lineno}"
    found = ""
    for frame, line in walk_tb(error.__traceback__):
        if _is_of(frame, entry):
            code = frame.f_code
            found = f"{_short(code.co_filename)}:{line} in {code.co_qualname}"
    return found


def _is_of(frame: FrameType, entry: PluginEntry) -> bool:
    """Say whether a frame runs code of the plugin's own package or file."""
    if entry.loose:
        return frame.f_code.co_filename == entry.module
    module = str(frame.f_globals.get("__name__", ""))
    return module.partition(".")[0] == entry.module.partition(":")[0].partition(".")[0]


def _short(file: str) -> str:
    """Return a file's path below the import path's folder it lies in, or as it is."""
    path = Path(file)
    roots = [Path(root) for root in sys.path if root and path.is_relative_to(root)]
    deepest = max(roots, key=lambda root: len(root.parts), default=None)
    return path.relative_to(deepest).as_posix() if deepest else file
