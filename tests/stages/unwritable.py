"""A report writer that fails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lunheng import hookimpl
from lunheng.study import Study


class Unwritable:
    """Runs into a full disk."""

    def write(self, study: Study, folder: Path, lang: str) -> Sequence[Path]:
        raise OSError(28, "No space left on device")


@hookimpl
def lunheng_reports(settings: None) -> Unwritable:
    return Unwritable()
