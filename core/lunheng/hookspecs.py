"""Every hook a plugin may implement, and nothing else.

An entry point of the group ``lunheng.<kind>`` names a module (or object) that implements the
hook of that kind with ``@hookimpl``; the entry's name is the stage's name. The hook is called
once a run with the stage's settings and returns an object that fits the kind's Protocol.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from lunheng.protocols import (
        Cleaner,
        Engine,
        EntityExtractor,
        QuoteExtractor,
        Reader,
        ReportWriter,
        StanceTagger,
        TokenizerStage,
    )

PROJECT = "lunheng"
API_VERSION = 1
OLDEST_API_VERSION = 1  # a plugin written for this one still works

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def lunheng_settings() -> type[Any]:
    """Return the frozen dataclass of the plugin's settings; without this hook it has none."""
    raise NotImplementedError


@hookspec
def lunheng_requires(kind: str) -> Sequence[str]:
    """Return what must be there before the stage is called; without this hook it needs nothing.

    Names are fields of ``Document`` that stages fill (``tokens``, ``tags``, ``turns``,
    ``mentions``, ``quotes``; for a stance tagger also ``stances``), or a stage
    (``entities.rules``).
    """
    raise NotImplementedError


@hookspec
def lunheng_readers(settings: Any) -> Reader:
    """Make a reader of one file format."""
    raise NotImplementedError


@hookspec
def lunheng_cleaners(settings: Any) -> Cleaner:
    """Make a cleaner that repairs one kind of damage."""
    raise NotImplementedError


@hookspec
def lunheng_tokenizers(settings: Any) -> TokenizerStage:
    """Make a word segmenter."""
    raise NotImplementedError


@hookspec
def lunheng_entities(settings: Any) -> EntityExtractor:
    """Make an extractor of names, amounts and dates."""
    raise NotImplementedError


@hookspec
def lunheng_quotes(settings: Any) -> QuoteExtractor:
    """Make an extractor of turns and quotations."""
    raise NotImplementedError


@hookspec
def lunheng_stance(settings: Any) -> StanceTagger:
    """Make a stance tagger."""
    raise NotImplementedError


@hookspec
def lunheng_reports(settings: Any) -> ReportWriter:
    """Make a report writer."""
    raise NotImplementedError


@hookspec
def lunheng_engines(settings: Any) -> Engine:
    """Make an engine that runs the analysis."""
    raise NotImplementedError
