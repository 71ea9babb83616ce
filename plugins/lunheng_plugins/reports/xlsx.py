"""Writes the tidy tables as one Excel workbook; needs the extra ``xlsx``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lunheng.extras import require
from lunheng.hookspecs import hookimpl
from lunheng_plugins.reports.escaping import plain
from lunheng_plugins.reports.tidy import TidyTable, tidy_tables
from lunheng_plugins.reports.view import build_view

if TYPE_CHECKING:
    from lunheng.study import Study

LONGEST_CELL = 32_767
MOST_ROWS = 1_048_575
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class XlsxReport:
    """Writes ``report.xlsx``: a sheet a table, text always as text."""

    def write(self, study: Study, folder: Path, lang: str) -> Sequence[Path]:
        """Write the workbook and return its path."""
        view = study.once(build_view, lang).view
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "report.xlsx"
        xlsxwriter = require("xlsxwriter", "xlsx")
        with xlsxwriter.Workbook(str(path), SAFE) as book:
            head = book.add_format({"bold": True, "bottom": 1})
            for table in tidy_tables(view):
                _fill(book.add_worksheet(table.name), table, head)
        return [path]


def _fill(sheet: Any, table: TidyTable, head: Any) -> None:
    """Write one table: a frozen head, a filter, widths by content."""
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, table.columns, head)
    rows = table.rows[:MOST_ROWS]
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, plain(value)[:LONGEST_CELL])
            elif value is not None:
                sheet.write(number, column, value)
    sheet.autofilter(0, 0, max(len(rows), 1), len(table.columns) - 1)
    for column, name in enumerate(table.columns):
        widest = max((len(str(row[column])) for row in rows[:200]), default=0)
        sheet.set_column(column, column, min(60, max(len(name) + 3, 1.6 * widest)))


@hookimpl
def lunheng_reports(settings: Any) -> XlsxReport:
    """Make the writer; it has no settings."""
    return XlsxReport()
