"""Analyse texts in this process: the whole pipeline, for programs that embed it.

``lunheng.batch`` does the same for files, in workers that a plugin may bring down.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lunheng.config import Config
from lunheng.documents import SourceText
from lunheng.errors import PluginError
from lunheng.pipeline import ANALYSIS_KINDS, Analysed, source_id, storable
from lunheng.plugins import discover
from lunheng.selection import select_stages


class Analyser:
    """Cleans texts and finds who says what in them, with the stages that a configuration chooses.

    Loading takes a moment; one analyser then serves any number of texts and threads. Pickled, it
    takes along only how to load the stages again.

    Args:
        config: what ``Config.load`` returns; nothing is read from files or environment otherwise.
        plugin_folders: folders with loose plugins.

    Raises:
        UsageError: a plugin that was chosen is not installed.
        ConfigError: a setting does not fit.
        PluginError: a plugin cannot be loaded.

    >>> analyser = Analyser()
    >>> found = analyser.analyse("我们支持开源，反对烧钱。", author="林若海").document
    >>> [(each.polarity, each.target) for each in found.stances]
    [('favor', '开源'), ('against', '烧钱')]
    """

    def __init__(
        self, config: Config | None = None, plugin_folders: tuple[str | Path, ...] = ()
    ) -> None:
        self._config = config or Config()
        self._plugin_folders = tuple(map(Path, plugin_folders))
        selection = select_stages(self._config, discover(self._plugin_folders), ANALYSIS_KINDS)
        if selection.failures:
            raise PluginError("; ".join(failure.message for failure in selection.failures))
        self._pipeline = selection.pipeline

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._config, self._plugin_folders)

    def analyse(
        self,
        text: str,
        *,
        title: str | None = None,
        author: str | None = None,
        date: str | None = None,
        meta: Mapping[str, object] | None = None,
    ) -> Analysed:
        """Analyse a text.

        Args:
            text: what is to be cleaned; all source offsets refer to it.
            title: the headline, if it is known.
            author: who holds the stances that nobody else is given for.
            date: when it was written (ISO 8601); dates such as "last year" are told by it.
            meta: anything else that is known, for plugins that look at it.

        Returns:
            the document with its records, and which stages failed on it.

        Raises:
            PluginError: a stage fails and ``LUNHENG_STRICT=1``.
        """
        identifier = source_id(storable(text).encode())
        source = SourceText(text, title=title, author=author, date=date, meta=meta or {})
        return self._pipeline.analyse(source, identifier)
