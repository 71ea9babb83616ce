"""Read Parquet: a record a row, chosen columns for text and metadata."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lunheng import hookimpl
from lunheng.documents import SourceText
from lunheng.errors import ReadError
from lunheng.extras import require
from lunheng_plugins.readers.columns import facts, text_column
from lunheng_plugins.readers.settings import ColumnSettings

ROWS = 256


@dataclass(frozen=True, slots=True)
class ParquetReader:
    """Reads a record a row; ``record`` is the row's number, from 1, its source the text itself."""

    settings: ColumnSettings
    suffixes: tuple[str, ...] = (".parquet",)
    signature: re.Pattern[bytes] = re.compile(b"PAR1")

    def read(self, data: bytes, path: str) -> Iterator[SourceText]:
        """Yield the rows; those without text are named after the last."""
        arrow = require("pyarrow", "parquet")
        parquet = require("pyarrow.parquet", "parquet")
        if not data.startswith(b"PAR1"):
            raise ReadError(f"{path}: expected a Parquet file, got something else")
        number, empty = 0, 0
        try:
            table = parquet.ParquetFile(io.BytesIO(data))
            column = text_column(table.schema_arrow.names, self.settings, path, "parquet")
            for batch in table.iter_batches(batch_size=ROWS):
                for row in batch.to_pylist():
                    number += 1
                    if not isinstance(row[column], str):
                        empty += 1
                        continue
                    said = facts(row, column, self.settings)
                    yield SourceText(
                        row[column],
                        record=str(number),
                        title=said.title,
                        author=said.author,
                        date=said.date,
                        meta=said.meta,
                    )
        except (arrow.ArrowException, OSError) as error:
            raise ReadError(f"{path}: expected a whole Parquet file, got damage: {error}") from None
        if empty:
            raise ReadError(f"{path}: expected a string in {column!r}, found none in {empty} rows")


@hookimpl
def lunheng_settings() -> type[ColumnSettings]:
    """Return which columns hold what."""
    return ColumnSettings


@hookimpl
def lunheng_readers(settings: ColumnSettings) -> ParquetReader:
    """Make the reader."""
    return ParquetReader(settings)
