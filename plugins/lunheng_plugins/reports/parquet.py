"""Writes the tidy tables as Parquet files; needs the extra ``parquet``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lunheng.extras import require
from lunheng.hookspecs import hookimpl
from lunheng_plugins.reports.escaping import replace_surrogates
from lunheng_plugins.reports.tidy import TidyTable, Value, tidy_tables
from lunheng_plugins.reports.view import build_view

if TYPE_CHECKING:
    from lunheng.study import Study

TYPES = {bool: "bool", int: "int64", float: "float64", str: "string"}


@dataclass(frozen=True, slots=True)
class ParquetReport:
    """Writes ``parquet/*.parquet`` with the values as they are."""

    def write(self, study: Study, folder: Path, lang: str) -> Sequence[Path]:
        """Write one file a table and return their paths."""
        view = study.once(build_view, lang).view
        files = require("pyarrow.parquet", "parquet")
        target = folder / "parquet"
        target.mkdir(parents=True, exist_ok=True)
        paths = []
        for table in tidy_tables(view):
            path = target / f"{table.name}.parquet"
            files.write_table(arrow_table(table), path)
            paths.append(path)
        return paths


def arrow_table(table: TidyTable) -> Any:
    """Return the Arrow table; a column's type is the widest of its values', text if it has none."""
    arrow = require("pyarrow", "parquet")
    columns = [list(column) for column in zip(*table.rows, strict=True)]
    columns = columns or [[] for _ in table.columns]
    arrays = [arrow.array([_clean(v) for v in column], _type(column)) for column in columns]
    return arrow.table(arrays, names=list(table.columns))


def _clean(value: Value) -> Value:
    return replace_surrogates(value) if isinstance(value, str) else value


def _type(column: Sequence[Value]) -> str:
    """Return the name of the Arrow type that holds a column's values."""
    kinds = {type(value) for value in column if value is not None}
    if kinds == {int, float}:
        return "float64"
    return TYPES[kinds.pop()] if len(kinds) == 1 else "string"


@hookimpl
def lunheng_reports(settings: Any) -> ParquetReport:
    """Make the writer; it has no settings."""
    return ParquetReport()
