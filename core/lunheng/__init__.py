"""Lunheng 论衡: who stands where, on what, in which words.

Importing this package loads none of its parts; each public name loads its module on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lunheng.analyser import Analyser as Analyser
    from lunheng.hookspecs import hookimpl as hookimpl
    from lunheng.index import NgramIndex as NgramIndex
    from lunheng.text import OffsetMap as OffsetMap
    from lunheng.tokenize import TokenBatch as TokenBatch
    from lunheng.tokenize import Tokenizer as Tokenizer

__version__ = "0.1.0"

_HOMES = {
    "Analyser": "lunheng.analyser",
    "NgramIndex": "lunheng.index",
    "OffsetMap": "lunheng.text",
    "TokenBatch": "lunheng.tokenize",
    "Tokenizer": "lunheng.tokenize",
    "hookimpl": "lunheng.hookspecs",
}

__all__ = [
    "Analyser",
    "NgramIndex",
    "OffsetMap",
    "TokenBatch",
    "Tokenizer",
    "__version__",
    "hookimpl",
]


def __getattr__(name: str) -> object:
    """Load a public name's module when the name is first asked for."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'lunheng' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
