"""Say which columns of a record are its text, title, author and date, and which are metadata."""

from __future__ import annotations

import datetime
import math
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from lunheng.errors import ReadError
from lunheng_plugins.readers.settings import ColumnSettings


class Facts(NamedTuple):
    """What a record says about itself, ready for a ``SourceText``."""

    title: str | None
    author: str | None
    date: str | None
    meta: dict[str, object]


def text_column(names: Collection[str], settings: ColumnSettings, place: str, reader: str) -> str:
    """Return the name of the column that holds the text.

    Raises:
        ReadError: there is none.
    """
    found = next((name for name in settings.text if name in names), None)
    if found is None:
        raise ReadError(
            f"{place}: expected the text in a column {', '.join(settings.text)}, found the columns"
            f" {', '.join(map(str, names))}; set plugins.readers.{reader}.text to the right one"
        )
    return found


def facts(values: Mapping[str, Any], text: str, settings: ColumnSettings) -> Facts:
    """Return what a record's columns say; ``text`` is the name of its text's column."""
    used = {text, *settings.title, *settings.author, *settings.date}
    kept = settings.meta or [name for name in values if name not in used]
    return Facts(
        _first(values, settings.title),
        _first(values, settings.author),
        _first(values, settings.date),
        {name: plain(values[name]) for name in kept if name in values},
    )


def _first(values: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """Return the first of the named columns that has a value, as text."""
    found = (plain(values[name]) for name in names if name in values)
    return next((str(value) for value in found if value not in (None, "")), None)


def plain(value: Any) -> object:
    """Return a value as JSON can hold it: times in ISO form, what JSON lacks as text or null.

    >>> plain(datetime.date(2024, 3, 5)), plain(float("nan")), plain((1, b"x"))
    ('2024-03-05', None, [1, None])
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return None if isinstance(value, bytes) else str(value)
