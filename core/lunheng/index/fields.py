"""Fields of documents in a segment: distinct values in order, and the number of each document's."""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import UsageError

Value: TypeAlias = str | int | float | bool
Key: TypeAlias = tuple[int, Value]

PREFIX = "field:"
CODES, OFFSETS, VALUES = ":codes", ":offsets", ":values"


def sort_key(field: str, value: object) -> Key:
    """Return what orders the values of a field: truth values, then numbers, then strings."""
    if isinstance(value, bool):
        return 0, value
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise UsageError(f"field {field!r}: expected a finite number, got {value}")
        return 1, value
    if isinstance(value, str):
        return 2, value
    raise UsageError(
        f"field {field!r}: expected str, int, float, bool or None, got {type(value).__name__}"
    )


def field_keys(fields: Mapping[str, object]) -> list[tuple[str, Key]]:
    """Return names and sort keys of the fields that have a value.

    Raises:
        lunheng.errors.UsageError: a value is of a type that no field can have.
    """
    return [(name, sort_key(name, value)) for name, value in fields.items() if value is not None]


class FieldsWriter:
    """Collect the fields of a segment's documents."""

    def __init__(self) -> None:
        self._documents = 0
        self._columns: dict[str, tuple[dict[Key, int], array[int]]] = {}

    def add(self, keys: Iterable[tuple[str, Key]]) -> None:
        """Take the fields of the next document, as :func:`field_keys` gives them."""
        for name, key in keys:
            if name not in self._columns:
                self._columns[name] = ({}, array("I"))
            values, codes = self._columns[name]
            codes.extend([0] * (self._documents - len(codes)))
            codes.append(values.setdefault(key, len(values) + 1))
        self._documents += 1

    def sections(self) -> dict[str, NDArray[Any]]:
        """Return the sections of all fields."""
        sections: dict[str, NDArray[Any]] = {}
        for name, (values, codes) in sorted(self._columns.items()):
            codes.extend([0] * (self._documents - len(codes)))
            ordered = sorted(values)
            rank = np.zeros(len(values) + 1, np.uint32)
            rank[[values[key] for key in ordered]] = np.arange(1, len(values) + 1)
            texts = [json.dumps(value).encode("ascii") for _, value in ordered]
            sections[PREFIX + name + CODES] = rank[np.frombuffer(codes, np.uint32)]
            sections[PREFIX + name + OFFSETS] = np.cumsum([0, *map(len, texts)], dtype=np.uint64)
            sections[PREFIX + name + VALUES] = np.frombuffer(b"".join(texts), np.uint8)
        return sections


class FieldReader:
    """Read one field of a segment; codes count its distinct values in order, from 1."""

    def __init__(
        self, codes: NDArray[np.uint32], offsets: NDArray[np.uint64], values: NDArray[np.uint8]
    ) -> None:
        self.codes = codes
        self._offsets = offsets
        self._values = values

    def __len__(self) -> int:
        """Return how many distinct values the field has."""
        return len(self._offsets) - 1

    def value(self, code: int) -> Value:
        """Return the value of a code."""
        start, end = self._offsets[code - 1 : code + 1]
        value: Value = json.loads(self._values[int(start) : int(end)].tobytes())
        return value

    def of(self, document: int) -> Value | None:
        """Return the value of a document, ``None`` if it has none."""
        code = int(self.codes[document])
        return self.value(code) if code else None
