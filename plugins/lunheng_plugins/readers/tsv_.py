"""Read TSV, as the reader of delimited text does."""

from __future__ import annotations

from lunheng import hookimpl
from lunheng_plugins.readers.delimited import DelimitedReader, DelimitedSettings


@hookimpl
def lunheng_settings() -> type[DelimitedSettings]:
    """Return which columns hold what."""
    return DelimitedSettings


@hookimpl
def lunheng_readers(settings: DelimitedSettings) -> DelimitedReader:
    """Make the reader."""
    return DelimitedReader("tsv", settings, (".tsv", ".tab"), "\t")
