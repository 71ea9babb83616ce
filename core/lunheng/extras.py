"""Import what only some users need, and say how to install it."""

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
            f"expected the package {package}, which {extra} needs, found it not installed:"
            f" pip install 'lunheng[{extra}]'"
        ) from error
