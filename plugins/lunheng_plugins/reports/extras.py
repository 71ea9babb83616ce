"""Imports what only some writers need, and says how to install it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lunheng.errors import UsageError


def require(module: str, extra: str) -> Any:
    """Import an optional module that the extra ``extra`` of this package installs.

    Raises:
        UsageError: it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise UsageError(
            f"the report writer {extra!r} needs the package {package}, which is not installed:"
            f" pip install 'lunheng[{extra}]'"
        ) from error
