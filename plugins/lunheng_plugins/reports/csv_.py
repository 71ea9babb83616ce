"""Writes the view as tidy CSV tables that a spreadsheet opens and no formula hides in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lunheng.hookspecs import hookimpl
from lunheng_plugins.reports.escaping import cell
from lunheng_plugins.reports.tidy import TidyTable, tidy_tables
from lunheng_plugins.reports.view import build_view

if TYPE_CHECKING:
    from lunheng.study import Study


@dataclass(frozen=True, slots=True)
class CsvReport:
    """Writes ``csv/*.csv``, UTF-8 with a byte order mark, which spreadsheets need."""

    def write(self, study: Study, folder: Path, lang: str) -> Sequence[Path]:
        """Write one file a table and return their paths; column names are always English."""
        view = study.once(build_view, lang).view
        target = folder / "csv"
        target.mkdir(parents=True, exist_ok=True)
        return [write_table(table, target) for table in tidy_tables(view)]


def write_table(table: TidyTable, folder: Path) -> Path:
    """Write one table and return its path."""
    path = folder / f"{table.name}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.columns)
        writer.writerows(
            [cell(value) if isinstance(value, str) else value for value in row]
            for row in table.rows
        )
    return path


@hookimpl
def lunheng_reports(settings: Any) -> CsvReport:
    """Make the writer; it has no settings."""
    return CsvReport()
