"""A report writer: tables of a study as tab-separated files."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lunheng import hookimpl
from lunheng.study import Study


@dataclass(frozen=True, slots=True)
class Settings:
    """What users may set in [plugins.tsv]."""

    tables: tuple[str, ...] = ("stances", "positions", "mentions", "quotes")


class TsvWriter:
    """Writes one file a table, with the byte order mark that spreadsheets want."""

    def __init__(self, tables: Sequence[str]) -> None:
        self.tables = tables

    def write(self, study: Study, folder: Path, lang: str) -> Sequence[Path]:
        """Write files below the folder and return their paths."""
        return [self._write_table(study, table, folder / f"{table}.tsv") for table in self.tables]

    def _write_table(self, study: Study, table: str, path: Path) -> Path:
        """Write one table, its columns as a heading; an empty table has none."""
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream, delimiter="\t")
            for number, row in enumerate(study.rows(table)):
                if number == 0:
                    writer.writerow(row)
                writer.writerow(map(_cell, row.values()))
        return path


def _cell(value: object) -> object:
    """Return a value as a cell can hold it."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value


@hookimpl
def lunheng_settings() -> type[Settings]:
    """Return the type of the settings."""
    return Settings


@hookimpl
def lunheng_reports(settings: Settings) -> TsvWriter:
    """Make the writer."""
    return TsvWriter(settings.tables)
